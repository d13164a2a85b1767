/**
 * Names of sequences: two have the same name exactly when they are equal. A sequence is named by the name of what is before its
 * last item and that item, so that a sequence that has grown by one costs one look-up, however long it is.
 */

/** The name of the empty sequence. */
export const EMPTY = 0;

export class PrefixNames {
  /** Of each sequence, by name: the item that followed it first, and what that made of it. Few are followed by others. */
  readonly #items: string[] = [];
  readonly #longer: number[] = [];
  /** What other items made of it. */
  readonly #others = new Map<string, number>();
  #last = EMPTY;

  /** The name of a sequence: of the one that has this name, and one more item. Equal items have equal texts. */
  of(prefix: number, item: string): number {
    if (this.#items[prefix] === undefined) {
      this.#items[prefix] = item;
      this.#longer[prefix] = this.#new();
    }
    if (this.#items[prefix] === item) return this.#longer[prefix] ?? EMPTY;
    const key = `${prefix} ${item}`;
    const name = this.#others.get(key) ?? this.#new();
    this.#others.set(key, name);
    return name;
  }

  #new(): number {
    this.#last += 1;
    return this.#last;
  }
}
