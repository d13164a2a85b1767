/** Writes a state graph as it is found: state by state in order, each with its transitions, one after the other. */

import { IntList } from '../engine/growable.ts';
import type { Cuts, GraphArrays, GraphEvent } from './state-graph.ts';

export class GraphWriter {
  readonly #initial: number[] = [];
  readonly #offsets = new IntList();
  readonly #targets = new IntList();
  readonly #eventOf = new IntList();
  readonly #foundBy = new IntList();
  readonly #seenOf = new IntList();
  readonly #cutOffsets = new IntList();
  readonly #cutEvents = new IntList();
  readonly #cutBy: Record<string, number> = {};
  #initialIsCut = false;

  /** How many states have been found. */
  get states(): number {
    return this.#foundBy.length;
  }

  /** How many states are being expanded or have been. */
  get begun(): number {
    return this.#offsets.length;
  }

  get transitions(): number {
    return this.#targets.length;
  }

  /** An upper bound of the bytes that the lists take when the fullest of them has to grow. */
  get bytesToGrow(): number {
    const nearlyFull = (list: IntList) => list.length > list.items.length * NEARLY;
    const lists = [this.#offsets, this.#targets, this.#eventOf, this.#foundBy, this.#seenOf, this.#cutOffsets];
    return lists.reduce((bytes, list) => bytes + (nearlyFull(list) ? list.items.byteLength * 2 : 0), 0);
  }

  /** An initial state: its number, or null for one beyond a bound. */
  addInitial(state: number | null): void {
    this.#initial.push(state ?? -1);
    if (state === null) this.#initialIsCut = true;
  }

  /** The next state, found by the transition that is written next, or an initial one. */
  addState(isInitial: boolean): void {
    this.#foundBy.push(isInitial ? -1 : this.#targets.length);
  }

  /** From now on, transitions are those of the next state; `look` is the number of what is seen of it. */
  begin(look: number): void {
    this.#offsets.push(this.#targets.length);
    this.#cutOffsets.push(this.#cutEvents.length);
    this.#seenOf.push(look);
  }

  addTransition(target: number, event: number): void {
    this.#targets.push(target);
    this.#eventOf.push(event);
  }

  /** A transition that leads beyond a bound. */
  addCut(bound: string, event: number): void {
    this.#cutBy[bound] = (this.#cutBy[bound] ?? 0) + 1;
    this.#cutEvents.push(event);
  }

  /** An initial state is beyond a bound. */
  addInitialCut(bound: string): void {
    this.#cutBy[bound] = (this.#cutBy[bound] ?? 0) + 1;
    this.addInitial(null);
  }

  finish(events: readonly GraphEvent[]): GraphArrays {
    this.#offsets.push(this.#targets.length);
    this.#cutOffsets.push(this.#cutEvents.length);
    const nothingCut = this.#cutEvents.length === 0;
    const cuts: Cuts = {
      offsets: nothingCut ? new Int32Array(0) : taken(this.#cutOffsets),
      events: taken(this.#cutEvents),
      by: this.#cutBy,
      initial: this.#initialIsCut,
    };
    return {
      initial: this.#initial,
      offsets: taken(this.#offsets),
      targets: taken(this.#targets),
      eventOf: taken(this.#eventOf),
      events,
      cuts,
      foundBy: taken(this.#foundBy),
      seenOf: taken(this.#seenOf),
    };
  }
}

/** The share of a list at which it counts as nearly full. */
const NEARLY = 0.95;

function taken(list: IntList): Int32Array {
  return list.items.subarray(0, list.length);
}
