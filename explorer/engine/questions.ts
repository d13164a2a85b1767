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
export const ALL_PARTS = VIEWS | HISTORY;
const GROUPS = ALL_PARTS + 1;

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
  /** Whether they have been asked of a step out of this state that changes nothing of what they read. */
  isUnchangedAsked: boolean;
}

/** Questions about tuples, in which the last id of each `stride` is a history; the others are views. */
export class Questions<P> {
  readonly #ofSteps: boolean;
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
    this.#ofSteps = ofSteps;
    const positions = Array.from({ length: ofSteps ? stride * 2 : stride }, (_, position) => position);
    const isHistory = (position: number) => (position + 1) % stride === 0;
    this.#groups = Array.from({ length: GROUPS }, (_, parts) => {
      const read = positions.filter((position) => (parts & (isHistory(position) ? HISTORY : VIEWS)) !== 0);
      const key = new Int32Array(read.length);
      return { parts, properties: [], positions: read, key, answered: null, isUnchangedAsked: false };
    });
    this.#groups[0]?.properties.push(...properties);
    this.#active = this.#groups.filter((group) => group.properties.length > 0);
  }

  /** From now on it is about steps out of another state. */
  begin(): void {
    for (const group of this.#active) group.isUnchangedAsked = false;
  }

  /**
   * Whether some property may have to be asked of a state that differs in these parts from one that it was asked of; or of a
   * step that changes these parts. Steps that change nothing of what a property reads all look the same to it if they are
   * steps out of one state.
   */
  isOpen(changed: number): boolean {
    for (const group of this.#active) if (this.#isGroupOpen(group, changed)) return true;
    return false;
  }

  /**
   * Asks each property of a tuple, unless it has answered for one that looks the same to it.
   *
   * @param changed see {@link isOpen}
   * @param ask asks a property, and says whether it is to be asked again when it next meets what it sees
   * @returns the properties that were asked
   */
  ask(tuple: Int32Array, changed: number, ask: (property: P, reads: Reads) => boolean): readonly P[] {
    let asked: readonly P[] = NONE;
    for (const group of this.#active) {
      if (!this.#isGroupOpen(group, changed)) continue;
      if ((group.parts & changed) === 0) group.isUnchangedAsked = true;
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
  hasAnswered(tuple: Int32Array, changed: number): boolean {
    for (const group of this.#active) {
      if (this.#isGroupOpen(group, changed) && !group.answered?.has(keyOf(group, tuple))) return false;
    }
    return true;
  }

  #isGroupOpen({ parts, answered, isUnchangedAsked }: Group<P>, changed: number): boolean {
    return answered === null || (parts & changed) !== 0 || (this.#ofSteps && !isUnchangedAsked);
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
