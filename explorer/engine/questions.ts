/**
 * What is asked of states or of steps: properties, in groups by what they read. A property that reads only the history
 * need not be asked again of a state with a known history, whatever the views in it.
 *
 * What a property reads is found by watching it. That is sound: an evaluation that has read only some parts goes the same
 * way, to the same end, wherever these parts are the same.
 */

import type { Interning } from './interning.ts';
import type { SharedCache } from './shared-cache.ts';
import { TupleCache } from './tuple-cache.ts';

/** The parts of what is seen of a state, a bit each. */
export const VIEWS = 1;
export const HISTORY = 2;
const GROUPS = (VIEWS | HISTORY) + 1;

/** So many properties have a bit each in a number. */
const MOST_SHARED = 30;

/** Notes which parts are read. */
export interface Reads {
  parts: number;
}

/** Properties that have been seen to read the same parts, and what they need not be asked of again. */
interface Group<P> {
  readonly parts: number;
  readonly properties: P[];
  /** Where in a tuple is what they read. */
  readonly positions: readonly number[];
  /** The ids at these positions. */
  readonly key: Int32Array;
  /** Where this worker alone keeps what they have answered; null as long as they have answered nothing. */
  answered: TupleCache | null;
}

/** Questions about tuples, in which the last id of each `stride` is a history; the others are views. */
export class Questions<P> {
  /** By property, its bit. */
  readonly #bits: ReadonlyMap<P, number>;
  /** By the parts that they read, and the ids of these: the properties that no worker need ask. */
  readonly #told: SharedCache;
  readonly #partsAndIds: Int32Array;
  /** Whether all properties have bits: then workers tell each other. */
  readonly #areShared: boolean;
  readonly #groups: readonly Group<P>[];
  /** The groups that have properties. */
  #active: readonly Group<P>[];
  readonly #reads: Reads = { parts: 0 };

  /**
   * For tuples of one state, `stride` positive integers, or of two states one after the other.
   *
   * @param ofSteps whether they are of two
   * @param interning where workers tell each other what they need not ask
   */
  constructor(properties: readonly P[], stride: number, ofSteps: boolean, interning: Interning) {
    const width = ofSteps ? stride * 2 : stride;
    this.#bits = new Map(properties.map((property, index) => [property, 1 << index]));
    this.#areShared = properties.length <= MOST_SHARED;
    this.#told = interning.cache(1 + width);
    this.#partsAndIds = new Int32Array(1 + width);
    const positions = Array.from({ length: width }, (_, position) => position);
    const isHistory = (position: number) => (position + 1) % stride === 0;
    this.#groups = Array.from({ length: GROUPS }, (_, parts) => {
      const read = positions.filter((position) => (parts & (isHistory(position) ? HISTORY : VIEWS)) !== 0);
      const key = new Int32Array(read.length);
      return { parts, properties: [], positions: read, key, answered: null };
    });
    this.#groups[0]?.properties.push(...properties);
    this.#active = this.#groups.filter((group) => group.properties.length > 0);
  }

  /**
   * Asks each property of a tuple, unless it has answered for one that looks the same to it.
   *
   * @param ask asks a property, and says whether it is to be asked again when it next meets what it sees
   * @returns the properties that were asked
   */
  ask(tuple: Int32Array, ask: (property: P, reads: Reads) => boolean): readonly P[] {
    let asked: readonly P[] = NONE;
    for (const group of this.#active) {
      const key = keyOf(group, tuple);
      if (this.#hasAnswered(group, key)) continue;
      asked = [...asked, ...group.properties];
      let isAnswered = true;
      for (const property of [...group.properties]) {
        this.#reads.parts = 0;
        if (ask(property, this.#reads)) isAnswered = false;
        this.#widen(group, property, this.#reads.parts);
      }
      if (isAnswered) this.#keep(group, key);
    }
    return asked;
  }

  #hasAnswered(group: Group<P>, key: Int32Array): boolean {
    if (group.answered !== null && group.answered.get(key) !== 0) return true;
    const members = this.#bitsOf(group);
    if ((this.#tell(group, key, 0) & members) !== members) return false;
    this.#remember(group, key);
    return true;
  }

  /** Keeps that the properties which are in the group now have answered. */
  #keep(group: Group<P>, key: Int32Array): void {
    this.#tell(group, key, this.#bitsOf(group));
    this.#remember(group, key);
  }

  #remember(group: Group<P>, key: Int32Array): void {
    group.answered ??= new TupleCache(key.length);
    group.answered.set(key, ANSWERED);
  }

  /** Tells all workers of the properties with these bits that they need not be asked; the bits of all that need not. */
  #tell({ parts }: Group<P>, key: Int32Array, bits: number): number {
    if (!this.#areShared) return 0;
    const tuple = this.#partsAndIds;
    tuple.fill(0);
    tuple[0] = parts;
    tuple.set(key, 1);
    const known = this.#told.get(tuple);
    if ((known | bits) !== known) this.#told.set(tuple, known | bits);
    return known | bits;
  }

  #bitsOf({ properties }: Group<P>): number {
    return properties.reduce((bits, property) => bits | (this.#bits.get(property) ?? 0), 0);
  }

  /** Moves a property that reads more than was known to the group of those that do. */
  #widen(group: Group<P>, property: P, read: number): void {
    const parts = group.parts | read;
    if (parts === group.parts) return;
    group.properties.splice(group.properties.indexOf(property), 1);
    const wider = this.#groups[parts] as Group<P>;
    wider.properties.push(property);
    wider.answered = null;
    this.#active = this.#groups.filter(({ properties }) => properties.length > 0);
  }
}

const NONE: readonly never[] = [];
/** What a cache has of a tuple for which properties have answered. */
const ANSWERED = 1;

function keyOf({ positions, key }: Group<unknown>, tuple: Int32Array): Int32Array {
  for (let index = 0; index < key.length; index++) key[index] = tuple[positions[index] as number] as number;
  return key;
}
