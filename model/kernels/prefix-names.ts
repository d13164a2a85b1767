/**
 * Names of sequences: two have the same name exactly when they are equal. A sequence is named by the name of what is before its
 * last item and that item, so that a sequence that has grown by one costs one look-up, however long it is.
 */

/** The name of the empty sequence. */
export const EMPTY = 0;

export class PrefixNames<Item> {
  /** Of each sequence, by name: what items have followed it, nearly always one, and what each made of it. */
  readonly #longer: { readonly item: Item; readonly name: number }[][] = [];
  #last = EMPTY;

  constructor(private readonly areEqual: (a: Item, b: Item) => boolean = Object.is) {}

  /** The name of a sequence: of the one that has this name, and one more item. */
  of(prefix: number, item: Item): number {
    const longer = this.#longer[prefix] ?? [];
    const known = longer.find((other) => this.areEqual(other.item, item));
    if (known !== undefined) return known.name;
    this.#last += 1;
    longer.push({ item, name: this.#last });
    this.#longer[prefix] = longer;
    return this.#last;
  }
}
