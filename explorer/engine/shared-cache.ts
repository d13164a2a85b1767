/**
 * A cache of what is known of tuples of ids, in memory that workers share: what one has worked out, the others need not.
 *
 * It is exact: a tuple stands there whole and is compared, and an entry that is written while it is read is not taken. It
 * is bounded: a tuple may push out another, of which nothing is known any more. A worker alone has no such cache.
 */

import { hashOfTuple } from './hash.ts';
import type { SharedPart } from './interning.ts';

/** Entries of a cache: a power of two. */
const ENTRIES = 1 << 18;
/** Words of an entry: its version, which is odd while somebody writes to it; its value; then the tuple. */
const VERSION = 0;
const VALUE = 1;
const TUPLE = 2;

export class SharedCache implements SharedPart {
  readonly #width: number;
  readonly #sync: () => void;
  #words: Int32Array | null = null;

  /**
   * For tuples of `width` ids.
   *
   * @param sync is called when a value has been found: if it stands for ids, who has set it has entered them, perhaps just
   * now, and this worker has still to take them over
   */
  constructor(width: number, sync: () => void) {
    this.#width = width;
    this.#sync = sync;
  }

  get bytes(): number {
    return ENTRIES * (TUPLE + this.#width) * Int32Array.BYTES_PER_ELEMENT;
  }

  share(memory: SharedArrayBuffer, begins: number): void {
    this.#words = new Int32Array(memory, begins, this.bytes / Int32Array.BYTES_PER_ELEMENT);
  }

  /** The value of a tuple, or 0. */
  get(tuple: Int32Array): number {
    const words = this.#words;
    if (words === null) return 0;
    const at = this.#place(tuple);
    const version = Atomics.load(words, at + VERSION);
    if (version % 2 !== 0) return 0;
    for (let index = 0; index < this.#width; index++) {
      if (Atomics.load(words, at + TUPLE + index) !== tuple[index]) return 0;
    }
    const value = Atomics.load(words, at + VALUE);
    if (Atomics.load(words, at + VERSION) !== version) return 0;
    this.#sync();
    return value;
  }

  /** Sets the value of a tuple, which is not 0; unless somebody writes there at this moment. */
  set(tuple: Int32Array, value: number): void {
    const words = this.#words;
    if (words === null) return;
    const at = this.#place(tuple);
    const version = Atomics.load(words, at + VERSION);
    const isFree = version % 2 === 0 && Atomics.compareExchange(words, at + VERSION, version, version + 1) === version;
    if (!isFree) return;
    Atomics.store(words, at + VALUE, value);
    for (let index = 0; index < this.#width; index++) {
      Atomics.store(words, at + TUPLE + index, tuple[index] as number);
    }
    Atomics.store(words, at + VERSION, (version + 2) | 0);
  }

  #place(tuple: Int32Array): number {
    return (hashOfTuple(tuple, 0, this.#width) & (ENTRIES - 1)) * (TUPLE + this.#width);
  }
}
