/** What is checked of the service over Omni-Paxos: clients are served in one order, each operation once. */

import { type ClientOrder, clientOrder, complete, invoke } from '../../spec/client-order.ts';
import { sameResult } from '../../spec/journal.ts';
import { linearizable } from '../../spec/linearizability.ts';
import {
  always,
  choice,
  equal,
  type HistoryVariable,
  integer,
  type ObservedStep,
  type Snapshot,
  sometimes,
  system,
} from '../contract/index.ts';
import { type StateMachine, sampleOperations, stateMachines } from '../kernels/state-machine.ts';
import { decidedSequence, type History as LogHistory, sequenceHistory } from '../sequence-paxos/history.ts';
import { type View as LogView, safety, viewOf } from '../sequence-paxos/properties.ts';
import { monitors } from './monitors.ts';
import {
  commandOf,
  omniPaxosService,
  partsOf,
  type Response,
  type Rules,
  type State,
  soundRules,
} from './omni-paxos-service.ts';

interface Clients {
  /** Each client's operation, and its result once there is one. */
  readonly clients: ClientOrder<unknown, unknown>;
  /** Each result that a client has been given: more than one if they differ. */
  readonly results: Readonly<Record<string, readonly unknown[]>>;
}

type History = LogHistory & Clients;

interface View extends LogView {
  readonly machine: unknown;
}

type Seen = Snapshot<View, History>;

/** What is new in a step for the clients. */
interface News {
  readonly asked: { readonly client: string; readonly op: unknown } | null;
  readonly answered: readonly { readonly client: string; readonly result: unknown }[];
}

function serviceHistory(nodes: number): HistoryVariable<State, History> {
  const log = sequenceHistory(nodes, ({ stack }: State) => stack.paxos);
  return {
    initial: { ...log.initial, clients: {}, results: {} },
    observe(step) {
      const observed = { log: log.observe(step), news: newsOf(step) };
      return observed.log === null && observed.news === null ? null : observed;
    },
    next: ({ array, decided, clients, results }, { log: logged, news }: { log: never | null; news: News | null }) => ({
      ...(logged === null ? { array, decided } : log.next({ array, decided }, logged)),
      ...(news === null ? { clients, results } : withNews({ clients, results }, news)),
    }),
  };
}

function newsOf({ event, effects }: ObservedStep<State>): News | null {
  const asked = event.type === 'request' ? { client: event.client, op: event.request.op } : null;
  const answered = effects.flatMap((effect) => {
    if (effect.type !== 'respond') return [];
    const response = effect.response as Response;
    return response.type === 'executed' ? [{ client: effect.client, result: response.result }] : [];
  });
  return asked === null && answered.length === 0 ? null : { asked, answered };
}

function withNews({ clients: known, results: given }: Clients, { asked, answered }: News): Clients {
  let [clients, results] = [known, given];
  // A client that asks again is still in its one operation.
  if (asked !== null && clients[asked.client] === undefined) clients = invoke(clients, asked.client, asked.op);
  for (const { client, result } of answered) {
    if (clients[client]?.inFlight) clients = complete(clients, client, result);
    const others = results[client] ?? [];
    if (!others.some((other) => equal(other, result))) results = { ...results, [client]: [...others, result] };
  }
  return { clients, results };
}

/** The state to which a sequence of commands leads when the first of each client's operation counts. */
function machineAfter(commands: readonly string[], { specification }: StateMachine): unknown {
  return [...new Set(commands)].reduce(
    (state, command) => specification.apply(state, partsOf(command).op).state,
    specification.initial,
  );
}

export const omniPaxosServiceSystem = system({
  name: 'omni-paxos-service',
  summary: 'A replicated state machine over Omni-Paxos: clients served exactly once, in one order',
  parameters: {
    nodes: integer({ default: 3, min: 3, max: 5, help: 'processes' }),
    candidates: integer({
      default: 1,
      min: 1,
      max: 5,
      help: 'how many processes, the last ones, end heartbeat rounds',
    }),
    rounds: integer({ default: 1, min: 1, max: 5, help: 'how many heartbeat rounds each of them ends' }),
    commands: integer({ default: 2, min: 1, max: 9, help: 'operations, each of a client of its own' }),
    retries: integer({ default: 0, min: 0, max: 3, help: 'how often each client may ask again' }),
    linkCuts: integer({
      default: 0,
      min: 0,
      max: 3,
      help: 'how many sessions are lost; each may be followed by another',
    }),
    crashes: integer({ default: 0, min: 0, max: 3, help: 'how many crashes; each may be followed by a recovery' }),
    machine: choice({
      default: 'journal',
      options: ['journal', 'key-value'],
      help: 'the state machine that is replicated',
    }),
  },
  rules: soundRules,
  mutants: {
    'no-session': {
      help: 'An operation is executed as often as it is decided.',
      rules: { isNew: () => true },
      breaks: 'exactly once',
      parameters: { commands: 1, retries: 1 },
    },
    'forgets-decided': {
      help: 'A process that recovers begins with an empty state machine, and executes only what is decided from then on.',
      rules: { executesAgain: false },
      breaks: 'what is decided is executed, once',
      parameters: { commands: 1, crashes: 1 },
    },
  },

  build({ nodes, candidates, rounds, commands, retries, linkCuts, crashes, machine }, rules: Rules) {
    const ids = Array.from({ length: nodes }, (_, index) => `n${index + 1}`);
    const electing = ids.slice(-candidates);
    const given = sampleOperations[machine]
      .slice(0, commands)
      .map((op, at) => ({ client: `c${at + 1}`, op, to: electing[at % electing.length] ?? 'n1' }));
    return {
      processes: ids.map((id) => ({ id, protocol: omniPaxosService(rules, stateMachines[machine]) })),
      network: 'fifo',
      environment: {
        requests: given.flatMap(({ client, op, to }) =>
          Array.from({ length: 1 + retries }, () => ({ to, client, request: { type: 'execute', seq: 1, op } })),
        ),
        timeouts: { heartbeat: Object.fromEntries(electing.map((id) => [id, rounds])) },
        linkCuts,
        crashes,
        recoveries: crashes,
      },
      timers: { heartbeat: [100, 100] },
      view: ({ stack, machine: state }: State): View => ({ ...viewOf(stack.paxos), machine: state }),
      history: serviceHistory(nodes),
      monitors: monitors(nodes, stateMachines[machine]),
      properties: [
        // A client that asks again may have its operation decided again.
        ...safety(
          nodes,
          given.map(({ client, op }) => commandOf(client, 1, op)),
        ).filter(({ name }) => retries === 0 || name !== 'SC1 validity'),
        always('what is decided is executed, once', ({ views }: Seen) => {
          const wrong = Object.entries(views).find(
            ([, view]) => !equal(view.machine, machineAfter(decidedSequence(view), stateMachines[machine])),
          );
          return wrong === undefined ? true : `${wrong[0]} has another state than what it has decided leads to`;
        }),
        always('exactly once', ({ history }: Seen) => sameResult(history.results), { ofWorkload: true }),
        always(
          'linearizable',
          ({ history }: Seen) => linearizable(stateMachines[machine].specification, clientOrder(history.clients)),
          { ofWorkload: true },
        ),
        sometimes(
          'every client has its result',
          ({ history }: Seen) => Object.keys(history.results).length === commands,
        ),
        sometimes('every process has executed everything', ({ views }: Seen) => {
          const all = Object.values(views);
          return all.length === nodes && all.every(({ decided }) => decided >= commands);
        }),
      ],
    };
  },
});
