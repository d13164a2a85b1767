/** Configurations with names exchanged: what a renaming makes of global states, events and budgets. */

import { canonical } from '../../model/contract/data.ts';
import { UsageError } from '../../model/contract/errors.ts';
import type { LocalState } from '../../model/contract/step.ts';
import { memberText, type Renaming, renamed } from '../../model/contract/symmetry.ts';
import type { Instance, ProcessInstance } from '../../model/contract/system.ts';
import type { TraceEvent } from '../../model/contract/trace.ts';
import { type Counter, countersOf, type Spent } from './environment.ts';
import { type InFlight, inOrder, linkEnds, linkName } from './network.ts';
import type { GlobalState, ProcessState } from './processes.ts';
import type { SymmetryGroup } from './symmetry-group.ts';

export function nameUnder(renaming: Renaming, name: string): string {
  return renaming.get(name) ?? name;
}

/** A process between steps, or what a crash has left of it. Timers are names like others. */
export function renamedProcess(is: ProcessState, renaming: Renaming): ProcessState {
  return is.up
    ? { up: true, local: renamedLocal(is.local, renaming) }
    : { up: false, kept: renamed(is.kept, renaming) };
}

export function renamedLocal({ state, timers }: LocalState, renaming: Renaming): LocalState {
  return {
    state: renamed(state, renaming) as object,
    timers: timers.map((timer) => nameUnder(renaming, timer)).sort(),
  };
}

/** An event that happens to a process, or to a message on its way to it. */
export function renamedEvent<E extends Exclude<TraceEvent, { type: 'action' }>>(event: E, renaming: Renaming): E {
  // The kind of an event is no name; the rest of it are names, or may have some in it.
  const rest = Object.entries(event).map(([field, value]) => [
    field,
    field === 'type' ? value : renamed(value, renaming),
  ]);
  return Object.fromEntries(rest) as E;
}

/** What has been spent. */
export function renamedSpent(spent: Spent, counters: CounterNames, renaming: Renaming): Spent {
  return Object.fromEntries(
    Object.entries(spent).map(([counter, times]) => [counters.image(counter, renaming), times]),
  );
}

/** What becomes of a state of an instance. */
export function stateRenamer(instance: Instance): (state: unknown, renaming: Renaming) => unknown {
  if (instance.kind === 'transitions') return renamed;
  const counters = new CounterNames(instance);
  return (state, renaming) => renamedConfiguration(state as GlobalState, counters, renaming);
}

function renamedConfiguration(
  { processes, transit, spent, history }: GlobalState,
  counters: CounterNames,
  renaming: Renaming,
): GlobalState {
  const name = (id: string) => nameUnder(renaming, id);
  return {
    processes: Object.fromEntries(
      Object.entries(processes).map(([id, is]) => [name(id), renamedProcess(is, renaming)]),
    ),
    transit:
      transit.kind === 'fifo'
        ? {
            kind: 'fifo',
            links: Object.fromEntries(
              Object.entries(transit.links).map(([link, { queue, session }]) => [
                renamedLink(link, renaming),
                { queue: renamed(queue, renaming) as typeof queue, session },
              ]),
            ),
          }
        : { kind: transit.kind, messages: inOrder(transit.messages.map((sent) => renamedMessage(sent, renaming))) },
    spent: renamedSpent(spent, counters, renaming),
    history: renamed(history, renaming),
  };
}

export function renamedLink(link: string, renaming: Renaming): string {
  const [from, to] = linkEnds(link);
  return linkName(nameUnder(renaming, from), nameUnder(renaming, to));
}

function renamedMessage({ from, to, message }: InFlight, renaming: Renaming): InFlight {
  const name = (id: string) => nameUnder(renaming, id);
  return { from: name(from), to: name(to), message: renamed(message, renaming) as InFlight['message'] };
}

/** The counters of an environment by what they count, which names may be part of. */
export class CounterNames {
  readonly #counters: ReadonlyMap<string, Counter>;
  readonly #byContent: ReadonlyMap<string, Counter>;

  constructor({ environment }: ProcessInstance) {
    const counters = countersOf(environment);
    this.#counters = new Map(counters.map((counter) => [counter.name, counter]));
    this.#byContent = new Map(counters.map((counter) => [contentOf(counter, counter.names), counter]));
  }

  /** What a counter counts: the plain data in which names may occur. */
  namesIn(counter: string): unknown {
    return this.#counters.get(counter)?.names ?? [];
  }

  /** The counter that a counter becomes. */
  image(counter: string, renaming: Renaming): string {
    return this.#imageOf(counter, renaming)?.name ?? counter;
  }

  /** @throws UsageError when the environment treats names differently that are said to be interchangeable. */
  mustBeSymmetric(group: SymmetryGroup): void {
    for (const permutation of group.exchanges()) {
      const renaming = group.renamingOf(permutation);
      for (const { name, limit, text } of this.#counters.values()) {
        if (this.#imageOf(name, renaming)?.limit === limit) continue;
        const [a, b] = group.members.filter((_, member) => permutation[member] !== member).map(memberText);
        throw new UsageError(
          `${a} and ${b} are not interchangeable: the environment allows ${text}, but not the same with the two exchanged`,
        );
      }
    }
  }

  #imageOf(name: string, renaming: Renaming): Counter | undefined {
    const counter = this.#counters.get(name);
    return counter && this.#byContent.get(contentOf(counter, renamed(counter.names, renaming)));
  }
}

function contentOf({ event }: Counter, names: unknown): string {
  return `${event} ${canonical(names)}`;
}
