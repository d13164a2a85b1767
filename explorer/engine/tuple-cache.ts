/**
 * A cache of what is known of tuples of ids. It is exact: a tuple stands there whole and is compared. It is bounded: a tuple
 * may push out another, of which nothing is known any more. It grows as long as that happens often.
 */

import { hashOfTuple } from './hash.ts';

/** Entries at first, and words at most: 16 MiB of them. */
const FIRST = 1 << 10;
const MOST_WORDS = 1 << 22;
/** It grows, by this factor, when so large a share of its entries has been pushed out since it did last. */
const FACTOR = 4;
const PUSHED_OUT = 1 / 4;

export class TupleCache {
  readonly #width: number;
  /** Words of an entry: the tuple, and its value. */
  readonly #stride: number;
  #words: Int32Array;
  #mask = FIRST - 1;
  #pushedOut = 0;

  /** For tuples of `width` positive integers. */
  constructor(width: number) {
    this.#width = width;
    this.#stride = width + 1;
    this.#words = new Int32Array(FIRST * this.#stride);
  }

  /** The value of a tuple, or 0. */
  get(tuple: Int32Array): number {
    const words = this.#words;
    const width = this.#width;
    const at = (hashOfTuple(tuple, 0, width) & this.#mask) * this.#stride;
    for (let index = 0; index < width; index++) if (words[at + index] !== tuple[index]) return 0;
    return words[at + width] as number;
  }

  /** Sets the value of a tuple, which is not 0. */
  set(tuple: Int32Array, value: number): void {
    if (this.#put(tuple, 0, value) && ++this.#pushedOut > (this.#mask + 1) * PUSHED_OUT) this.#grow();
  }

  /** Forgets all. */
  clear(): void {
    this.#words.fill(0);
  }

  /** Puts in the tuple that begins at `from`; whether it has pushed out another. */
  #put(tuples: Int32Array, from: number, value: number): boolean {
    const words = this.#words;
    const width = this.#width;
    const at = (hashOfTuple(tuples, from, width) & this.#mask) * this.#stride;
    const isTaken = words[at + width] !== 0;
    let isSame = true;
    for (let index = 0; index < width; index++) {
      if (words[at + index] === tuples[from + index]) continue;
      isSame = false;
      words[at + index] = tuples[from + index] as number;
    }
    words[at + width] = value;
    return isTaken && !isSame;
  }

  #grow(): void {
    this.#pushedOut = 0;
    const entries = (this.#mask + 1) * FACTOR;
    if (entries * this.#stride > MOST_WORDS) return;
    const old = this.#words;
    this.#mask = entries - 1;
    this.#words = new Int32Array(entries * this.#stride);
    for (let at = 0; at < old.length; at += this.#stride) {
      const value = old[at + this.#width] as number;
      if (value !== 0) this.#put(old, at, value);
    }
  }
}
