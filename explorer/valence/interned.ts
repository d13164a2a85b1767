/** Values by small ids, each once: ids are given in the order of first use, from 0. */

export class Interned<T> {
  readonly #ids = new Map<string, number>();
  readonly #values: T[] = [];

  get size(): number {
    return this.#values.length;
  }

  /** The id of what has this text; `make` is called the first time. */
  intern(text: string, make: () => T): number {
    const known = this.#ids.get(text);
    if (known !== undefined) return known;
    const value = make();
    const id = this.#values.length;
    this.#ids.set(text, id);
    this.#values.push(value);
    return id;
  }

  /** The value of an id that {@link intern} has given. */
  value(id: number): T {
    return this.#values[id] as T;
  }

  all(): readonly T[] {
    return this.#values;
  }
}
