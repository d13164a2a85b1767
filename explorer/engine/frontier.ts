/** The rows of one level in memory of one's own: for the small searches that rebuild a run. */

import { type BufferSource, RowWriter } from './rows.ts';

/** Integers in a buffer. */
const BUFFER = 1 << 14;

/** A queue of rows: written through the writer, read with {@link drain}. */
export class Frontier extends RowWriter {
  readonly #full: { buffer: Int32Array; end: number }[];

  constructor() {
    const full: { buffer: Int32Array; end: number }[] = [];
    const source: BufferSource = {
      exchange(buffer, end, length) {
        if (end > 0) full.push({ buffer, end });
        return new Int32Array(Math.max(BUFFER, length));
      },
    };
    super(source);
    this.#full = full;
  }

  /** Each buffer, in order, with where its rows end. */
  *drain(): Generator<{ buffer: Int32Array; end: number }> {
    this.#full.push(this.detach());
    for (let taken = this.#full.shift(); taken !== undefined; taken = this.#full.shift()) yield taken;
  }
}
