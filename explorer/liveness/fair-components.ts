/**
 * Where a fair run can stay for ever: strongly connected sets of states that are fair to every class when each state and
 * each transition within is visited again and again. A loop exists exactly where there is such a set.
 *
 * Weak fairness is a matter of a whole component: a class that is possible in all its states and never happens within it
 * rules out every loop in it. Strong fairness is not: where a class is possible in some state and never happens within, a
 * loop must avoid those states; they are taken out, and what is left is decomposed again (emptiness of Streett automata;
 * Emerson and Lei, Modalities for model checking, SCP 1987; Henzinger and Telle, SWAT 1996, without their data structures).
 */

import type { StateGraph } from '../graph/state-graph.ts';
import type { FairClasses } from './fair-classes.ts';
import { StrongComponents } from './strong-components.ts';

/** Sets of states that are to be decomposed; a stack. */
interface Pending {
  readonly states: Int32Array;
  readonly label: number;
}

export class FairComponents {
  /** By state: the label of the fair component that it is in, or of the last set in which it was decided about. */
  readonly labelOf: Int32Array;
  readonly #graph: StateGraph;
  readonly #classes: FairClasses;
  readonly #visit: Uint8Array | null;
  readonly #components: StrongComponents;
  #labels = 0;
  /** By class, for the component that is judged: a stamp, whether it happens within, and in how many states it is possible. */
  readonly #stamp: Int32Array;
  readonly #happens: Uint8Array;
  readonly #possibleIn: Int32Array;
  readonly #lastState: Int32Array;

  /** @param visit 1 for the states of which a fair component must have one; null: any will do. */
  constructor(graph: StateGraph, classes: FairClasses, visit: Uint8Array | null) {
    this.#graph = graph;
    this.#classes = classes;
    this.#visit = visit;
    this.labelOf = new Int32Array(graph.size);
    this.#components = new StrongComponents(graph);
    this.#stamp = new Int32Array(classes.count);
    this.#happens = new Uint8Array(classes.count);
    this.#possibleIn = new Int32Array(classes.count);
    this.#lastState = new Int32Array(classes.count);
  }

  /** The fair components of the subgraph of the given states, each with the label that its states carry. */
  of(states: Int32Array): { readonly states: Int32Array; readonly label: number }[] {
    const fair: { states: Int32Array; label: number }[] = [];
    const pending: Pending[] = [this.#pending(states)];
    for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
      this.#components.find(next.states, this.labelOf, next.label, (component) => {
        const label = ++this.#labels;
        for (const state of component) this.labelOf[state] = label;
        const left = this.#judge(component, label);
        if (left === 'fair') fair.push({ states: component.slice(), label });
        else if (left !== 'unfair') pending.push(this.#pending(left));
      });
    }
    return fair;
  }

  #pending(states: Int32Array): Pending {
    const label = ++this.#labels;
    for (const state of states) this.labelOf[state] = label;
    return { states, label };
  }

  /** Whether a run can stay in a component and be fair; or the states that are left when some must be avoided. */
  #judge(component: Int32Array, label: number): 'fair' | 'unfair' | Int32Array {
    const visit = this.#visit;
    if (visit !== null && !component.some((state) => visit[state] === 1)) return 'unfair';
    const [only] = component;
    if (component.length === 1 && only !== undefined)
      return mayStop(this.#graph, this.#classes, only) ? 'fair' : 'unfair';
    const met = this.#countWithin(component, label);
    const { isStrong } = this.#classes;
    const neglected = met.filter((of) => this.#happens[of] === 0);
    if (neglected.some((of) => isStrong[of] === 0 && this.#possibleIn[of] === component.length)) return 'unfair';
    const owed = new Set(neglected.filter((of) => isStrong[of] === 1));
    if (owed.size === 0) return 'fair';
    const left = component.filter((state) => !this.#isPossible(state, owed));
    return left.length === 0 ? 'unfair' : left;
  }

  /** Counts, for each class that is possible somewhere in a component, where; and notes whether it happens within. */
  #countWithin(component: Int32Array, label: number): number[] {
    const { offsets: classOffsets, of } = this.#classes;
    const { offsets, targets, eventOf, cuts } = this.#graph;
    const met: number[] = [];
    const possible = (event: number, state: number, within: boolean): void => {
      for (let at = classOffsets[event] as number; at < (classOffsets[event + 1] as number); at++) {
        const fair = of[at] as number;
        if (this.#stamp[fair] !== label) {
          this.#stamp[fair] = label;
          this.#happens[fair] = 0;
          this.#possibleIn[fair] = 0;
          this.#lastState[fair] = -1;
          met.push(fair);
        }
        if (within) this.#happens[fair] = 1;
        if (this.#lastState[fair] === state) continue;
        this.#lastState[fair] = state;
        (this.#possibleIn[fair] as number)++;
      }
    };
    for (const state of component) {
      for (let at = offsets[state] as number; at < (offsets[state + 1] as number); at++) {
        const target = targets[at] as number;
        if (target !== state) possible(eventOf[at] as number, state, this.labelOf[target] === label);
      }
      if (cuts.offsets.length === 0) continue;
      for (let at = cuts.offsets[state] as number; at < (cuts.offsets[state + 1] as number); at++)
        possible(cuts.events[at] as number, state, false);
    }
    return met;
  }

  #isPossible(state: number, classes: ReadonlySet<number>): boolean {
    let is = false;
    forEachPossible(this.#graph, this.#classes, state, (fair) => {
      is ||= classes.has(fair);
    });
    return is;
  }
}

/** Whether a run may do nothing for ever in a state: nothing is possible there that is owed anything. */
export function mayStop({ offsets, targets, eventOf, cuts }: StateGraph, classes: FairClasses, state: number): boolean {
  const isOwed = (event: number) => (classes.offsets[event] as number) < (classes.offsets[event + 1] as number);
  for (let at = offsets[state] as number; at < (offsets[state + 1] as number); at++)
    if (targets[at] !== state && isOwed(eventOf[at] as number)) return false;
  if (cuts.offsets.length === 0) return true;
  for (let at = cuts.offsets[state] as number; at < (cuts.offsets[state + 1] as number); at++)
    if (isOwed(cuts.events[at] as number)) return false;
  return true;
}

/** Calls `visit` for each class of each event that is possible in a state; for some more than once. */
export function forEachPossible(
  { offsets, targets, eventOf, cuts }: StateGraph,
  classes: FairClasses,
  state: number,
  visit: (fair: number) => void,
): void {
  const all = (event: number): void => {
    for (let at = classes.offsets[event] as number; at < (classes.offsets[event + 1] as number); at++)
      visit(classes.of[at] as number);
  };
  for (let at = offsets[state] as number; at < (offsets[state + 1] as number); at++)
    if (targets[at] !== state) all(eventOf[at] as number);
  if (cuts.offsets.length === 0) return;
  for (let at = cuts.offsets[state] as number; at < (cuts.offsets[state + 1] as number); at++)
    all(cuts.events[at] as number);
}
