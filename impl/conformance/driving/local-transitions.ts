/**
 * Schedules that take every distinct local transition of an instance: every process, in every state that it can be in,
 * through every event that can then happen to it.
 *
 * All global states are visited breadth-first, by the reference semantics; a schedule is a shortest path to one of the
 * deepest transitions that no schedule takes yet, and goes on for as long as it meets another one.
 */

import type { GlobalState } from '../../../explorer/semantics/processes.ts';
import { processSemantics } from '../../../explorer/semantics/processes.ts';
import type { Successor } from '../../../explorer/semantics/semantics.ts';
import { canonical } from '../../../model/contract/data.ts';
import { UsageError } from '../../../model/contract/errors.ts';
import type { ProcessInstance } from '../../../model/contract/system.ts';
import type { TraceEvent } from '../../../model/contract/trace.ts';

/** A run of the model from its initial state. */
export interface Schedule {
  readonly initial: GlobalState;
  readonly steps: readonly Successor<GlobalState>[];
}

export interface Covering {
  /** Distinct local transitions of the instance. */
  readonly known: number;
  readonly states: number;
  readonly schedules: readonly Schedule[];
  /** The name of a step's local transition; null for one of the network's own. */
  transitionOf(before: GlobalState, event: TraceEvent): string | null;
}

interface Met {
  readonly state: GlobalState;
  readonly key: string;
  /** Null for the initial state. */
  readonly from: { readonly met: Met; readonly step: Successor<GlobalState> } | null;
}

/** More global states than this are too many to be visited by plain means. */
export const MOST_STATES = 500_000;

/** @throws UsageError when the instance has more global states than can be visited by plain means. */
export function coveringSchedules(instance: ProcessInstance, most = MOST_STATES): Covering {
  const semantics = processSemantics(instance);
  const transitionOf = transitionNames();
  const states = new Map<string, Met>();
  const queue: Met[] = [];
  /** Where each transition was first met: in order of depth. */
  const uncovered = new Map<string, { readonly met: Met; readonly step: Successor<GlobalState> }>();
  const meet = (state: GlobalState, from: Met['from']): void => {
    const key = semantics.key(state);
    if (states.has(key)) return;
    if (states.size === most) throw new UsageError(`the instance has more than ${most} states: choose smaller bounds`);
    const met = { state, key, from };
    states.set(key, met);
    queue.push(met);
  };
  const within = (state: GlobalState) => semantics.successors(state).filter(({ beyond }) => beyond === null);

  const [initial] = semantics.initial();
  if (initial === undefined || initial.beyond !== null) throw new UsageError('the initial state is beyond a bound');
  meet(initial.state, null);
  for (let at = 0; at < queue.length; at++) {
    const met = queue[at];
    if (met === undefined) break;
    for (const step of within(met.state)) {
      const name = transitionOf(met.state, step.event);
      if (name !== null && !uncovered.has(name)) uncovered.set(name, { met, step });
      meet(step.state, { met, step });
    }
  }

  const known = uncovered.size;
  const schedules: Schedule[] = [];
  for (const { met, step } of [...uncovered.values()].reverse()) {
    if (!uncovered.has(transitionOf(met.state, step.event) ?? '')) continue;
    const steps = [...pathTo(met), step];
    let state = initial.state;
    const cover = (taken: Successor<GlobalState>): void => {
      uncovered.delete(transitionOf(state, taken.event) ?? '');
      state = taken.state;
    };
    for (const taken of steps) cover(taken);
    for (;;) {
      const more = within(state).find(({ event }) => uncovered.has(transitionOf(state, event) ?? ''));
      if (more === undefined) break;
      steps.push(more);
      cover(more);
    }
    schedules.push({ initial: initial.state, steps });
  }
  return { known, states: states.size, schedules, transitionOf };
}

function pathTo(met: Met): Successor<GlobalState>[] {
  const path: Successor<GlobalState>[] = [];
  for (let { from } = met; from !== null; { from } = from.met) path.push(from.step);
  return path.reverse();
}

/** Names local transitions by process, state and event. A state's text is made once. */
function transitionNames(): Covering['transitionOf'] {
  const texts = new WeakMap<object, string>();
  const textOf = (process: object): string => {
    const known = texts.get(process);
    if (known !== undefined) return known;
    const text = canonical(process);
    texts.set(process, text);
    return text;
  };
  return ({ processes }, event) => {
    switch (event.type) {
      case 'lose':
      case 'duplicate':
      case 'cut':
      case 'connect':
      case 'action':
        return null;
      default:
        return `${canonical(event)} ${textOf(processes[event.process] ?? {})}`;
    }
  };
}
