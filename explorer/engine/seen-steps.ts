/**
 * Steps by what is seen of them: what is seen of the state before, and what the step shows. Many steps look alike; the
 * history after them is the same, and properties of steps need be asked of one of them only.
 *
 * Two caches, exact and bounded: what they know stands there whole and is compared, and may push out something else, which
 * is then worked out again when it returns. Workers have a third one together, where one finds what another has settled.
 */

import { hashOfPair, hashOfTuple } from './hash.ts';
import type { Interning } from './interning.ts';
import type { SharedCache } from './shared-cache.ts';

/** Tuples, and steps, that are remembered. */
const TUPLES = 1 << 15;
const STEPS = 1 << 17;
/** Words of a step: the number of the tuple, what it shows, and the history after it. */
const STEP = 3;
/** Numbers of tuples are not used again, until there are no more. */
const LAST_NUMBER = 2 ** 31 - 1;

export class SeenSteps {
  readonly #width: number;
  /** The ids of each tuple, and the number that it was given. */
  readonly #tuples: Int32Array;
  readonly #steps = new Int32Array(STEPS * STEP);
  #lastNumber = 0;
  /** The number of what is seen of the state that the steps go out of. */
  #before = 0;
  /** By what is seen of the state before, and what the step shows: the history after it. */
  readonly #told: SharedCache;
  /** Of a step: these ids. */
  readonly #ids: Int32Array;

  /** For what is seen of a state, as tuples of `width` positive integers. */
  constructor(width: number, interning: Interning) {
    this.#width = width;
    this.#tuples = new Int32Array(TUPLES * (width + 1));
    this.#told = interning.cache(width + 2);
    this.#ids = new Int32Array(width + 2);
  }

  /** From now on it is about steps out of states with this tuple. */
  enter(tuple: Int32Array): void {
    const width = this.#width;
    this.#ids.set(tuple);
    const tuples = this.#tuples;
    const at = (hashOfTuple(tuple, 0, width) & (TUPLES - 1)) * (width + 1);
    let isKnown = true;
    for (let index = 0; index < width; index++) {
      if (tuples[at + index] === tuple[index]) continue;
      isKnown = false;
      tuples[at + index] = tuple[index] as number;
    }
    if (!isKnown) tuples[at + width] = this.#newNumber();
    this.#before = tuples[at + width] as number;
  }

  /** The history after a step that shows this; 0 when that is not known, or there is still something to be asked. */
  after(shown: number): number {
    const steps = this.#steps;
    const at = this.#place(shown);
    return steps[at] === this.#before && steps[at + 1] === shown ? (steps[at + 2] as number) : 0;
  }

  /** The same, if other workers know it. @param view and `observation`: what the step shows */
  toldAfter(shown: number, view: number, observation: number): number {
    const history = this.#told.get(this.#idsOf(view, observation));
    if (history !== 0) this.#remember(shown, history);
    return history;
  }

  /** There is nothing more to be asked of steps that show this. */
  settle(shown: number, view: number, observation: number, history: number): void {
    this.#remember(shown, history);
    this.#told.set(this.#idsOf(view, observation), history);
  }

  #remember(shown: number, history: number): void {
    const at = this.#place(shown);
    this.#steps[at] = this.#before;
    this.#steps[at + 1] = shown;
    this.#steps[at + 2] = history;
  }

  #idsOf(view: number, observation: number): Int32Array {
    this.#ids[this.#width] = view;
    this.#ids[this.#width + 1] = observation;
    return this.#ids;
  }

  #place(shown: number): number {
    return (hashOfPair(this.#before, shown) & (STEPS - 1)) * STEP;
  }

  #newNumber(): number {
    if (this.#lastNumber === LAST_NUMBER) {
      this.#tuples.fill(0);
      this.#steps.fill(0);
      this.#lastNumber = 0;
    }
    return ++this.#lastNumber;
  }
}
