/** Reads canonical texts back: JSON, and `#[...]` for a Set and `#{key:value,...}` for a Map. */

import { freeze } from './draft.ts';

/** A scalar: a string, or anything else up to the next delimiter. */
const SCALAR = /"(?:[^"\\]|\\.)*"|[^,:\]}]+/y;
const DELIMITERS = ',:]}';
const ZERO = 48;
const MOST_DIGITS = 9;

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
    return this.#plainString() ?? this.#smallNumber() ?? this.#anyScalar();
  }

  /** A string without escapes; undefined if there is something else. */
  #plainString(): string | undefined {
    const begins = this.#at + 1;
    if (this.#text[this.#at] !== '"') return undefined;
    const end = this.#text.indexOf('"', begins);
    const string = this.#text.slice(begins, end);
    if (end < 0 || string.includes('\\')) return undefined;
    this.#at = end + 1;
    return string;
  }

  /** A number of a few digits; undefined if there is something else. */
  #smallNumber(): number | undefined {
    let number = 0;
    let at = this.#at;
    for (; at < this.#text.length && at < this.#at + MOST_DIGITS; at++) {
      const digit = this.#text.charCodeAt(at) - ZERO;
      if (digit < 0 || digit > 9) break;
      number = number * 10 + digit;
    }
    if (at === this.#at || !(at === this.#text.length || DELIMITERS.includes(this.#text[at] as string)))
      return undefined;
    this.#at = at;
    return number;
  }

  #anyScalar(): unknown {
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
