/**
 * The frontier of a search: chunks of rows in memory that workers share, and on disk when there are more than fit.
 *
 * There are two queues of chunks, for the level that is being expanded and for the next one. A worker takes a chunk,
 * expands its rows and writes their successors into chunks of its own; when one is full it goes to the next level's queue.
 *
 * A queue has a lane for each worker, of the chunks that it wrote, which it takes in that order. When there is none left it
 * takes the last one of the longest lane, so that two workers are as far apart as can be. For the states that a worker comes
 * upon are mostly near those that it found before: what the visited set has of them is in that worker's caches, and would
 * have to be fetched from another's.
 */

import { closeSync, ftruncateSync, readSync, writeSync } from 'node:fs';
import { ModelError } from '../../model/contract/errors.ts';
import { withLock } from './lock.ts';
import { reserve } from './reserve.ts';
import type { BufferSource } from './rows.ts';
import { openSpillFile } from './spill-file.ts';

/** The most workers that a search can have. */
export const MOST_WORKERS = 64;

/** Integers of a chunk: some hundreds of rows, a few milliseconds of work. */
export const CHUNK = 1 << 14;
const CHUNK_BYTES = CHUNK * 4;

/** The words of a lane: its first entry and its last, counted from 1 (0: none), and how many there are. */
const LANE = 3;
const FIRST = 0;
const LAST = 1;
const LENGTH = 2;

/** The words of the control block. Each of the two queues has its own of those that come in twos. */
const LOCK = 0;
const CURRENT = 1;
const UNUSED = 2;
const FREE = 3;
const TAKEN = [4, 5] as const;
const QUEUED = [6, 7] as const;
const SPILLED = [8, 9] as const;
/** The descriptor of its file, and 1; 0 when there is none yet. */
const FILE = [10, 11] as const;
/** The lanes of a queue, by worker. */
const LANES = [12, 12 + LANE * MOST_WORKERS] as const;
const CONTROL_WORDS = 12 + 2 * LANE * MOST_WORKERS;

/** Chunks that a queue has room for: 256 GiB of rows. */
const QUEUE = 1 << 22;
/**
 * Integers of an entry in a queue: which chunk (or, bitwise negated, which place in the file); where its rows end; and the
 * entries before it and after it in its lane, counted from 1 (0: none).
 */
const ENTRY = 4;
const END = 1;
const PREVIOUS = 2;
const NEXT = 3;

/** What the workers of a search share of its frontier. */
export interface FrontierMemory {
  readonly chunks: SharedArrayBuffer;
  /** Control words, the stack of free chunks, and for each queue its entries: which chunk, and where its rows end. */
  readonly control: SharedArrayBuffer;
}

/** Memory for so many bytes of rows; what is more goes to disk. */
export function frontierMemory(bytes: number): FrontierMemory {
  const chunks = reserve(Math.max(bytes, CHUNK_BYTES * FEWEST));
  const count = chunks.byteLength / CHUNK_BYTES;
  return { chunks, control: new SharedArrayBuffer((CONTROL_WORDS + count + 2 * QUEUE * ENTRY) * 4) };
}

/** With fewer chunks than this two workers could not both hold one and write one. */
const FEWEST = 64;

/** A chunk of rows that was taken from a queue. */
export interface Chunk {
  readonly rows: Int32Array;
  readonly end: number;
  /** Its number; null for one that was read from disk. */
  readonly number: number | null;
}

/** One worker's access to the frontier. */
export class LevelQueue implements BufferSource {
  readonly memory: FrontierMemory;
  readonly #control: Int32Array;
  readonly #worker: number;
  /** How many chunks there are in memory. */
  readonly #count: number;
  /** The chunks in memory that this worker has had to do with. */
  readonly #chunks: Int32Array[] = [];
  readonly #numbers = new Map<Int32Array, number>();

  constructor(memory: FrontierMemory, worker = 0) {
    this.memory = memory;
    this.#worker = worker;
    this.#control = new Int32Array(memory.control);
    this.#count = memory.chunks.byteLength / CHUNK_BYTES;
  }

