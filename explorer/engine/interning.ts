/**
 * Interning that workers share: the values that rows are made of get the same ids in every worker.
 *
 * A value travels as its canonical text. Each worker keeps its own copies, all read back from that text, so that they are
 * alike down to the order of their keys; a log in shared memory says which texts there are, in the order in which they got
 * their ids. A worker reads on in the log before it expands rows of others, and before it appends to it.
 */

import { AFTER_PLACE, nameKey } from './fingerprint.ts';
import { IntList } from './growable.ts';

/** The names that any worker has interned, in one order for all. A name is a place and a text. */
export interface InterningLog {
  /** How many names it has. */
  readonly length: number;
  read(index: number): LoggedName;
  /** Appends if the log has exactly `length` names; otherwise somebody else was faster, and nothing happens. */
  append(length: number, entry: LoggedName): boolean;
}

/** A name, and the number of the interner that it belongs to. */
export interface LoggedName {
  readonly interner: number;
  readonly name: string;
}

/** The interners of one worker. */
export class Interning {
  readonly #interners: SharedInterner<unknown>[] = [];
  #log: InterningLog | null = null;
  /** How much of the log has been read. */
  #read = 0;
  #announcing = false;

  /**
   * One more interner. Every worker must make the same ones in the same order.
   *
   * @param decode makes the value of its place and its text
   * @param announce is told of every id, whichever worker gave it, in ascending order: there the tables by id are filled.
   */
  interner<T>(
    decode: (place: string, text: string) => T,
    announce: (id: number, value: T) => void = () => {},
  ): SharedInterner<T> {
    const number = this.#interners.length;
    const interner = new SharedInterner<T>(decode, announce, (name) => this.#add(number, name));
    this.#interners.push(interner as SharedInterner<unknown>);
    return interner;
  }

  /** Everything interned so far, so that another one that reads it has the same ids. */
  *names(): Generator<LoggedName> {
    for (const [interner, { names }] of this.#interners.entries()) for (const name of names) yield { interner, name };
  }

  /** Takes over, before anything is interned, what {@link names} gave in another process. */
  restore(names: Iterable<LoggedName>): void {
    for (const { interner, name } of names) this.#interners[interner]?.adopt(name);
    this.#announce();
  }

  /** From now on ids are shared through a log, which has what {@link names} gave, and perhaps more. */
  share(log: InterningLog): void {
    this.#log = log;
    this.#read = this.#interners.reduce((sum, { names }) => sum + names.length, 0);
    this.sync();
  }

  /** Takes over what others have interned. */
  sync(): void {
    this.#catchUp();
    this.#announce();
  }

  #catchUp(): void {
    const log = this.#log;
    if (log === null) return;
    for (const { length } = log; this.#read < length; this.#read++) {
      const { interner, name } = log.read(this.#read);
      this.#interners[interner]?.adopt(name);
    }
  }

  #add(number: number, name: string): number {
    const interner = this.#interners[number] as SharedInterner<unknown>;
    if (this.#log !== null) {
      do {
        this.#catchUp();
        const known = interner.find(name);
        if (known !== 0) {
          this.#announce();
          return known;
        }
      } while (!this.#log.append(this.#read, { interner: number, name }));
      this.#read++;
    }
    const id = interner.adopt(name);
    this.#announce();
    return id;
  }

  /** Announcing may intern more; that is announced after it. */
  #announce(): void {
    if (this.#announcing) return;
    this.#announcing = true;
    try {
      for (let more = true; more; ) {
        more = false;
        for (const interner of this.#interners) if (interner.announceNext()) more = true;
      }
    } finally {
      this.#announcing = false;
    }
  }
}

/** Values by their canonical text and the place that it stands in. Ids count from 1, so that 0 can mean none. */
export class SharedInterner<T> {
  /** The words of each value's fingerprint key, by id. */
  readonly lo = new IntList();
  readonly hi = new IntList();
  /** By id, from 1: the place and the text, as one string. */
  readonly names: string[] = [];
  readonly #ids = new Map<string, number>();
  readonly #values: T[] = [];
  readonly #decode: (place: string, text: string) => T;
  readonly #announceTo: (id: number, value: T) => void;
  readonly #add: (name: string) => number;

  constructor(
    decode: (place: string, text: string) => T,
    announce: (id: number, value: T) => void,
    add: (name: string) => number,
  ) {
    this.#decode = decode;
    this.#announceTo = announce;
    this.#add = add;
    this.lo.push(0);
    this.hi.push(0);
  }

  /** The id of the value with this text in this place. */
  intern(place: string, text: string): number {
    const name = `${place}${AFTER_PLACE}${text}`;
    const known = this.find(name);
    return known !== 0 ? known : this.#add(name);
  }

  value(id: number): T {
    const value = this.#values[id - 1];
    if (value === undefined) throw new RangeError(`nothing is interned as ${id}`);
    return value;
  }

  /** The id that a name has, or 0. */
  find(name: string): number {
    return this.#ids.get(name) ?? 0;
  }

  /** Gives a name the next id. */
  adopt(name: string): number {
    this.names.push(name);
    const id = this.names.length;
    this.#ids.set(name, id);
    const [lo, hi] = nameKey(name);
    this.lo.push(lo);
    this.hi.push(hi);
    return id;
  }

  /** Announces the next id that has not been; false when there is none. */
  announceNext(): boolean {
    const name = this.names[this.#values.length];
    if (name === undefined) return false;
    const end = name.indexOf(AFTER_PLACE);
    const value = this.#decode(name.slice(0, end), name.slice(end + 1));
    this.#values.push(value);
    this.#announceTo(this.#values.length, value);
    return true;
  }
}
