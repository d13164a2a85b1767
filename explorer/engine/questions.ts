/**
 * What is asked of states or of steps: properties, in groups by what they read. A property that reads only the history
 * need not be asked again of a state with a known history, whatever the views in it.
 *
 * What a property reads is found by watching it. That is sound: an evaluation that has read only some parts goes the same
 * way, to the same end, wherever these parts are the same.
 */

import { VerdictCache } from './verdict-cache.ts';

/** The parts of what is seen of a state, a bit each. */
export const VIEWS = 1;
export const HISTORY = 2;
const GROUPS = (VIEWS | HISTORY) + 1;

/** Tuples that a cache holds. */
const CACHED = 1 << 15;

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
  answered: VerdictCache | null;
}

/** Questions about tuples, in which the last id of each `stride` is a history; the others are views. */
export class Questions<P> {
  readonly #groups: readonly Group<P>[];
  /** The groups that have properties. */
  #active: readonly Group<P>[];
  readonly #reads: Reads = { parts: 0 };

  /**
   * For tuples of one state, `stride` positive integers, or of two states one after the other.
   *
   * @param ofSteps whether they are of two
   */
  constructor(properties: readonly P[], stride: number, ofSteps: boolean) {
    const positions = Array.from({ length: ofSteps ? stride * 2 : stride }, (_, position) => position);
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
      const isNew = group.answered === null;
      group.answered ??= new VerdictCache(key.length, CACHED);
      if (group.answered.meet(key) && !isNew) continue;
      asked = [...asked, ...group.properties];
      for (const property of [...group.properties]) {
        this.#reads.parts = 0;
        if (ask(property, this.#reads)) group.answered.forget(key);
        this.#widen(group, property, this.#reads.parts);
      }
    }
    return asked;
  }

  /** Whether no property need be asked of a tuple. */
  hasAnswered(tuple: Int32Array): boolean {
    return this.#active.every((group) => group.answered?.has(keyOf(group, tuple)) === true);
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

function keyOf({ positions, key }: Group<unknown>, tuple: Int32Array): Int32Array {
  for (let index = 0; index < key.length; index++) key[index] = tuple[positions[index] as number] as number;
  return key;
}
