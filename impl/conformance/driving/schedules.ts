/**
 * Schedules that take every distinct local transition of an instance. Each begins at the initial state and goes, again and
 * again, the shortest way to a local transition that was not taken yet, until none can be reached any more: to begin anew
 * costs a start of all nodes.
 */

import type { GlobalState } from '../../../explorer/semantics/processes.ts';
import type { Successor } from '../../../explorer/semantics/semantics.ts';
import type { LocalTransitions } from './local-transitions.ts';

/** A run of the model: transitions of its graph, from the initial state. */
export type Schedule = readonly number[];

export function coveringSchedules(transitions: LocalTransitions): Schedule[] {
  const walker = new Walker(transitions);
  const schedules: Schedule[] = [];
  while (walker.left > 0) schedules.push(walker.walk());
  return schedules;
}

/** The states and events of a schedule, worked out step by step. */
export function* stepsOf(
  { graph, initial, take }: LocalTransitions,
  schedule: Schedule,
): Generator<Successor<GlobalState>> {
  let state = graph.configuration(initial) as GlobalState;
  for (const transition of schedule) {
    const taken = take(state, transition);
    yield taken;
    state = taken.state;
  }
}

class Walker {
  /** How many local transitions were not taken yet. */
  left: number;
  readonly #isTaken: Uint8Array;
  /** By global state: the search in which it was seen last, and the transition by which. */
  readonly #seenIn: Int32Array;
  readonly #seenBy: Int32Array;
  #search = 0;

  constructor(private readonly transitions: LocalTransitions) {
    this.left = transitions.known;
    this.#isTaken = new Uint8Array(transitions.known);
    this.#seenIn = new Int32Array(transitions.graph.size);
    this.#seenBy = new Int32Array(transitions.graph.size);
  }

  walk(): Schedule {
    const { graph, initial } = this.transitions;
    const schedule: number[] = [];
    for (let at = initial; this.left > 0; ) {
      const way = this.#wayToNext(at);
      const last = way.at(-1);
      if (last === undefined) break;
      for (const transition of way) this.#take(transition);
      schedule.push(...way);
      at = graph.targets[last] ?? initial;
    }
    return schedule;
  }

  #take(transition: number): void {
    const local = this.transitions.of[transition] ?? -1;
    if (local === -1 || this.#isTaken[local] === 1) return;
    this.#isTaken[local] = 1;
    this.left -= 1;
  }

  /** A shortest way to a transition that was not taken, that one included; empty when none can be reached. */
  #wayToNext(from: number): number[] {
    const { graph, of } = this.transitions;
    this.#search += 1;
    this.#seenIn[from] = this.#search;
    const queue = [from];
    for (const state of queue) {
      for (let transition = graph.offsets[state] ?? 0; transition < (graph.offsets[state + 1] ?? 0); transition++) {
        const local = of[transition] ?? -1;
        if (local !== -1 && this.#isTaken[local] === 0) return [...this.#wayTo(state, from), transition];
        const target = graph.targets[transition] ?? 0;
        if (this.#seenIn[target] === this.#search) continue;
        this.#seenIn[target] = this.#search;
        this.#seenBy[target] = transition;
        queue.push(target);
      }
    }
    return [];
  }

  #wayTo(state: number, from: number): number[] {
    const way: number[] = [];
    for (let at = state; at !== from; at = this.transitions.graph.sourceOf(this.#seenBy[at] ?? 0)) {
      way.push(this.#seenBy[at] ?? 0);
    }
    return way.reverse();
  }
}
