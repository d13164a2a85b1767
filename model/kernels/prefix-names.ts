/**
 * Names of sequences: two have the same name exactly when they are equal. A sequence is named by the name of what is before its
 * last item and that item, so that a sequence that has grown by one costs one look-up, however long it is.
 */

/** The name of the empty sequence. */
export const EMPTY = 0;

export class PrefixNames {
  readonly #names = new Map<string, number>();

  /** The name of a sequence: of the one that has this name, and one more item. Equal items have equal texts. */
  of(prefix: number, item: string): number {
    const key = `${prefix} ${item}`;
    const name = this.#names.get(key) ?? this.#names.size + 1;
    this.#names.set(key, name);
    return name;
  }
}
