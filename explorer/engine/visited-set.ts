/**
 * The visited set: the fingerprint of every state found, its depth, and a link to a parent, in one open-addressing table
 * of 16-byte entries.
 */

/** Takes each transition that an expansion finds; true when the state that it leads to is wanted by the caller. */
export interface Sink {
  offer(lo: number, hi: number, parentLo: number, event: number): boolean;
}

/** Words of an entry: the fingerprint's two, the low word of the parent's, and the depth (0: the entry is free). */
const LO = 0;
const HI = 1;
const PARENT = 2;
const DEPTH = 3;
const STRIDE = 4;

/** The table grows when more than this share of it is taken. */
const FULLEST = 0.7;
/** The share of that at which it counts as nearly full. */
const NEARLY = 0.97;

export class VisitedSet implements Sink {
  size = 0;
  /** The depth that new states get. */
  depth = 1;
  #entries: Int32Array;
  #mask: number;
  #most: number;

  constructor(capacity = 1 << 12) {
    this.#entries = new Int32Array(capacity * STRIDE);
    this.#mask = capacity - 1;
    this.#most = Math.floor(capacity * FULLEST);
  }

  /** The bytes that are allocated when the table grows next. */
  get bytesToGrow(): number {
    return this.#entries.byteLength * 2;
  }

  /** Whether the table may grow soon. */
  get isNearlyFull(): boolean {
    return this.size >= this.#most * NEARLY;
  }

  /**
   * Adds a state at the current depth unless it is known, and says whether it was new.
   *
   * Of several parents in the level before, the one with the least low word is kept, whatever the order in which they
   * come: so the path to a state is a matter of content alone.
   */
  offer(lo: number, hi: number, parentLo: number, _event: number): boolean {
    if (this.size >= this.#most) this.#grow();
    const entries = this.#entries;
    const mask = this.#mask;
    for (let at = lo & mask; ; at = (at + 1) & mask) {
      const entry = at * STRIDE;
      const depth = entries[entry + DEPTH] as number;
      if (depth === 0) {
        entries[entry + LO] = lo;
        entries[entry + HI] = hi;
        entries[entry + PARENT] = parentLo;
        entries[entry + DEPTH] = this.depth;
        this.size++;
        return true;
      }
      if (entries[entry + LO] === lo && entries[entry + HI] === hi) {
        if (depth === this.depth && parentLo < (entries[entry + PARENT] as number)) entries[entry + PARENT] = parentLo;
        return false;
      }
    }
  }

  /** The states with this low word at this depth: high word and the parent's low word. Nearly always one. */
  withLow(lo: number, depth: number): { readonly hi: number; readonly parentLo: number }[] {
    const entries = this.#entries;
    const states = [];
    for (let at = lo & this.#mask; ; at = (at + 1) & this.#mask) {
      const entry = at * STRIDE;
      if (entries[entry + DEPTH] === 0) return states;
      if (entries[entry + LO] === lo && entries[entry + DEPTH] === depth) {
        states.push({ hi: entries[entry + HI] as number, parentLo: entries[entry + PARENT] as number });
      }
    }
  }

  #grow(): void {
    const old = this.#entries;
    const capacity = (this.#mask + 1) * 2;
    const entries = new Int32Array(capacity * STRIDE);
    const mask = capacity - 1;
    for (let from = 0; from < old.length; from += STRIDE) {
      if (old[from + DEPTH] === 0) continue;
      let at = (old[from + LO] as number) & mask;
      while (entries[at * STRIDE + DEPTH] !== 0) at = (at + 1) & mask;
      const to = at * STRIDE;
      entries[to + LO] = old[from + LO] as number;
      entries[to + HI] = old[from + HI] as number;
      entries[to + PARENT] = old[from + PARENT] as number;
      entries[to + DEPTH] = old[from + DEPTH] as number;
    }
    this.#entries = entries;
    this.#mask = mask;
    this.#most = Math.floor(capacity * FULLEST);
  }
}
