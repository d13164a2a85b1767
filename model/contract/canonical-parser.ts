/** Reads canonical texts back: JSON, and `#[...]` for a Set and `#{key:value,...}` for a Map. */

import { freeze } from './draft.ts';

/** A scalar: a string, or anything else up to the next delimiter. */
const SCALAR = /"(?:[^"\\]|\\.)*"|[^,:\]}]+/y;

export class CanonicalParser {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  get atEnd(): boolean {
    return this.#at === this.#text.length;
  }

  /** The value that begins here, frozen. */
  value(): unknown {
    const unordered = this.#take('#');
    if (this.#take('[')) {
      const items = this.#list(']', () => this.value());
      return freeze(unordered ? new Set(items) : items);
    }
    if (this.#take('{')) {
      const entries = this.#list('}', () => this.#entry());
      return freeze(unordered ? new Map(entries) : Object.fromEntries(entries as [string, unknown][]));
    }
    return this.#scalar();
  }

  #entry(): [key: unknown, item: unknown] {
    const key = this.value();
    this.#expect(':');
    return [key, this.value()];
  }

  #list<T>(end: string, item: () => T): T[] {
    const items: T[] = [];
    if (this.#take(end)) return items;
    for (;;) {
      items.push(item());
      if (this.#take(end)) return items;
      this.#expect(',');
    }
  }

  #scalar(): unknown {
    SCALAR.lastIndex = this.#at;
    const [scalar] = SCALAR.exec(this.#text) ?? [''];
    this.#at += scalar.length;
    return JSON.parse(scalar);
  }

  #take(character: string): boolean {
    if (this.#text[this.#at] !== character) return false;
    this.#at++;
    return true;
  }

  #expect(character: string): void {
    if (!this.#take(character)) throw new SyntaxError(`'${character}' expected at ${this.#at} of a canonical text`);
  }
}
