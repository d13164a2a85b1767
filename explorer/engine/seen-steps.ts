/**
 * Steps by what is seen of them: what is seen of the state before, and what the step shows. Many steps look alike; the
 * history after them is the same, and properties of steps need be asked of one of them only.
 *
 * Two caches: what they have pushed out is worked out again when it returns. Workers have a third one together, where one
 * finds what another has settled.
 */

import type { Interning } from './interning.ts';
import type { SharedCache } from './shared-cache.ts';
import { TupleCache } from './tuple-cache.ts';

/** Numbers of tuples are not used again, until there are no more. */
const LAST_NUMBER = 2 ** 31 - 1;

export class SeenSteps {
  readonly #width: number;
  /** By what is seen of a state, the number that it was given. */
  readonly #numbers: TupleCache;
  /** By the number of what is seen of the state before, and what the step shows: the history after it. */
  readonly #histories = new TupleCache(2);
  /** The same for all workers, by ids. */
  readonly #told: SharedCache;
  #lastNumber = 0;
  /** What {@link #histories} and {@link #told} know the step by that is being looked at. */
  readonly #step = new Int32Array(2);
  readonly #ids: Int32Array;

  /** For what is seen of a state, as tuples of `width` positive integers. */
  constructor(width: number, interning: Interning) {
    this.#width = width;
    this.#numbers = new TupleCache(width);
    this.#told = interning.cache(width + 2);
    this.#ids = new Int32Array(width + 2);
  }

  /** From now on it is about steps out of states with this tuple. */
  enter(tuple: Int32Array): void {
    let number = this.#numbers.get(tuple);
    if (number === 0) {
      number = this.#newNumber();
      this.#numbers.set(tuple, number);
    }
    this.#step[0] = number;
    this.#ids.set(tuple);
  }

  /** The history after a step that shows this; 0 when that is not known, or there is still something to be asked. */
  after(shown: number): number {
    this.#step[1] = shown;
    return this.#histories.get(this.#step);
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
    this.#step[1] = shown;
    this.#histories.set(this.#step, history);
  }

  #idsOf(view: number, observation: number): Int32Array {
    this.#ids[this.#width] = view;
    this.#ids[this.#width + 1] = observation;
    return this.#ids;
  }

  #newNumber(): number {
    if (this.#lastNumber === LAST_NUMBER) {
      this.#numbers.clear();
      this.#histories.clear();
      this.#lastNumber = 0;
    }
    return ++this.#lastNumber;
  }
}
