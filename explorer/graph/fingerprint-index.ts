/** Finds the number of a state by its fingerprint: one open-addressing table of 12-byte entries. */

/** Words of an entry: the fingerprint's two, and the number of the state and one more (0: the entry is free). */
const LO = 0;
const HI = 1;
const NUMBER = 2;
const STRIDE = 3;

/** The table grows when more than this share of it is taken. */
const FULLEST = 0.7;

export class FingerprintIndex {
  size = 0;
  #entries: Int32Array;
  #mask: number;

  constructor(capacity = 1 << 12) {
    this.#entries = new Int32Array(capacity * STRIDE);
    this.#mask = capacity - 1;
  }

  /** The bytes that are allocated when the table grows next, if that may be soon; 0 otherwise. */
  get bytesToGrow(): number {
    const nearlyFull = this.size > (this.#mask + 1) * FULLEST * 0.95;
    return nearlyFull ? this.#entries.byteLength * 2 : 0;
  }

  /** The number of the state with this fingerprint; a new one gets the next number, which is the size before. */
  numberOf(lo: number, hi: number): number {
    const entries = this.#entries;
    const mask = this.#mask;
    for (let at = lo & mask; ; at = (at + 1) & mask) {
      const entry = at * STRIDE;
      const number = entries[entry + NUMBER] as number;
      if (number === 0) return this.#add(entry, lo, hi);
      if (entries[entry + LO] === lo && entries[entry + HI] === hi) return number - 1;
    }
  }

  #add(entry: number, lo: number, hi: number): number {
    this.#entries[entry + LO] = lo;
    this.#entries[entry + HI] = hi;
    this.#entries[entry + NUMBER] = ++this.size;
    if (this.size > (this.#mask + 1) * FULLEST) this.#grow();
    return this.size - 1;
  }

  #grow(): void {
    const old = this.#entries;
    const entries = new Int32Array(old.length * 2);
    const mask = this.#mask * 2 + 1;
    for (let from = 0; from < old.length; from += STRIDE) {
      if (old[from + NUMBER] === 0) continue;
      let at = (old[from + LO] as number) & mask;
      while (entries[at * STRIDE + NUMBER] !== 0) at = (at + 1) & mask;
      entries.set(old.subarray(from, from + STRIDE), at * STRIDE);
    }
    this.#entries = entries;
    this.#mask = mask;
  }
}
