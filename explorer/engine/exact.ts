/**
 * The exact mode: states are told apart by their whole rows, not by fingerprints, so that no state can be missed because
 * two have one fingerprint. Every row is kept.
 */

import { ROW_HEADER, ROW_HI, ROW_LENGTH, ROW_LO } from './expander.ts';
import type { RowWriter } from './rows.ts';
import type { Sink, VisitedSet } from './visited-set.ts';

/** Lets an expander write the row of every state that it offers, and keeps those of new ones. */
export class ExactSink implements Sink {
  readonly #rows = new RowSet();
  readonly #visited: VisitedSet;
  readonly #writer: RowWriter;
  /** The parent of the state that was offered last, if its row has not been looked at. */
  #parentLo = 0;
  #isPending = false;

  /** @param visited gets the fingerprints all the same: runs are rebuilt along them. */
  constructor(visited: VisitedSet, writer: RowWriter) {
    this.#visited = visited;
    this.#writer = writer;
  }

  /** How many distinct states there are. */
  get size(): number {
    return this.#rows.size;
  }

  offer(_lo: number, _hi: number, parentLo: number, _event: number): boolean {
    this.settle();
    this.#parentLo = parentLo;
    this.#isPending = true;
    return true;
  }

  /** Looks at the row that was written last: one that is known is taken back. To be called when an expansion ends. */
  settle(): void {
    if (!this.#isPending) return;
    this.#isPending = false;
    const { buffer, at } = this.#writer;
    this.#visited.offer(buffer[at + ROW_LO] as number, buffer[at + ROW_HI] as number, this.#parentLo, 0);
    if (!this.#rows.add(buffer, at)) this.#writer.takeBack();
  }
}

/** Integers of a block of rows. */
const BLOCK = 1 << 20;
/** The table of rows grows when more than this share of it is taken. */
const FULLEST = 0.7;

/** A set of rows, compared from their headers to their ends. */
class RowSet {
  size = 0;
  readonly #blocks: Int32Array[] = [];
  /** Where the next row begins, counted over all blocks. */
  #end = 0;
  /** Open addressing by the fingerprint's low word: where a row begins, and one more; 0 is free. */
  #table = new Float64Array(1 << 12);

  /** Adds the row that begins at `at`, unless there is one like it. */
  add(buffer: Int32Array, at: number): boolean {
    const mask = this.#table.length - 1;
    let slot = (buffer[at + ROW_LO] as number) & mask;
    for (let begins = this.#table[slot]; begins !== 0; begins = this.#table[slot]) {
      if (this.#isAt((begins as number) - 1, buffer, at)) return false;
      slot = (slot + 1) & mask;
    }
    this.#table[slot] = this.#append(buffer, at) + 1;
    this.size++;
    if (this.size > this.#table.length * FULLEST) this.#grow();
    return true;
  }

  #isAt(begins: number, buffer: Int32Array, at: number): boolean {
    const block = this.#blocks[Math.floor(begins / BLOCK)] as Int32Array;
    const from = begins % BLOCK;
    const length = buffer[at + ROW_LENGTH] as number;
    if (block[from + ROW_LENGTH] !== length) return false;
    for (let index = ROW_HEADER; index < length; index++) {
      if (block[from + index] !== buffer[at + index]) return false;
    }
    return true;
  }

  /** A row does not span two blocks. */
  #append(buffer: Int32Array, at: number): number {
    const length = buffer[at + ROW_LENGTH] as number;
    if ((this.#end % BLOCK) + length > BLOCK || this.#blocks.length === 0) {
      this.#end = this.#blocks.length * BLOCK;
      this.#blocks.push(new Int32Array(BLOCK));
    }
    const begins = this.#end;
    (this.#blocks.at(-1) as Int32Array).set(buffer.subarray(at, at + length), begins % BLOCK);
    this.#end += length;
    return begins;
  }

  #grow(): void {
    const old = this.#table;
    this.#table = new Float64Array(old.length * 2);
    const mask = this.#table.length - 1;
    for (const entry of old) {
      if (entry === 0) continue;
      const begins = entry - 1;
      const block = this.#blocks[Math.floor(begins / BLOCK)] as Int32Array;
      let slot = (block[(begins % BLOCK) + ROW_LO] as number) & mask;
      while (this.#table[slot] !== 0) slot = (slot + 1) & mask;
      this.#table[slot] = entry;
    }
  }
}
