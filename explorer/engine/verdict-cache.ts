import { hashOfTuple } from './hash.ts';

/**
 * A cache of the tuples of which properties need not be asked again. It is exact: the whole tuple is stored and compared. It
 * is bounded: a tuple may push out another, of which they are then asked again when it returns.
 */
export class VerdictCache {
  readonly #width: number;
  readonly #mask: number;
  readonly #tuples: Int32Array;

  /** For tuples of `width` positive integers; `capacity` is a power of two. */
  constructor(width: number, capacity: number) {
    this.#width = width;
    this.#mask = capacity - 1;
    this.#tuples = new Int32Array(capacity * width);
  }

  has(tuple: Int32Array): boolean {
    const at = this.#place(tuple);
    for (let index = 0; index < this.#width; index++) if (this.#tuples[at + index] !== tuple[index]) return false;
    return true;
  }

  add(tuple: Int32Array): void {
    const at = this.#place(tuple);
    for (let index = 0; index < this.#width; index++) this.#tuples[at + index] = tuple[index] as number;
  }

  #place(tuple: Int32Array): number {
    return (hashOfTuple(tuple, 0, this.#width) & this.#mask) * this.#width;
  }
}
