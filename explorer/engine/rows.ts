/** Rows: what is known of a state while it waits to be expanded, as integers, the first of which says how many. */

/** Where a written buffer goes, and where the next one comes from. */
export interface BufferSource {
  /** Takes over a buffer in which rows end at `end`, and gives an empty one with room for a row of `length`. */
  exchange(written: Int32Array, end: number, length: number): Int32Array;
}

/** Writes rows, one behind the other, into buffers; a row never spans two. */
export class RowWriter {
  /** The number of rows written. */
  rows = 0;
  /** The buffer that is written to, and where the row that was reserved last begins. */
  buffer: Int32Array = new Int32Array(0);
  at = 0;
  #end = 0;
  readonly #source: BufferSource;

  constructor(source: BufferSource) {
    this.#source = source;
  }

  /** Reserves a row of at most `length` integers; it begins at `buffer[at]`. */
  reserve(length: number): void {
    if (this.#end + length > this.buffer.length) {
      this.buffer = this.#source.exchange(this.buffer, this.#end, length);
      this.#end = 0;
    }
    this.at = this.#end;
    this.#end += length;
    this.rows++;
  }

  /** Gives back the last `unused` integers of the row reserved last. */
  giveBack(unused: number): void {
    this.#end -= unused;
  }

  /** Takes back the row reserved last. */
  takeBack(): void {
    this.#end = this.at;
    this.rows--;
  }

  /** Takes the buffer that is being written out of the writer, with where its rows end. */
  detach(): { buffer: Int32Array; end: number } {
    const detached = { buffer: this.buffer, end: this.#end };
    this.buffer = new Int32Array(0);
    this.#end = 0;
    return detached;
  }
}
