/** Interning for one worker alone: each distinct value gets a small integer, once; it is no part of a row. */

import { AFTER_PLACE } from './fingerprint.ts';

/** Values by their canonical text. Ids count from 1, so that 0 can mean none. */
export class Interner<T> {
  readonly #ids = new Map<string, number>();
  readonly #values: T[] = [];

  /** The id of the value with this text in this place; `make` gives the value when it is new. */
  intern(place: string, text: string, make: () => T): number {
    const name = `${place}${AFTER_PLACE}${text}`;
    const known = this.#ids.get(name);
    if (known !== undefined) return known;
    this.#values.push(make());
    const id = this.#values.length;
    this.#ids.set(name, id);
    return id;
  }

  value(id: number): T {
    const value = this.#values[id - 1];
    if (value === undefined) throw new RangeError(`nothing is interned as ${id}`);
    return value;
  }
}
