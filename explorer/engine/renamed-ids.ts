/**
 * Interned values under permutations of names: the id of what a value becomes, and how each member occurs in it. Both are
 * worked out from the value when they are first asked for.
 */

import type { Renaming } from '../../model/contract/symmetry.ts';
import type { Permutation, SymmetryGroup } from '../semantics/symmetry-group.ts';
import { IntList } from './growable.ts';
import { occurrenceIn, readingsBy } from './occurrence.ts';
import { PairTable } from './pair-table.ts';

/** A permutation, made ready to be applied. */
export interface Arrangement {
  readonly permutation: Permutation;
  /** A positive number of its own; of the identity, 1. */
  readonly number: number;
  /** A bit for each member that does not stay. */
  readonly moved: number;
}

export function arrangementOf(group: SymmetryGroup, permutation: Permutation): Arrangement {
  const moved = permutation.reduce((bits, image, member) => (image === member ? bits : bits | (1 << member)), 0);
  return { permutation, number: group.rankOf(permutation) + 1, moved };
}

/** What the values of one interner are. */
export interface Nameable {
  /** Plain data with all the names of a value, that of the place where it stands included. Lists in it are in order. */
  namesIn(id: number): unknown;
  /** The id of what the value becomes. */
  rename(id: number, renaming: Renaming, arrangement: Arrangement): number;
}

/** Among the bits of the members that occur in a value: that they are known. */
const KNOWN = 1 << 31;

export class RenamedIds {
  /**
   * By id times the number of members, plus member: a hash of how the member occurs in the value. It is the same for the
   * image of the member in the image of the value, whatever the permutation. Valid once {@link describe} has been called.
   */
  readonly occurrences = new IntList(1 << 10);
  readonly #group: SymmetryGroup;
  readonly #values: Nameable;
  /** By id: a bit for each member that occurs, and one that says so. */
  readonly #mentioned = new IntList(1 << 8);
  /** By id: whether its occurrences are described. */
  readonly #described = new IntList(1 << 8);
  readonly #images = new PairTable();
  /** What names are read as, by the member whose occurrence is looked at: itself, or one of a class. The last: none. */
  readonly #readings: readonly ReadonlyMap<string, string>[];

  constructor(group: SymmetryGroup, values: Nameable) {
    this.#group = group;
    this.#values = values;
    this.#readings = Array.from({ length: group.members.length + 1 }, (_, member) => readingsBy(group, member));
  }

  /** The id of what a value becomes. */
  image(id: number, arrangement: Arrangement): number {
    if ((this.#membersIn(id) & arrangement.moved) === 0) return id;
    const known = this.#images.get(arrangement.number, id);
    if (known !== 0) return known;
    const image = this.#values.rename(id, this.#group.renamingOf(arrangement.permutation), arrangement);
    this.#images.set(arrangement.number, id, image);
    return image;
  }

  /** Makes sure that {@link occurrences} has what it should of a value. */
  describe(id: number): void {
    if (this.#described.at(id) === 0) this.#describeFirst(id);
  }

  /** A bit for each member that occurs in the value. */
  #membersIn(id: number): number {
    const known = this.#mentioned.at(id);
    return known !== 0 ? known : this.#look(id);
  }

  #look(id: number): number {
    let bits = KNOWN;
    for (const text of stringsIn(this.#values.namesIn(id))) {
      const member = this.#group.memberOf.get(text);
      if (member !== undefined) bits |= 1 << member;
    }
    this.#mentioned.put(id, bits);
    return bits;
  }

  #describeFirst(id: number): void {
    const count = this.#group.members.length;
    const bits = this.#membersIn(id);
    const data = this.#values.namesIn(id);
    const none = occurrenceIn(data, this.#readingsOf(count));
    for (let member = 0; member < count; member++) {
      const hash = (bits & (1 << member)) === 0 ? none : occurrenceIn(data, this.#readingsOf(member));
      this.occurrences.put(id * count + member, hash);
    }
    this.#described.put(id, 1);
  }

  #readingsOf(member: number): ReadonlyMap<string, string> {
    return this.#readings[member] ?? new Map();
  }
}

function* stringsIn(value: unknown): Generator<string> {
  if (typeof value === 'string') yield value;
  else if (Array.isArray(value) || value instanceof Set) for (const item of value) yield* stringsIn(item);
  else if (value instanceof Map) yield* stringsIn([...value]);
  else if (typeof value === 'object' && value !== null) yield* stringsIn(Object.entries(value));
}
