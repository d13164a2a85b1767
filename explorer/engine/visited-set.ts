/**
 * The visited set: the fingerprint of every state found, its depth, and a link to a parent, in 12 bytes an entry, in
 * memory that workers share.
 *
 * It is open addressing in 256 *shards*. The low word of a fingerprint says where: its first byte is the shard, the other
 * three are proportional to the slot, so that entries lie in the order of their low words, and growing a shard is one
 * pass from its beginning to its end. A shard grows where it stands, by an eighth: memory is reserved for the largest one.
 */

import { IntList } from './growable.ts';
import { PAGE, reserve } from './reserve.ts';

/** Takes each transition that an expansion finds; true when the state that it leads to is wanted by the caller. */
export interface Sink {
  offer(lo: number, hi: number, parentLo: number, event: number): boolean;
}

/**
 * Words of an entry. The first has the age in its first byte, and in the others what the shard does not say of the
 * fingerprint's low word; 0 is a free entry. Then the fingerprint's high word, and the low word of the parent's.
 */
const AGE_AND_LO = 0;
const HI = 1;
const PARENT = 2;
const WORDS = 3;

const SHARDS = 256;
/** What of a low word is not its shard. */
const WITHIN = 0xffffff;
const POSITIONS = 0x1000000;

/** Ages: the depth of an entry, counted from 1 again after {@link CYCLE}; being written; or found long ago. */
const CYCLE = 252;
const BUSY = 254;
const LONG_AGO = 255;
/** So often are entries that are as old as this marked as old. With more than twice as many ages, none is ambiguous. */
const SWEEP_EVERY = CYCLE / 2 - 1;
/** Between two sweeps, up to this share of all entries are remembered one by one, so that deep graphs are not all sweeps. */
const REMEMBERED = 1 / 32;

/** A set grows when more than this share of it is taken; by an eighth, so that never less than 3 in 4 is taken. */
const FULLEST = 0.85;
/** Slots of a shard at first. */
const FIRST_CAPACITY = 1 << 8;
/** Below this many slots a shard is doubled, and sooner: some of the small ones are much fuller than others. */
const SMALL = 1 << 12;
const FULLEST_SMALL = 0.6;
/** Entries that a worker adds before it tells the others. */
const UNTOLD = 64;

/** The words of the control block. */
const CAPACITY = 0;
const SIZE = 1;
const DEPTH = 2;
const NEXT_SHARD = 3;
/** For how many more sweeps it is not known where the entries of the last levels are. */
const SCATTERED = 4;
const CONTROL_WORDS = 5;

/** What the workers of a search share of it. */
export interface VisitedMemory {
  readonly entries: SharedArrayBuffer;
  readonly control: SharedArrayBuffer;
}

/** Memory for a set that takes at most so many bytes. */
export function visitedMemory(bytes: number): VisitedMemory {
  return { entries: reserveEntries(bytes), control: new SharedArrayBuffer(CONTROL_WORDS * 4) };
}

/** Memory for the entries of a set that takes at most so many bytes. */
export function reserveEntries(bytes: number): SharedArrayBuffer {
  return reserve(Math.max(bytes, SHARDS * PAGE));
}

/** One worker's access to the set. */
export class VisitedSet implements Sink {
  readonly #control: Int32Array;
  #shards: readonly Int32Array[];
  #memory: VisitedMemory;
  #capacity = 0;
  /** The age of what is added now, where it stands in an entry. */
  #age = 0;
  #untold = 0;
  #scratch = new Int32Array(0);
  /** The low words of what this worker added since the last sweep, and between that and the one before. */
  #recent = new IntList();
  #previous = new IntList();
  readonly #isCoordinator: boolean;

  /** @param isCoordinator whether this worker sweeps: what only the others have added it must look for. */
  constructor(memory: VisitedMemory, isCoordinator = true) {
    this.#isCoordinator = isCoordinator;
    this.#memory = memory;
    this.#control = new Int32Array(memory.control);
    this.#shards = shardsOf(memory);
    if (this.#control[CAPACITY] === 0) {
      this.#control[CAPACITY] = FIRST_CAPACITY;
      this.#control[DEPTH] = 1;
    }
    this.refresh();
  }

  get memory(): VisitedMemory {
    return this.#memory;
  }

  /** Moves into larger memory. For the coordinator, while there are no other workers. */
  moveTo(entries: SharedArrayBuffer): void {
    const from = [...this.shardBytes()];
    this.#memory = { ...this.#memory, entries };
    this.#shards = shardsOf(this.#memory);
    let shard = 0;
    for (const to of this.shardBytes()) to.set(from[shard++] as Uint8Array);
  }

