/**
 * A lasso: a way to a fair component, and a loop in it that is fair. The shortest fair loop is NP-hard to find, so loops are
 * grown from several states, each goal by a shortest way, and the shortest lasso of those is taken.
 */

import type { StateGraph } from '../graph/state-graph.ts';
import type { FairClasses } from './fair-classes.ts';
import { forEachPossible, mayStop } from './fair-components.ts';
import type { PendingRegion } from './pending-region.ts';

/** A fair component, its states in no particular order. */
export interface Component {
  readonly states: Int32Array;
  readonly label: number;
}

/** Transitions from an initial state: first the stem, then the loop; without a loop nothing happens any more. */
export interface Lasso {
  /** The initial state. */
  readonly from: number;
  readonly stem: readonly number[];
  readonly loop: readonly number[];
}

/** From how many states of how many components loops are grown. */
const COMPONENTS_TRIED = 12;
const STATES_TRIED = 8;

export function shortestLasso(
  graph: StateGraph,
  classes: FairClasses,
  region: PendingRegion,
  components: readonly Component[],
  labelOf: Int32Array,
): Lasso {
  const grower = new LoopGrower(graph, classes, region.visit, labelOf);
  const distanceOf = (state: number) => region.distance[state] as number;
  const nearest = (states: Int32Array) => states.toSorted((a, b) => distanceOf(a) - distanceOf(b) || a - b);
  const ordered = components
    .map(({ states, label }) => ({ label, states: nearest(states) }))
    .sort((a, b) => distanceOf(a.states[0] as number) - distanceOf(b.states[0] as number) || a.label - b.label);

  let best: { readonly at: number; readonly loop: readonly number[]; readonly length: number } | null = null;
  const consider = (at: number, loop: readonly number[]): void => {
    const length = distanceOf(at) + loop.length;
    if (best === null || length < best.length) best = { at, loop, length };
  };
  const isVisited = (state: number) => region.visit === null || region.visit[state] === 1;
  for (const { states } of ordered) {
    const stop = states.find((state) => isVisited(state) && mayStop(graph, classes, state));
    if (stop !== undefined) consider(stop, []);
  }
  for (const { states, label } of ordered.slice(0, COMPONENTS_TRIED)) {
    if (states.length === 1) continue;
    for (const state of states.subarray(0, STATES_TRIED)) consider(state, grower.loopFrom(state, label));
  }
  const { at, loop } = best ?? { at: -1, loop: [] };
  if (at < 0) throw new Error('there is no lasso without a fair component');
  return { ...stemTo(graph, region, at), loop };
}

function stemTo(graph: StateGraph, region: PendingRegion, state: number): { from: number; stem: number[] } {
  const within: number[] = [];
  let at = state;
  for (let by = region.by[at] as number; by >= 0; by = region.by[at] as number) {
    within.unshift(by);
    at = graph.sourceOf(by);
  }
  const { from, transitions } = graph.wayTo(at);
  return { from, stem: [...transitions, ...within] };
}

/** What a loop is still to do: each by reaching a state, or by a transition of a class. */
class Obligations {
  /** Weakly fair classes that were possible in every state so far and never happened. */
  readonly weak = new Set<number>();
  /** Strongly fair classes that were possible in some state and never happened. */
  readonly strong = new Set<number>();
  readonly happened = new Set<number>();
  visit: boolean;

  constructor(visit: boolean) {
    this.visit = visit;
  }

  get areMet(): boolean {
    return this.weak.size === 0 && this.strong.size === 0 && !this.visit;
  }
}

class LoopGrower {
  readonly #graph: StateGraph;
  readonly #classes: FairClasses;
  readonly #visit: Uint8Array | null;
  readonly #labelOf: Int32Array;
  /** By state: the transition by which the present search found it, and the number of that search. */
  readonly #by: Int32Array;
  readonly #search: Int32Array;
  #searches = 0;

