/** The properties of the service over Omni-Paxos for runs of any length: those of its log, and of what is executed of it. */

import { equal, type Monitor, type ObservedStep, type ProcessId, type Verdict } from '../contract/index.ts';
import { entryAt } from '../kernels/log.ts';
import type { StateMachine } from '../kernels/state-machine.ts';
import { sequenceMonitors } from '../sequence-paxos/monitors.ts';
import { partsOf, type State } from './omni-paxos-service.ts';

/** What a process has executed, by what it has decided. */
interface Execution {
  readonly state: unknown;
  /** Of each client, the number of its latest operation. */
  readonly latest: Map<string, number>;
  readonly decided: number;
}

/** What is decided is executed, once: an operation counts when it is newer than all of its client's that were decided before. */
function execution({ specification }: StateMachine) {
  const executions = new Map<ProcessId, Execution>();
  return ({ process, event, before, after }: ObservedStep<State>): Verdict => {
    const isNew = before === null || event.type === 'recover';
    if (!isNew && before.stack.paxos === after.stack.paxos && before.machine === after.machine) return true;
    const known = isNew ? undefined : executions.get(process);
    let { state, latest, decided } = known ?? { state: specification.initial, latest: new Map(), decided: 0 };
    const { paxos } = after.stack;
    for (; decided < paxos.decided; decided++) {
      const { client, number, op } = partsOf(entryAt(paxos.log, decided + 1) ?? '');
      if (number <= (latest.get(client) ?? 0)) continue;
      latest.set(client, number);
      state = specification.apply(state, op).state;
    }
    executions.set(process, { state, latest, decided });
    if (before?.machine === after.machine && known?.state === state) return true;
    return equal(after.machine, state) || `${process} has another state than what it has decided leads to`;
  };
}

export function monitors(nodes: number, machine: StateMachine): Monitor<State>[] {
  return [
    ...sequenceMonitors(nodes, ({ stack }: State) => stack.paxos),
    { property: 'what is decided is executed, once', begin: () => execution(machine) },
  ];
}