  /** How many entries there are, not counting the few that other workers have not told of. */
  get size(): number {
    return (Atomics.load(this.#control, SIZE) >>> 0) + this.#untold;
  }

  /** The depth that new entries get. */
  get depth(): number {
    return this.#control[DEPTH] as number;
  }

  /** Slots of each shard. */
  get capacity(): number {
    return this.#capacity;
  }

  /** Bytes of memory that the set takes. */
  get bytes(): number {
    return this.#capacity * SHARDS * WORDS * 4;
  }

  /** Bytes that it takes more when it has grown; infinite when there is no room for that. */
  get bytesToGrow(): number {
    const larger = this.#larger();
    return larger * WORDS > (this.#shards[0]?.length ?? 0)
      ? Number.POSITIVE_INFINITY
      : (larger - this.#capacity) * SHARDS * WORDS * 4;
  }

  /** Whether it must grow before more is added. */
  get isFull(): boolean {
    return this.size >= this.#capacity * SHARDS * (this.#capacity < SMALL ? FULLEST_SMALL : FULLEST);
  }

  /** To be called between rows: tells others of what was added; whether the set must grow now. */
  tell(): boolean {
    if (this.#untold < UNTOLD) return false;
    this.tellAll();
    if (this.#recent.length > this.#capacity * SHARDS * REMEMBERED) this.#forgetRecent();
    return this.isFull;
  }

  /** Tells others of all that was added. */
  tellAll(): void {
    if (this.#untold > 0 && !this.#isCoordinator) this.#forgetRecent();
    Atomics.add(this.#control, SIZE, this.#untold);
    this.#untold = 0;
  }

  /** Takes notice of what a coordinator has changed between two phases. */
  refresh(): void {
    this.#capacity = this.#control[CAPACITY] as number;
    this.#age = ageOf(this.depth) << 24;
  }

  /** All that is added from now on is at this depth. For the coordinator, while no other worker is at work. */
  advanceTo(depth: number): void {
    this.#control[DEPTH] = depth;
    this.refresh();
    if (depth % SWEEP_EVERY === 0) this.#sweep();
  }

  /**
   * Adds a state at the current depth unless it is known, and says whether it was new.
   *
   * Of several parents in the level before, the one with the least low word is kept, whatever the order in which they
   * come: so the path to a state is a matter of content alone.
   */
  offer(lo: number, hi: number, parentLo: number, _event: number): boolean {
    const words = this.#shards[lo >>> 24] as Int32Array;
    const within = lo & WITHIN;
    const capacity = this.#capacity;
    let slot = ((within * capacity) / POSITIONS) | 0;
    for (let probes = 0; probes < capacity; probes++) {
      const entry = slot * WORDS;
      let first = words[entry + AGE_AND_LO] as number;
      if (first === 0) {
        first = Atomics.compareExchange(words, entry + AGE_AND_LO, 0, within | BUSY_WORD);
        if (first === 0) {
          words[entry + HI] = hi;
          words[entry + PARENT] = parentLo;
          Atomics.store(words, entry + AGE_AND_LO, within | this.#age);
          this.#untold++;
          this.#recent.push(lo);
          return true;
        }
      }
      if ((first & WITHIN) === within) {
        let high = words[entry + HI] as number;
        if (high !== hi || high === 0 || first >>> 24 === BUSY) {
          // Another state; or an entry of which this worker does not see all yet: what it does not see reads as 0.
          do first = Atomics.load(words, entry + AGE_AND_LO);
          while (first >>> 24 === BUSY);
          high = words[entry + HI] as number;
        }
        if (high === hi) {
          if (first === (within | this.#age)) lower(words, entry + PARENT, parentLo);
          return false;
        }
      }
      slot++;
      if (slot === capacity) slot = 0;
    }
    throw new RangeError('a shard of the visited set is full');
  }

  /** Whether a state that is known is at the depth that new entries get. */
  isNewest(lo: number, hi: number): boolean {
    const words = this.#shards[lo >>> 24] as Int32Array;
    const newest = (lo & WITHIN) | this.#age;
    let slot = (((lo & WITHIN) * this.#capacity) / POSITIONS) | 0;
    for (;;) {
      const first = words[slot * WORDS + AGE_AND_LO] as number;
      if (first === 0) return false;
      if (first === newest && words[slot * WORDS + HI] === hi) return true;
      slot = (slot + 1) % this.#capacity;
    }
  }

  /** The states with this low word that may be of this depth: high word and the parent's low word. Nearly always one. */
  withLow(lo: number, depth: number): { readonly hi: number; readonly parentLo: number }[] {
    const words = this.#shards[lo >>> 24] as Int32Array;
    const within = lo & WITHIN;
    const age = this.depth - depth < CYCLE ? ageOf(depth) : LONG_AGO;
    const states = [];
    let slot = ((within * this.#capacity) / POSITIONS) | 0;
    for (;;) {
      const entry = slot * WORDS;
      const first = words[entry + AGE_AND_LO] as number;
      if (first === 0) return states;
      if ((first & WITHIN) === within && (first >>> 24 === age || first >>> 24 === LONG_AGO)) {
        states.push({ hi: words[entry + HI] as number, parentLo: words[entry + PARENT] as number });
      }
      slot = (slot + 1) % this.#capacity;
    }
  }

  /** The slots of each shard. For the coordinator, while no other worker is at work. */
  *shardBytes(): Generator<Uint8Array> {
    const bytes = this.#capacity * WORDS * 4;
    for (const words of this.#shards) yield new Uint8Array(words.buffer, words.byteOffset, bytes);
  }

  /** Makes ready to be filled with the shards of a set of this capacity and size; false when they do not fit. */
  beginRestoration({ capacity, size }: { capacity: number; size: number }): boolean {
    if (capacity * WORDS > (this.#shards[0]?.length ?? 0)) return false;
    this.#control[CAPACITY] = capacity;
    this.#control[SIZE] = size;
    // One sweep more than otherwise: the level may be advanced to twice.
    this.#control[SCATTERED] = 3;
    this.refresh();
    return true;
  }

  /** Begins to grow: for the coordinator, before every worker calls {@link growShards}. */
  beginGrowth(): void {
    this.#control[NEXT_SHARD] = 0;
  }

  /** Grows shards until every one has been grown by some worker: this one may not have been at work since they last grew. */
  growShards(): void {
    this.refresh();
    const larger = this.#larger();
    for (;;) {
      const shard = Atomics.add(this.#control, NEXT_SHARD, 1);
      if (shard >= SHARDS) return;
      this.#growShard(this.#shards[shard] as Int32Array, larger);
    }
  }

  /** Ends growth: for the coordinator, when all workers have returned from {@link growShards}. */
  endGrowth(): void {
    this.#control[CAPACITY] = this.#larger();
    this.refresh();
  }

  /** What was added lately will have to be looked for: in the next sweep, and in the one after it. */
  #forgetRecent(): void {
    this.#recent.length = 0;
    Atomics.store(this.#control, SCATTERED, 2);
  }

  #larger(): number {
    const capacity = this.#capacity;
    return capacity < SMALL ? capacity * 2 : capacity + (capacity >>> 3);
  }

  /** The entries keep their order, and so what wraps around the end comes first as it did before. */
  #growShard(words: Int32Array, capacity: number): void {
    const length = this.#capacity * WORDS;
    if (this.#scratch.length !== capacity * WORDS) this.#scratch = new Int32Array(capacity * WORDS);
    else this.#scratch.fill(0);
    const grown = this.#scratch;
    const scale = capacity / POSITIONS;
    for (let from = 0; from < length; from += WORDS) {
      const first = words[from + AGE_AND_LO] as number;
      if (first === 0) continue;
      let to = (((first & WITHIN) * scale) | 0) * WORDS;
      while (grown[to + AGE_AND_LO] !== 0) {
        to += WORDS;
        if (to === grown.length) to = 0;
      }
      grown[to + AGE_AND_LO] = first;
      grown[to + HI] = words[from + HI] as number;
      grown[to + PARENT] = words[from + PARENT] as number;
    }
    words.set(grown);
  }

  /** Marks what was found long ago, before its age is given again. */
  #sweep(): void {
    const scattered = this.#control[SCATTERED] as number;
    if (scattered === 0) this.#sweepPrevious();
    else this.#sweepAll();
    this.#control[SCATTERED] = Math.max(0, scattered - 1);
    [this.#previous, this.#recent] = [this.#recent, this.#previous];
    this.#recent.length = 0;
  }

  #sweepPrevious(): void {
    const now = ageOf(this.depth);
    for (let index = 0; index < this.#previous.length; index++) {
      const lo = this.#previous.items[index] as number;
      const words = this.#shards[lo >>> 24] as Int32Array;
      let slot = (((lo & WITHIN) * this.#capacity) / POSITIONS) | 0;
      for (let first = words[slot * WORDS] as number; first !== 0; first = words[slot * WORDS] as number) {
        if ((first & WITHIN) === (lo & WITHIN)) grownOld(words, slot * WORDS, now);
        slot = (slot + 1) % this.#capacity;
      }
    }
  }

  #sweepAll(): void {
    const now = ageOf(this.depth);
    const length = this.#capacity * WORDS;
    for (const words of this.#shards) {
      for (let entry = 0; entry < length; entry += WORDS) if (words[entry] !== 0) grownOld(words, entry, now);
    }
  }
}

/** Marks an entry as old if it is. */
function grownOld(words: Int32Array, entry: number, now: number): void {
  const first = words[entry + AGE_AND_LO] as number;
  const age = first >>> 24;
  if (age === LONG_AGO || (now - age + CYCLE) % CYCLE < SWEEP_EVERY) return;
  words[entry + AGE_AND_LO] = (first & WITHIN) | (LONG_AGO << 24);
}

function shardsOf({ entries }: VisitedMemory): Int32Array[] {
  const stride = Math.floor(entries.byteLength / SHARDS / PAGE) * PAGE;
  return Array.from({ length: SHARDS }, (_, shard) => new Int32Array(entries, shard * stride, stride / 4));
}

const BUSY_WORD = BUSY << 24;

function ageOf(depth: number): number {
  return 1 + (depth % CYCLE);
}

/** Stores the lesser of what is there and `value`. Once it is seen, it only becomes less; until then it reads as 0. */
function lower(words: Int32Array, at: number, value: number): void {
  const seen = words[at] as number;
  if (seen <= value && seen !== 0) return;
  for (let known = Atomics.load(words, at); value < known; ) {
    const found = Atomics.compareExchange(words, at, known, value);
    if (found === known) return;
    known = found;
  }
}
