/**
 * Interning that workers share: the values that rows are made of get the same ids in every worker.
 *
 * A value travels as its canonical text. Each worker keeps its own copies, all read back from that text, so that they are
 * alike down to the order of their keys; a log in shared memory says which texts there are, in the order in which they got
 * their ids. A worker reads on in the log before it expands rows of others, and before it appends to it.
 */

import { AFTER_PLACE, nameKey } from './fingerprint.ts';
import { IntList } from './growable.ts';
import { SharedCache } from './shared-cache.ts';

/** All that any worker has entered into a table, in one order for all. */
export interface InterningLog {
  /** How many entries it has. */
  readonly length: number;
  read(index: number): LogEntry;
  /** Appends if the log has exactly `length` entries; otherwise somebody else was faster, and nothing happens. */
  append(length: number, entry: LogEntry): boolean;
}

/** A text, and the number of the table that it is an entry of. */
export interface LogEntry {
  readonly table: number;
  readonly text: string;
}

/** Memory that workers share, for what can be found out again, and so is in no log. */
export interface SharedPart {
  readonly bytes: number;
  /** From now on it is in this memory, from byte `begins` on. */
  share(memory: SharedArrayBuffer, begins: number): void;
}

/** What workers fill together. */
interface SharedTable {
  /** How many entries it has, and what they are. */
  readonly size: number;
  entries(): Iterable<string>;
  /** Whether there is an entry with this text, or one that stands for it. */
  has(text: string): boolean;
  /** Enters what is not there yet. */
  adopt(text: string): void;
  /** Tells of the next entry that was not told of; false when there is none, or nobody to tell. */
  announceNext(): boolean;
}

/** The tables of one worker. */
export class Interning {
  readonly #tables: SharedTable[] = [];
  readonly #parts: SharedPart[] = [];
  #log: InterningLog | null = null;
  /** How much of the log has been read. */
  #read = 0;
  #announcing = false;

  /**
   * One more interner. Every worker must make the same tables in the same order.
   *
   * @param decode makes the value of its place and its text
   * @param announce is told of every id, whichever worker gave it, in ascending order: there the tables by id are filled.
   * Without it a value is made when it is first asked for.
   */
  interner<T>(
    decode: (place: string, text: string) => T,
    announce: ((id: number, value: T) => void) | null = null,
  ): SharedInterner<T> {
    const number = this.#tables.length;
    const table = new SharedInterner<T>(decode, announce, (text) => this.#enter(number, text));
    this.#tables.push(table);
    return table;
  }

  /** One more cache, for tuples of `width` ids. */
  cache(width: number): SharedCache {
    return this.part(new SharedCache(width, () => this.sync()));
  }

  /** One more part of the shared memory. */
  part<P extends SharedPart>(part: P): P {
    this.#parts.push(part);
    return part;
  }

  /** Bytes of memory for the parts. */
  get partBytes(): number {
    return this.#parts.reduce((sum, { bytes }) => sum + bytes, 0);
  }

  /** All that any worker has entered so far, so that another process that reads it has the same ids. */
  *entries(): Generator<LogEntry> {
    this.sync();
    for (const [table, shared] of this.#tables.entries()) for (const text of shared.entries()) yield { table, text };
  }

  /** Takes over, before anything is entered, what {@link entries} gave in another process. */
  restore(entries: Iterable<LogEntry>): void {
    for (const { table, text } of entries) this.#tables[table]?.adopt(text);
    this.#announce();
  }

  /**
   * From now on tables are shared through a log, which has what {@link entries} gave, and perhaps more; and parts in
   * {@link partBytes} of memory.
   */
  share(log: InterningLog, memory: SharedArrayBuffer): void {
    let begins = 0;
    for (const part of this.#parts) {
      part.share(memory, begins);
      begins += part.bytes;
    }
    this.#log = log;
    this.#read = this.#tables.reduce((sum, { size }) => sum + size, 0);
    this.sync();
  }

  /** Takes over what others have entered. */
  sync(): void {
    if (this.#catchUp()) this.#announce();
  }

  /** Reads on in the log; false if there was nothing new. */
  #catchUp(): boolean {
    const log = this.#log;
    if (log === null || this.#read === log.length) return false;
    for (const { length } = log; this.#read < length; this.#read++) {
      const { table, text } = log.read(this.#read);
      this.#tables[table]?.adopt(text);
    }
    return true;
  }

  #enter(number: number, text: string): void {
    const table = this.#tables[number] as SharedTable;
    if (this.#log !== null) {
      do this.#catchUp();
      while (!table.has(text) && !this.#log.append(this.#read, { table: number, text }));
      if (!table.has(text)) this.#read++;
    }
    if (!table.has(text)) table.adopt(text);
    this.#announce();
  }

  /** Announcing may enter more; that is announced after it. */
  #announce(): void {
    if (this.#announcing) return;
    this.#announcing = true;
    try {
      for (let more = true; more; ) {
        more = false;
        for (const table of this.#tables) if (table.announceNext()) more = true;
      }
    } finally {
      this.#announcing = false;
    }
  }
}

/** Values by their canonical text and the place that it stands in. Ids count from 1, so that 0 can mean none. */
export class SharedInterner<T> implements SharedTable {
  /** The words of each value's fingerprint key, by id. */
  readonly lo = new IntList();
  readonly hi = new IntList();
  /** By id, from 1: the place and the text, as one string. */
  readonly #names: string[] = [];
  readonly #ids = new Map<string, number>();
  readonly #values: (T | undefined)[] = [];
  #announced = 0;
  readonly #decode: (place: string, text: string) => T;
  readonly #announceTo: ((id: number, value: T) => void) | null;
  readonly #enter: (name: string) => void;

  /** @param enter enters a name into this table, by way of the log if there is one */
  constructor(
    decode: (place: string, text: string) => T,
    announce: ((id: number, value: T) => void) | null,
    enter: (name: string) => void,
  ) {
    this.#decode = decode;
    this.#announceTo = announce;
    this.#enter = enter;
    this.lo.push(0);
    this.hi.push(0);
  }

  get size(): number {
    return this.#names.length;
  }

  entries(): Iterable<string> {
    return this.#names;
  }

  /** The id of the value with this text in this place. */
  intern(place: string, text: string): number {
    const name = `${place}${AFTER_PLACE}${text}`;
    const known = this.#ids.get(name);
    if (known !== undefined) return known;
    this.#enter(name);
    return this.#ids.get(name) as number;
  }

  /** The place and the text of a value. */
  name(id: number): string {
    const name = this.#names[id - 1];
    if (name === undefined) throw new RangeError(`nothing is interned as ${id}`);
    return name;
  }

  value(id: number): T {
    return this.#values[id - 1] ?? this.#make(id);
  }

  has(name: string): boolean {
    return this.#ids.has(name);
  }

  /** Gives a name the next id. */
  adopt(name: string): void {
    this.#names.push(name);
    this.#ids.set(name, this.#names.length);
    const [lo, hi] = nameKey(name);
    this.lo.push(lo);
    this.hi.push(hi);
  }

  announceNext(): boolean {
    if (this.#announceTo === null || this.#announced === this.size) return false;
    const id = ++this.#announced;
    this.#announceTo(id, this.value(id));
    return true;
  }

  #make(id: number): T {
    const name = this.name(id);
    const end = name.indexOf(AFTER_PLACE);
    const value = this.#decode(name.slice(0, end), name.slice(end + 1));
    this.#values[id - 1] = value;
    return value;
  }
}
