import { hashOfPair } from './hash.ts';

/** A hash table from pairs of positive integers to non-zero integers: the memo of a function of two ids. */
export class PairTable {
  #slots: Int32Array;
  #mask: number;
  #size = 0;

  constructor(capacity = 1 << 10) {
    this.#slots = new Int32Array(capacity * STRIDE);
    this.#mask = capacity - 1;
  }

  /** The value of the pair, or 0. */
  get(a: number, b: number): number {
    const slots = this.#slots;
    for (let at = hashOfPair(a, b) & this.#mask; ; at = (at + 1) & this.#mask) {
      const slot = at * STRIDE;
      const value = slots[slot + 2] as number;
      if (value === 0 || (slots[slot] === a && slots[slot + 1] === b)) return value;
    }
  }

  set(a: number, b: number, value: number): void {
    if (this.#size * 2 >= this.#mask) this.#grow();
    this.#put(a, b, value);
    this.#size++;
  }

  /** Every pair with its value, in the order of the table. */
  *entries(): Generator<readonly [a: number, b: number, value: number]> {
    const slots = this.#slots;
    for (let slot = 0; slot < slots.length; slot += STRIDE) {
      const value = slots[slot + 2] as number;
      if (value !== 0) yield [slots[slot] as number, slots[slot + 1] as number, value];
    }
  }

  #put(a: number, b: number, value: number): void {
    const slots = this.#slots;
    let at = hashOfPair(a, b) & this.#mask;
    while (slots[at * STRIDE + 2] !== 0) at = (at + 1) & this.#mask;
    slots[at * STRIDE] = a;
    slots[at * STRIDE + 1] = b;
    slots[at * STRIDE + 2] = value;
  }

  #grow(): void {
    const old = this.#slots;
    this.#slots = new Int32Array(old.length * 2);
    this.#mask = this.#mask * 2 + 1;
    for (let slot = 0; slot < old.length; slot += STRIDE) {
      if (old[slot + 2] !== 0) this.#put(old[slot] as number, old[slot + 1] as number, old[slot + 2] as number);
    }
  }
}

const STRIDE = 3;
