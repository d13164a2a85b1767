/** The frontier: the rows of one level's states, one behind the other in flat buffers. */

/** Integers in a buffer; a row never spans two. */
const BUFFER = 1 << 16;

/**
 * A queue of rows of integers. The first integer of a row is its length. Rows are written once and read once; a buffer
 * that has been read is used again by the next level.
 */
export class Frontier {
  /** The number of rows. */
  rows = 0;
  /** The buffer that is written to, and where the row that was reserved last begins. */
  buffer: Int32Array = new Int32Array(0);
  at = 0;
  #end = 0;
  readonly #full: { buffer: Int32Array; end: number }[] = [];
  readonly #spare: Int32Array[];

  constructor(spare: Int32Array[] = []) {
    this.#spare = spare;
  }

  /** Reserves a row of at most `length` integers; it begins at `buffer[at]`. */
  reserve(length: number): void {
    if (this.#end + length > this.buffer.length) this.#nextBuffer(length);
    this.at = this.#end;
    this.#end += length;
    this.rows++;
  }

  /** Gives back the last `unused` integers of the row reserved last. */
  giveBack(unused: number): void {
    this.#end -= unused;
  }

  /** Calls `visit` for each buffer, in order, with where its rows end; buffers are recycled behind it. */
  *drain(): Generator<{ buffer: Int32Array; end: number }> {
    this.#full.push({ buffer: this.buffer, end: this.#end });
    this.buffer = new Int32Array(0);
    this.#end = 0;
    for (let taken = this.#full.shift(); taken !== undefined; taken = this.#full.shift()) {
      yield taken;
      if (taken.buffer.length === BUFFER) this.#spare.push(taken.buffer);
    }
  }

  #nextBuffer(length: number): void {
    if (this.#end > 0) this.#full.push({ buffer: this.buffer, end: this.#end });
    this.buffer = length <= BUFFER ? (this.#spare.pop() ?? new Int32Array(BUFFER)) : new Int32Array(length);
    this.#end = 0;
  }
}
