/**
 * The search for what stands for an orbit: of the states that renamings make of each other, one.
 *
 * It takes three steps. Each member is described by how it occurs in the state; descriptions do not depend on names, and
 * members are put in their order. Only members that are described alike can still be exchanged: those that can be without
 * changing the state at all, as idle processes can, are of one kind and need not be tried apart. Of the arrangements that
 * this leaves, nearly always one, that which gives the least state is taken.
 *
 * Which state is chosen is a matter of the orbit's content alone. Should descriptions coincide by accident, more is tried;
 * should fingerprints, an orbit might have two states that stand for it. Never does a state stand for another orbit.
 */

import type { SymmetryGroup } from '../semantics/symmetry-group.ts';
import { type Arrangement, arrangementOf } from './renamed-ids.ts';

export abstract class ArrangementSearch {
  readonly group: SymmetryGroup;
  /** How many states are in the orbit of the state that was looked at last. */
  size = 1;
  /** By member: how it occurs in the state. To be set before a search. */
  protected readonly described: Int32Array;
  /** By two members: their exchange. */
  readonly #exchanges: readonly (readonly (Arrangement | undefined)[])[];
  /** The members in order: the place of a member in it is the member that it becomes. */
  readonly #order: Uint8Array;
  /** By place in the order: where the members end that are described as the one there is. */
  readonly #ends: Uint8Array;
  /** By member: a number for those that can be exchanged with it without changing the state. */
  readonly #kinds: Uint8Array;
  /** The arrangement that is being tried. */
  readonly #arrangement: { permutation: Uint8Array; number: number; moved: number };
  /** How many of the arrangements that were tried give the state that was chosen. */
  #ways = 0;

  constructor(group: SymmetryGroup) {
    const members = group.members.length;
    this.group = group;
    const classOf = group.classes.flatMap((all) => Array.from({ length: all.size }, () => all));
    this.#exchanges = Array.from({ length: members }, (_, a) =>
      Array.from({ length: members }, (_, b) =>
        classOf[a] === classOf[b] ? arrangementOf(group, group.exchange(a, b)) : undefined,
      ),
    );
    this.described = new Int32Array(members);
    this.#order = new Uint8Array(members);
    this.#ends = new Uint8Array(members);
    this.#kinds = new Uint8Array(members);
    this.#arrangement = { permutation: group.identity(), number: 1, moved: 0 };
  }

  /** Whether the state stays as it is. */
  protected abstract isUnchanged(by: Arrangement): boolean;

  /**
   * Makes of the state what it becomes. If that is the first, or less than all that were made before in this search, it is
   * chosen for now.
   *
   * @returns negative, zero or positive as it is less than what was chosen so far, the same, or greater
   */
  protected abstract attempt(by: Arrangement, isFirst: boolean): number;

  /** Chooses, by calling {@link attempt}, and sets {@link size}. */
  protected search(): void {
    let alike = 1;
    let mustTry = false;
    for (const { first, size } of this.group.classes) {
      this.#sort(first, size);
      for (let begin = first, end = first; begin < first + size; begin = end) {
        const description = this.described[this.#order[begin] as number];
        for (end = begin + 1; end < first + size && this.described[this.#order[end] as number] === description; ) end++;
        this.#ends.fill(end, begin, end);
        alike *= this.#sortKinds(begin, end);
        if (this.#kinds[this.#order[begin] as number] !== this.#kinds[this.#order[end - 1] as number]) mustTry = true;
      }
    }
    this.#ways = 0;
    if (mustTry) this.#tryFrom(0);
    else this.#try();
    this.size = this.group.order / (alike * this.#ways);
  }

  /** Puts the members of a class in the order of their descriptions. */
  #sort(first: number, size: number): void {
    const order = this.#order;
    const described = this.described;
    for (let member = first; member < first + size; member++) {
      let place = member;
      const own = described[member] as number;
      for (; place > first && (described[order[place - 1] as number] as number) > own; place--)
        order[place] = order[place - 1] as number;
      order[place] = member;
    }
  }

  /**
   * Sorts members that are described alike into kinds, next to each other: two are of a kind when to exchange them does not
   * change the state.
   *
   * @returns how many arrangements of them do not change the state for this reason
   */
  #sortKinds(begin: number, end: number): number {
    const order = this.#order;
    let ways = 1;
    for (let first = begin, next = begin; first < end; first = next) {
      const kind = order[first] as number;
      this.#kinds[kind] = kind;
      next = first + 1;
      for (let place = next; place < end; place++) {
        const member = order[place] as number;
        if (!this.isUnchanged(this.#exchanges[kind]?.[member] as Arrangement)) continue;
        this.#kinds[member] = kind;
        this.#swap(place, next);
        next++;
        ways *= next - first;
      }
    }
    return ways;
  }

  /** Tries every order of the members from this place on, of those that differ only within a kind one. */
  #tryFrom(place: number): void {
    const order = this.#order;
    if (place === order.length) return this.#try();
    const end = this.#ends[place] as number;
    for (let other = place; other < end; other++) {
      if (this.#isRepeated(place, other)) continue;
      this.#swap(place, other);
      this.#tryFrom(place + 1);
      this.#swap(place, other);
    }
  }

  /** Whether a member of the same kind comes earlier in the order, from this place on. */
  #isRepeated(from: number, place: number): boolean {
    const kind = this.#kinds[this.#order[place] as number];
    for (let earlier = from; earlier < place; earlier++)
      if (this.#kinds[this.#order[earlier] as number] === kind) return true;
    return false;
  }

  #swap(a: number, b: number): void {
    const order = this.#order;
    const member = order[a] as number;
    order[a] = order[b] as number;
    order[b] = member;
  }

  /** Tries the arrangement that puts each member into its place in the order. */
  #try(): void {
    const { permutation } = this.#arrangement;
    let moved = 0;
    for (let place = 0; place < permutation.length; place++) {
      const member = this.#order[place] as number;
      permutation[member] = place;
      if (member !== place) moved |= 1 << member;
    }
    this.#arrangement.moved = moved;
    this.#arrangement.number = moved === 0 ? 1 : this.group.rankOf(permutation) + 1;
    const difference = this.attempt(this.#arrangement, this.#ways === 0);
    if (this.#ways === 0 || difference < 0) this.#ways = 1;
    else if (difference === 0) this.#ways++;
  }
}
