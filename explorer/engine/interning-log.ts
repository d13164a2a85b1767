/** The log of all entries of shared tables, in memory that workers share. */

import type { InterningLog, LogEntry } from './interning.ts';
import { withLock } from './lock.ts';
import { reserve } from './reserve.ts';

/** The words of the control block: the lock, how many entries there are, and where the next one begins, in units. */
const LOCK = 0;
const LENGTH = 1;
const END = 2;
const CONTROL_WORDS = 3;

/** Entries begin at multiples of this many bytes, so that a word can say where. */
const UNIT = 8;
/** Bytes before a text: the table's number, and the length of the text. */
const HEADER = 8;

/** What the workers of a search share of its log. */
export interface LogMemory {
  readonly text: SharedArrayBuffer;
  readonly control: SharedArrayBuffer;
}

/** Memory for so many bytes of entries. */
export function logMemory(bytes: number): LogMemory {
  return { text: reserve(Math.min(bytes, LARGEST)), control: new SharedArrayBuffer(CONTROL_WORDS * 4) };
}

/** A typed array is no longer than this. */
const LARGEST = 2 ** 32;

/** There is no room in the log for what is to be interned. */
export class LogFull extends Error {
  /** @param limit bytes of entries that the log has room for */
  constructor(readonly limit: number) {
    super(`there is no room for more interned texts than ${limit} bytes of them`);
  }
}

/** One worker's access to the log. */
export class SharedInterningLog implements InterningLog {
  readonly #text: Buffer;
  readonly #control: Int32Array;
  /** Where entries begin, in units, as far as this worker has read. */
  readonly #begins: number[] = [0];

  constructor({ text, control }: LogMemory) {
    this.#text = Buffer.from(text);
    this.#control = new Int32Array(control);
  }

  get length(): number {
    return Atomics.load(this.#control, LENGTH);
  }

  /** Entries are read in order, the first time. */
  read(index: number): LogEntry {
    const begins = (this.#begins[index] as number) * UNIT;
    const table = this.#text.readInt32LE(begins);
    const bytes = this.#text.readInt32LE(begins + 4);
    this.#begins[index + 1] = unitsOf(begins + HEADER + bytes);
    return { table, text: this.#text.toString('utf8', begins + HEADER, begins + HEADER + bytes) };
  }

  append(length: number, { table, text }: LogEntry): boolean {
    const control = this.#control;
    const encoded = Buffer.from(text, 'utf8');
    return withLock(control, LOCK, () => {
      if (control[LENGTH] !== length) return false;
      const begins = (control[END] as number) * UNIT;
      if (begins + HEADER + encoded.length > this.#text.length) throw new LogFull(this.#text.length);
      this.#text.writeInt32LE(table, begins);
      this.#text.writeInt32LE(encoded.length, begins + 4);
      encoded.copy(this.#text, begins + HEADER);
      control[END] = unitsOf(begins + HEADER + encoded.length);
      this.#begins[length + 1] = control[END] as number;
      Atomics.store(control, LENGTH, length + 1);
      return true;
    });
  }
}

function unitsOf(bytes: number): number {
  return Math.ceil(bytes / UNIT);
}
