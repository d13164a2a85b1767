/**
 * The group of a system's symmetry: every way to exchange interchangeable names. A permutation is given by numbers: the
 * members of all classes are counted from 0, class after class, and `permutation[member]` is the one that takes its place.
 */

import { UsageError } from '../../model/contract/errors.ts';
import { bundles, type Interchangeable, memberText, type Renaming } from '../../model/contract/symmetry.ts';

/** Numbers by member; within each class a permutation of its members. */
export type Permutation = Readonly<Uint8Array>;

/** The members of a class are those from `first` on. */
export interface MemberClass {
  readonly first: number;
  readonly size: number;
}

/** More members do not fit into the bits of a 32-bit integer, and more permutations not into their numbers. */
const MOST_MEMBERS = 31;
const MOST_PERMUTATIONS = 2 ** 31 - 2;

export class SymmetryGroup {
  /** The names of each member. */
  readonly members: readonly (readonly string[])[];
  readonly classes: readonly MemberClass[];
  /** How many permutations there are. */
  readonly order: number;
  /** The member of each name. */
  readonly memberOf: ReadonlyMap<string, number>;

  /** @throws UsageError when there are too many permutations. */
  constructor(symmetry: readonly Interchangeable[]) {
    const classes: MemberClass[] = [];
    const members: (readonly string[])[] = [];
    let order = 1;
    for (const all of symmetry.map(bundles).filter(({ length }) => length > 1)) {
      classes.push({ first: members.length, size: all.length });
      members.push(...all);
      order *= factorial(all.length);
    }
    if (order > MOST_PERMUTATIONS || members.length > MOST_MEMBERS)
      throw new UsageError(
        `${members.length} interchangeable names are too many for --symmetry: give smaller parameters`,
      );
    this.classes = classes;
    this.members = members;
    this.order = order;
    this.memberOf = new Map(members.flatMap((names, member) => names.map((name) => [name, member] as const)));
  }

  /** The names that a permutation replaces. */
  renamingOf(permutation: Permutation): Renaming {
    const renaming = new Map<string, string>();
    for (const [member, names] of this.members.entries()) {
      const image = permutation[member] ?? member;
      if (image === member) continue;
      for (const [at, name] of names.entries()) renaming.set(name, this.members[image]?.[at] ?? name);
    }
    return renaming;
  }

  identity(): Uint8Array {
    return Uint8Array.from(this.members, (_, member) => member);
  }

  /** Two members are exchanged, all else stays. */
  exchange(a: number, b: number): Permutation {
    const permutation = this.identity();
    permutation[a] = b;
    permutation[b] = a;
    return permutation;
  }

  /** Permutations of which all others are products: the exchanges of neighbours. */
  generators(): Permutation[] {
    return this.classes.flatMap(({ first, size }) =>
      Array.from({ length: size - 1 }, (_, index) => this.exchange(first + index, first + index + 1)),
    );
  }

  /** The exchange of every two members of a class. */
  exchanges(): Permutation[] {
    return this.classes.flatMap(({ first, size }) =>
      Array.from({ length: size }, (_, a) =>
        Array.from({ length: size - a - 1 }, (_, more) => this.exchange(first + a, first + a + 1 + more)),
      ).flat(),
    );
  }

  /** Every permutation, the identity first. */
  *permutations(): Generator<Permutation> {
    yield* this.#permutationsFrom(0, this.identity());
  }

  *#permutationsFrom(at: number, permutation: Uint8Array): Generator<Permutation> {
    if (at === permutation.length) return yield permutation.slice();
    const { first, size } = this.classes.find((members) => at < members.first + members.size) ?? { first: 0, size: 0 };
    for (let other = at; other < first + size; other++) {
      swap(permutation, at, other);
      yield* this.#permutationsFrom(at + 1, permutation);
      swap(permutation, at, other);
    }
  }

  /** A number from 0, the identity, to one less than the order: a different one for each permutation. */
  rankOf(permutation: Permutation): number {
    let rank = 0;
    for (const { first, size } of this.classes) {
      for (let at = first; at < first + size; at++) {
        let smaller = 0;
        for (let later = at + 1; later < first + size; later++)
          if ((permutation[later] as number) < (permutation[at] as number)) smaller++;
        rank = rank * (first + size - at) + smaller;
      }
    }
    return rank;
  }

  /** Which names are interchangeable, in words. */
  describe(): string[] {
    return this.classes.map(({ first, size }) => {
      const [last, ...others] = this.members
        .slice(first, first + size)
        .map(textOf)
        .reverse();
      return `${others.reverse().join(', ')} and ${last}`;
    });
  }
}

function textOf(names: readonly string[]): string {
  return names.length === 1 ? (names[0] ?? '') : memberText(names).replaceAll("'", '');
}

function swap(items: Uint8Array, a: number, b: number): void {
  const item = items[a] as number;
  items[a] = items[b] as number;
  items[b] = item;
}

function factorial(n: number): number {
  return n < 2 ? 1 : n * factorial(n - 1);
}