  constructor(graph: StateGraph, classes: FairClasses, visit: Uint8Array | null, labelOf: Int32Array) {
    this.#graph = graph;
    this.#classes = classes;
    this.#visit = visit;
    this.#labelOf = labelOf;
    this.#by = new Int32Array(graph.size);
    this.#search = new Int32Array(graph.size);
  }

  /** A fair loop through a state of a fair component: its transitions. */
  loopFrom(start: number, label: number): number[] {
    const owed = new Obligations(this.#visit !== null);
    const loop: number[] = [];
    for (const fair of this.#possibleAt(start)) (this.#isStrong(fair) ? owed.strong : owed.weak).add(fair);
    this.#noteState(start, owed);
    let at = start;
    while (!owed.areMet) {
      const way = this.#nearest(at, label, (transition, target) => this.#meets(transition, target, owed));
      for (const transition of way) at = this.#take(transition, loop, owed);
      // Closing the loop early may already meet what is left, or bring new obligations: both are found out by closing it.
      if (owed.areMet && at !== start) {
        for (const transition of this.#nearest(at, label, (_, target) => target === start)) {
          at = this.#take(transition, loop, owed);
        }
      }
    }
    return loop;
  }

  #take(transition: number, loop: number[], owed: Obligations): number {
    const target = this.#graph.targets[transition] as number;
    loop.push(transition);
    for (const fair of this.#classesOf(transition)) {
      owed.happened.add(fair);
      owed.weak.delete(fair);
      owed.strong.delete(fair);
    }
    this.#noteState(target, owed);
    return target;
  }

  #noteState(state: number, owed: Obligations): void {
    const possible = this.#possibleAt(state);
    for (const fair of owed.weak) if (!possible.has(fair)) owed.weak.delete(fair);
    for (const fair of possible) if (this.#isStrong(fair) && !owed.happened.has(fair)) owed.strong.add(fair);
    if (this.#visit?.[state] === 1) owed.visit = false;
  }

  /** Whether a transition meets one of the obligations. */
  #meets(transition: number, target: number, { weak, strong, visit }: Obligations): boolean {
    if (visit && this.#visit?.[target] === 1) return true;
    if (this.#classesOf(transition).some((fair) => weak.has(fair) || strong.has(fair))) return true;
    if (weak.size === 0) return false;
    const possible = this.#possibleAt(target);
    return [...weak].some((fair) => !possible.has(fair));
  }

  /** A shortest way within a component whose last transition is a goal. Transitions that lead nowhere are not taken. */
  #nearest(start: number, label: number, isGoal: (transition: number, target: number) => boolean): number[] {
    const { offsets, targets } = this.#graph;
    const search = ++this.#searches;
    const queue = [start];
    this.#search[start] = search;
    this.#by[start] = -1;
    for (const state of queue) {
      for (let at = offsets[state] as number; at < (offsets[state + 1] as number); at++) {
        const target = targets[at] as number;
        if (target === state || this.#labelOf[target] !== label) continue;
        if (isGoal(at, target)) return [...this.#wayTo(state), at];
        if (this.#search[target] === search) continue;
        this.#search[target] = search;
        this.#by[target] = at;
        queue.push(target);
      }
    }
    throw new Error('a component that is not strongly connected, or not fair');
  }

  #wayTo(state: number): number[] {
    const way: number[] = [];
    for (let at = state, by = this.#by[at] as number; by >= 0; by = this.#by[at] as number) {
      way.unshift(by);
      at = this.#graph.sourceOf(by);
    }
    return way;
  }

  #possibleAt(state: number): Set<number> {
    const possible = new Set<number>();
    forEachPossible(this.#graph, this.#classes, state, (fair) => possible.add(fair));
    return possible;
  }

  #classesOf(transition: number): Int32Array {
    const { offsets, of } = this.#classes;
    const event = this.#graph.eventOf[transition] as number;
    return of.subarray(offsets[event], offsets[event + 1]);
  }

  #isStrong(fair: number): boolean {
    return this.#classes.isStrong[fair] === 1;
  }
}
