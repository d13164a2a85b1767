/** The memo of a function of two ids that workers share: what one has worked out, the others need not. */

import type { SharedTable } from './interning.ts';
import { PairTable } from './pair-table.ts';

export class SharedMemo implements SharedTable {
  readonly #known = new PairTable();
  readonly #enter: (entry: string) => void;
  readonly #sync: () => void;
  #size = 0;
  /** The entry that was looked at last, and its numbers. */
  #entry = '';
  #numbers: readonly [a: number, b: number, value: number] = [0, 0, 0];

  /**
   * @param enter enters a pair and its value into this table, by way of the log if there is one
   * @param sync takes over what others have entered
   */
  constructor(enter: (entry: string) => void, sync: () => void) {
    this.#enter = enter;
    this.#sync = sync;
  }

  get size(): number {
    return this.#size;
  }

  /** The value of a pair of ids as far as this worker knows, or 0. */
  get(a: number, b: number): number {
    return this.#known.get(a, b);
  }

  /** The value of a pair, which `compute` gives if no worker has it yet: positive, or 0 for none. */
  find(a: number, b: number, compute: () => number): number {
    this.#sync();
    const known = this.#known.get(a, b);
    if (known !== 0) return known;
    const value = compute();
    if (value === 0) return 0;
    this.#entry = `${a} ${b} ${value}`;
    this.#numbers = [a, b, value];
    this.#enter(this.#entry);
    return value;
  }

  *entries(): Generator<string> {
    for (const entry of this.#known.entries()) yield entry.join(' ');
  }

  has(entry: string): boolean {
    const [a, b] = this.#numbersOf(entry);
    return this.#known.get(a, b) !== 0;
  }

  adopt(entry: string): void {
    this.#known.set(...this.#numbersOf(entry));
    this.#size++;
  }

  announceNext(): boolean {
    return false;
  }

  /** An entry is asked for several times in a row. */
  #numbersOf(entry: string): readonly [a: number, b: number, value: number] {
    if (entry === this.#entry) return this.#numbers;
    const [a = 0, b = 0, value = 0] = entry.split(' ').map(Number);
    this.#entry = entry;
    this.#numbers = [a, b, value];
    return this.#numbers;
  }
}
