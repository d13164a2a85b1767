/** Interning: each distinct value gets a small integer, once; everything later is done with the integer. */

import { partKey } from './fingerprint.ts';
import { IntList } from './growable.ts';

/** Values by their canonical text. Ids count from 1, so that 0 can mean none. */
export class Interner<T> {
  readonly #ids = new Map<string, number>();
  readonly #values: T[] = [];
  /** The words of each value's fingerprint key, by id. */
  readonly lo = new IntList();
  readonly hi = new IntList();

  constructor() {
    this.lo.push(0);
    this.hi.push(0);
  }

  /** The id of the value with this text in this place; `make` gives the value when it is new. */
  intern(place: string, text: string, make: () => T): number {
    const name = `${place}\0${text}`;
    const known = this.#ids.get(name);
    if (known !== undefined) return known;
    this.#values.push(make());
    const id = this.#values.length;
    this.#ids.set(name, id);
    const [lo, hi] = partKey(place, text);
    this.lo.push(lo);
    this.hi.push(hi);
    return id;
  }

  value(id: number): T {
    const value = this.#values[id - 1];
    if (value === undefined) throw new RangeError(`nothing is interned as ${id}`);
    return value;
  }
}