  /** Bytes of rows on disk. */
  get spilledBytes(): number {
    return SPILLED.reduce((sum, word) => sum + (this.#control[word] as number), 0) * CHUNK_BYTES;
  }

  /** Takes a chunk of the level that is being expanded; null when there is none left. */
  take(): Chunk | null {
    const control = this.#control;
    const queue = this.#current;
    const index = withLock(control, LOCK, () => {
      if (this.left === 0) return -1;
      control[TAKEN[queue]] = (control[TAKEN[queue]] as number) + 1;
      const own = laneOf(queue, this.#worker);
      if (control[own + LENGTH] !== 0) return this.#unlink(queue, own, FIRST, LAST, NEXT, PREVIOUS);
      return this.#unlink(queue, this.#longestLane(queue), LAST, FIRST, PREVIOUS, NEXT);
    });
    return index < 0 ? null : this.#read(queue, index);
  }

  /** Takes the entry out that is at one end of a lane, and says which it was. `inwards` is the direction from there. */
  #unlink(queue: 0 | 1, lane: number, end: number, otherEnd: number, inwards: number, outwards: number): number {
    const control = this.#control;
    const taken = (control[lane + end] as number) - 1;
    const neighbour = control[this.#entryAt(queue, taken) + inwards] as number;
    control[lane + end] = neighbour;
    control[neighbour === 0 ? lane + otherEnd : this.#entryAt(queue, neighbour - 1) + outwards] = 0;
    control[lane + LENGTH] = (control[lane + LENGTH] as number) - 1;
    return taken;
  }

  #longestLane(queue: 0 | 1): number {
    const length = (lane: number) => this.#control[lane + LENGTH] as number;
    let longest = laneOf(queue, 0);
    for (let worker = 1; worker < MOST_WORKERS; worker++) {
      const lane = laneOf(queue, worker);
      if (length(lane) > length(longest)) longest = lane;
    }
    return longest;
  }

  /** A chunk that was taken has been expanded. */
  release(chunk: Chunk): void {
    if (chunk.number !== null) this.#free(chunk.number);
  }

  /** Puts back the rows of a chunk that begin at `at`. */
  putBack({ rows, end, number }: Chunk, at: number): void {
    rows.copyWithin(0, at, end);
    if (number === null) this.enqueue('current', rows, end - at);
    else this.#push(this.#current, number, end - at);
  }

  /** Takes over a chunk for the next level. Rows of the start are written before there is one being expanded. */
  exchange(written: Int32Array, end: number, length: number): Int32Array {
    if (length > CHUNK) {
      throw new ModelError(
        `a state has ${length} parts, and the engine can take ${CHUNK}: bound the messages in flight (bounds.inFlight)`,
      );
    }
    const number = this.#numbers.get(written);
    const fresh = this.#allocate();
    if (end > 0) {
      if (number === undefined || fresh === null) this.#spill(this.#number('next'), written, end);
      else this.#push(this.#number('next'), number, end);
    }
    if (fresh !== null) return this.#chunk(fresh);
    return written.length > 0 ? written : new Int32Array(CHUNK);
  }

  /** Takes over what a worker has written, full or not: it is the end of a phase. */
  flush({ buffer, end }: { buffer: Int32Array; end: number }): void {
    const number = this.#numbers.get(buffer);
    if (number !== undefined && end > 0) this.#push(this.#number('next'), number, end);
    else if (number !== undefined) this.#free(number);
    else if (end > 0) this.#spill(this.#number('next'), buffer, end);
  }

  /** The next level is the current one from now on. For the coordinator, while no other worker is at work. */
  advance(): void {
    const control = this.#control;
    const done = this.#current;
    for (const words of [TAKEN, QUEUED, SPILLED]) control[words[done]] = 0;
    control.fill(0, LANES[done], LANES[done] + LANE * MOST_WORKERS);
    const file = control[FILE[done]] as number;
    if (file !== 0) ftruncateSync(file - 1, 0);
    control[CURRENT] = this.#number('next');
  }

  /** Closes the files that were spilled to. For the coordinator, when no worker is at work any more. */
  close(): void {
    for (const word of FILE) {
      if (this.#control[word] !== 0) closeSync((this.#control[word] as number) - 1);
      this.#control[word] = 0;
    }
  }

  /** Chunks of the current level that are left. */
  get left(): number {
    const queue = this.#current;
    return (this.#control[QUEUED[queue]] as number) - (this.#control[TAKEN[queue]] as number);
  }

  /** The chunks in a queue that have not been taken, to be looked at. For the coordinator, as above. */
  *pending(which: 'current' | 'next'): Generator<{ readonly rows: Int32Array; readonly end: number }> {
    const queue = this.#number(which);
    for (let worker = 0; worker < MOST_WORKERS; worker++) {
      let entry = this.#control[laneOf(queue, worker) + FIRST] as number;
      for (; entry !== 0; entry = this.#control[this.#entryAt(queue, entry - 1) + NEXT] as number) {
        yield this.#read(queue, entry - 1);
      }
    }
  }

  /** Adds rows, at most a chunk of them, to a queue; they are copied. */
  enqueue(which: 'current' | 'next', rows: Int32Array, end: number): void {
    const queue = this.#number(which);
    const fresh = this.#allocate();
    if (fresh === null) return this.#spill(queue, rows, end);
    this.#chunk(fresh).set(rows.subarray(0, end));
    this.#push(queue, fresh, end);
  }

  get #current(): 0 | 1 {
    return this.#control[CURRENT] === 0 ? 0 : 1;
  }

  #number(which: 'current' | 'next'): 0 | 1 {
    const current = this.#current;
    return which === 'current' ? current : current === 0 ? 1 : 0;
  }

  #chunk(number: number): Int32Array {
    const known = this.#chunks[number];
    if (known !== undefined) return known;
    const chunk = new Int32Array(this.memory.chunks, number * CHUNK_BYTES, CHUNK);
    this.#chunks[number] = chunk;
    this.#numbers.set(chunk, number);
    return chunk;
  }

  /** The number of a free chunk, or null. */
  #allocate(): number | null {
    const control = this.#control;
    return withLock(control, LOCK, () => {
      const free = control[FREE] as number;
      if (free > 0) {
        control[FREE] = free - 1;
        return control[CONTROL_WORDS + free - 1] as number;
      }
      const unused = control[UNUSED] as number;
      if (unused === this.#count) return null;
      control[UNUSED] = unused + 1;
      return unused;
    });
  }

  #free(number: number): void {
    const control = this.#control;
    withLock(control, LOCK, () => {
      const free = control[FREE] as number;
      control[CONTROL_WORDS + free] = number;
      control[FREE] = free + 1;
    });
  }

  #push(queue: 0 | 1, where: number, end: number): void {
    const control = this.#control;
    withLock(control, LOCK, () => {
      const word = QUEUED[queue];
      const queued = control[word] as number;
      if (queued === QUEUE) throw new Error('the frontier has more chunks than the engine can number');
      const entry = this.#entryAt(queue, queued);
      control[entry] = where;
      control[entry + END] = end;
      control[word] = queued + 1;
      const lane = laneOf(queue, this.#worker);
      const last = control[lane + LAST] as number;
      control[entry + PREVIOUS] = last;
      control[entry + NEXT] = 0;
      control[last === 0 ? lane + FIRST : this.#entryAt(queue, last - 1) + NEXT] = queued + 1;
      control[lane + LAST] = queued + 1;
      control[lane + LENGTH] = (control[lane + LENGTH] as number) + 1;
    });
  }

  #entryAt(queue: number, index: number): number {
    return CONTROL_WORDS + this.#count + (queue * QUEUE + index) * ENTRY;
  }

  #read(queue: 0 | 1, index: number): Chunk {
    const entry = this.#entryAt(queue, index);
    const where = this.#control[entry] as number;
    const end = this.#control[entry + END] as number;
    if (where >= 0) return { rows: this.#chunk(where), end, number: where };
    const rows = new Int32Array(CHUNK);
    const bytes = end * 4;
    for (let read = 0; read < bytes; ) {
      const more = readSync(this.#file(queue), rows, read, bytes - read, ~where * CHUNK_BYTES + read);
      if (more === 0) throw new Error('the file that the frontier was spilled to has been cut off');
      read += more;
    }
    return { rows, end, number: null };
  }

  /** The file that a queue spills to. It is opened by the worker that needs it first. */
  #file(queue: 0 | 1): number {
    const control = this.#control;
    return withLock(control, LOCK, () => {
      if (control[FILE[queue]] === 0) control[FILE[queue]] = openSpillFile() + 1;
      return (control[FILE[queue]] as number) - 1;
    });
  }

  #spill(queue: 0 | 1, rows: Int32Array, end: number): void {
    const file = this.#file(queue);
    const place = Atomics.add(this.#control, SPILLED[queue], 1);
    const bytes = end * 4;
    for (let written = 0; written < bytes; ) {
      written += writeSync(file, rows, written, bytes - written, place * CHUNK_BYTES + written);
    }
    this.#push(queue, ~place, end);
  }
}

function laneOf(queue: 0 | 1, worker: number): number {
  return LANES[queue] + worker * LANE;
}
