/**
 * A cache of what properties say of tuples of views. It is exact: the whole tuple is stored and compared. It is bounded: a
 * tuple may push out another, which is then judged again when it returns.
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

  /** Whether the tuple was the last one in its place; if not, it is now. */
  meet(tuple: Int32Array): boolean {
    const width = this.#width;
    const tuples = this.#tuples;
    const at = this.#place(tuple);
    let same = true;
    for (let index = 0; index < width; index++) {
      if (tuples[at + index] === tuple[index]) continue;
      same = false;
      tuples[at + index] = tuple[index] as number;
    }
    return same;
  }

  /** Whether the tuple was the last one in its place. */
  has(tuple: Int32Array): boolean {
    const at = this.#place(tuple);
    for (let index = 0; index < this.#width; index++) if (this.#tuples[at + index] !== tuple[index]) return false;
    return true;
  }

  /** The tuple is to be judged again when it is met next. */
  forget(tuple: Int32Array): void {
    this.#tuples[this.#place(tuple)] = 0;
  }

  #place(tuple: Int32Array): number {
    let hash = 0;
    for (let index = 0; index < this.#width; index++) {
      hash = Math.imul(hash ^ (tuple[index] as number), 0x9e3779b1) ^ (hash >>> 13);
    }
    return ((hash ^ (hash >>> 16)) & this.#mask) * this.#width;
  }
}
