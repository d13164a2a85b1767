/** Numbers distinct tuples of integers, from 0, in the order in which they come. */

import { IntList } from './growable.ts';
import { hashOfTuple } from './hash.ts';

export class TupleTable {
  readonly #width: number;
  readonly #tuples = new IntList(1 << 10);
  /** Open addressing: the number of a tuple, and one more, so that 0 is free. */
  #slots = new Int32Array(1 << 8);

  constructor(width: number) {
    this.#width = width;
  }

  get size(): number {
    return this.#tuples.length / this.#width;
  }

  intern(tuple: Int32Array): number {
    const slots = this.#slots;
    const mask = slots.length - 1;
    for (let at = hashOfTuple(tuple, 0, this.#width) & mask; ; at = (at + 1) & mask) {
      const taken = slots[at] as number;
      if (taken === 0) return this.#add(tuple, at);
      if (this.#isAt(taken - 1, tuple)) return taken - 1;
    }
  }

  tuple(number: number): Int32Array {
    const begins = number * this.#width;
    return this.#tuples.items.subarray(begins, begins + this.#width);
  }

  #add(tuple: Int32Array, at: number): number {
    const number = this.size;
    this.#tuples.reserve(this.#width);
    this.#tuples.items.set(tuple, this.#tuples.length);
    this.#tuples.length += this.#width;
    this.#slots[at] = number + 1;
    if (this.size * 2 > this.#slots.length) this.#grow();
    return number;
  }

  #isAt(number: number, tuple: Int32Array): boolean {
    const { items } = this.#tuples;
    const begins = number * this.#width;
    for (let index = 0; index < this.#width; index++) if (items[begins + index] !== tuple[index]) return false;
    return true;
  }

  #grow(): void {
    const slots = new Int32Array(this.#slots.length * 2);
    const mask = slots.length - 1;
    for (let number = 0; number < this.size; number++) {
      let at = hashOfTuple(this.#tuples.items, number * this.#width, this.#width) & mask;
      while (slots[at] !== 0) at = (at + 1) & mask;
      slots[at] = number + 1;
    }
    this.#slots = slots;
  }
}
