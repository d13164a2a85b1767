/**
 * Orbits: of the states that renamings make of each other, the one that stands for all.
 *
 * It is found in two steps. First each member is described by how it occurs in the state, a sum over the parts of the state
 * of what {@link RenamedIds} knows of each; members are put in the order of these descriptions, which do not depend on
 * names. Only members that are described alike can still be exchanged: of the arrangements that this leaves, the one with
 * the least fingerprint is taken. Among the members described alike, those that can be exchanged without changing the state
 * at all, as idle processes can, need not be tried apart: nearly always nothing is left to try.
 *
 * Which state is chosen is a matter of the orbit's content alone. Should hashes coincide, an orbit might have two states
 * that stand for it; never does a state stand for another orbit.
 */

import type { MemberClass, SymmetryGroup } from '../semantics/symmetry-group.ts';
import { ROW_HEADER, ROW_HI, ROW_LENGTH, ROW_LO } from './expander.ts';
import type { IntList } from './growable.ts';
import { type Arrangement, arrangementOf, type RenamedIds } from './renamed-ids.ts';

/** The parts of a row of one kind: what they become under permutations, and their fingerprint keys. */
export interface Parts {
  readonly renamed: RenamedIds;
  readonly keys: { readonly lo: IntList; readonly hi: IntList };
}

/** What a row consists of. What is in flight begins behind the history: messages, or a link for each two processes. */
export interface RowLayout {
  readonly locals: Parts;
  readonly budgets: Parts;
  readonly histories: Parts;
  readonly inFlight: Parts;
  readonly isFifo: boolean;
}

export class Orbits {
  readonly group: SymmetryGroup;
  /** The row that stands for the orbit of the state that was given last, and the words of its fingerprint. */
  row = new Int32Array(64);
  lo = 0;
  hi = 0;
  /** How many states are in that orbit. */
  size = 1;

  readonly #layout: RowLayout;
  readonly #processes: number;
  readonly #budgetsAt: number;
  readonly #inFlightAt: number;
  /** By process and member: the process that takes its place when its own member becomes that member. */
  readonly #placeOf: Uint8Array;
  /** By process: its member, or -1. */
  readonly #memberOf: Int8Array;
  readonly #classOf: readonly MemberClass[];
  /** By two members: their exchange. */
  readonly #exchanges: readonly (readonly (Arrangement | undefined)[])[];

  /** How the members occur in the state. */
  readonly #described: Int32Array;
  /** The members in order: the place of a member in it is the member that it becomes. */
  readonly #order: Uint8Array;
  /** By place in the order: where the members end that are described as the one there is. */
  readonly #ends: Uint8Array;
  /** By member: a number for those that can be exchanged with it without changing the state. */
  readonly #kinds: Uint8Array;
  /** The arrangement that is being tried. */
  readonly #arrangement: { permutation: Uint8Array; number: number; moved: number };
  #candidate = new Int32Array(64);
  /** How many of the arrangements that were tried give the state that was chosen. */
  #ways = 0;

  constructor(group: SymmetryGroup, ids: readonly string[], layout: RowLayout) {
    const members = group.members.length;
    this.group = group;
    this.#layout = layout;
    this.#processes = ids.length;
    this.#budgetsAt = ROW_HEADER + ids.length;
    this.#inFlightAt = this.#budgetsAt + 2;
    this.#memberOf = Int8Array.from(ids, (id) => group.memberOf.get(id) ?? -1);
    this.#placeOf = Uint8Array.from({ length: ids.length * members }, (_, index) => {
      const [process, member] = [Math.floor(index / members), index % members];
      const own = this.#memberOf[process] ?? -1;
      const at = group.members[own]?.indexOf(ids[process] ?? '') ?? 0;
      const place = ids.indexOf(group.members[member]?.[at] ?? '');
      return place < 0 ? process : place;
    });
    this.#classOf = group.classes.flatMap((all) => Array.from({ length: all.size }, () => all));
    this.#exchanges = Array.from({ length: members }, (_, a) =>
      Array.from({ length: members }, (_, b) =>
        this.#classOf[a] === this.#classOf[b] ? arrangementOf(group, group.exchange(a, b)) : undefined,
      ),
    );
    this.#described = new Int32Array(members);
    this.#order = new Uint8Array(members);
    this.#ends = new Uint8Array(members);
    this.#kinds = new Uint8Array(members);
    this.#arrangement = { permutation: group.identity(), number: 1, moved: 0 };
  }

  /** Finds the state that stands for that of the row that begins at `at`; its own fingerprint is in its header. */
  choose(row: Int32Array, at: number): void {
    const length = row[at + ROW_LENGTH] as number;
    if (this.row.length < length) {
      this.row = new Int32Array(length * 2);
      this.#candidate = new Int32Array(length * 2);
    }
    this.#describe(row, at);
    let alike = 1;
    let mustTry = false;
    for (const { first, size } of this.group.classes) {
      this.#sort(first, size);
      for (let begin = first, end = first; begin < first + size; begin = end) {
        const description = this.#described[this.#order[begin] as number];
        for (end = begin + 1; end < first + size && this.#described[this.#order[end] as number] === description; )
          end++;
        this.#ends.fill(end, begin, end);
        alike *= this.#sortKinds(row, at, begin, end);
        if (this.#kinds[this.#order[begin] as number] !== this.#kinds[this.#order[end - 1] as number]) mustTry = true;
      }
    }
    this.#ways = 0;
    if (mustTry) this.#tryFrom(row, at, 0);
    else this.#try(row, at);
    this.size = this.group.order / (alike * this.#ways);
  }

  /** Sums up, for each member, how it occurs in the parts of the state. */
  #describe(row: Int32Array, at: number): void {
    const { locals, budgets, histories, inFlight } = this.#layout;
    this.#described.fill(0);
    for (let index = ROW_HEADER; index < this.#budgetsAt; index++) this.#add(locals, row[at + index] as number);
    this.#add(budgets, row[at + this.#budgetsAt] as number);
    this.#add(histories, row[at + this.#budgetsAt + 1] as number);
    const end = row[at + ROW_LENGTH] as number;
    for (let index = this.#inFlightAt; index < end; index++) {
      const id = row[at + index] as number;
      if (id !== 0) this.#add(inFlight, id);
    }
  }

  #add({ renamed }: Parts, id: number): void {
    const described = this.#described;
    renamed.describe(id);
    const { items } = renamed.occurrences;
    const begins = id * described.length;
    for (let member = 0; member < described.length; member++)
      described[member] = (described[member] as number) + (items[begins + member] as number);
  }

  /** Puts the members of a class in the order of their descriptions. */
  #sort(first: number, size: number): void {
    const order = this.#order;
    const described = this.#described;
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
  #sortKinds(row: Int32Array, at: number, begin: number, end: number): number {
    const order = this.#order;
    let ways = 1;
    for (let first = begin, next = begin; first < end; first = next) {
      const kind = order[first] as number;
      this.#kinds[kind] = kind;
      next = first + 1;
      for (let place = next; place < end; place++) {
        const member = order[place] as number;
        if (!this.#isUnchanged(row, at, this.#exchanges[kind]?.[member] as Arrangement)) continue;
        this.#kinds[member] = kind;
        this.#swap(place, next);
        next++;
        ways *= next - first;
      }
    }
    return ways;
  }

  #isUnchanged(row: Int32Array, at: number, arrangement: Arrangement): boolean {
    const { locals, budgets, histories, inFlight } = this.#layout;
    let lo = 0;
    let hi = 0;
    const end = row[at + ROW_LENGTH] as number;
    for (let index = ROW_HEADER; index < end; index++) {
      const id = row[at + index] as number;
      if (id === 0) continue;
      const { renamed, keys } =
        index < this.#budgetsAt
          ? locals
          : index === this.#budgetsAt
            ? budgets
            : index < this.#inFlightAt
              ? histories
              : inFlight;
      const image = renamed.image(id, arrangement);
      if (image === id) continue;
      lo = (lo + (keys.lo.items[image] as number) - (keys.lo.items[id] as number)) | 0;
      hi = (hi + (keys.hi.items[image] as number) - (keys.hi.items[id] as number)) | 0;
    }
    return lo === 0 && hi === 0;
  }

  /** Tries every order of the members from this place on, of those that differ only within a kind one. */
  #tryFrom(row: Int32Array, at: number, place: number): void {
    const order = this.#order;
    if (place === order.length) return this.#try(row, at);
    const end = this.#ends[place] as number;
    for (let other = place; other < end; other++) {
      if (this.#isRepeated(place, other)) continue;
      this.#swap(place, other);
      this.#tryFrom(row, at, place + 1);
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
  #try(row: Int32Array, at: number): void {
    const { permutation } = this.#arrangement;
    let moved = 0;
    for (let place = 0; place < permutation.length; place++) {
      const member = this.#order[place] as number;
      permutation[member] = place;
      if (member !== place) moved |= 1 << member;
    }
    this.#arrangement.moved = moved;
    this.#arrangement.number = moved === 0 ? 1 : this.group.rankOf(permutation) + 1;
    const candidate = this.#candidate;
    this.#arrange(row, at, candidate);
    const lo = candidate[ROW_LO] as number;
    const hi = candidate[ROW_HI] as number;
    if (this.#ways > 0 && lo === this.lo && hi === this.hi) this.#ways++;
    if (this.#ways > 0 && (lo > this.lo || (lo === this.lo && hi >= this.hi))) return;
    this.#ways = 1;
    this.lo = lo;
    this.hi = hi;
    this.#candidate = this.row;
    this.row = candidate;
  }

  /** Writes the row of what the state becomes. */
  #arrange(row: Int32Array, at: number, into: Int32Array): void {
    const { locals, budgets, histories, inFlight, isFifo } = this.#layout;
    const length = row[at + ROW_LENGTH] as number;
    into[ROW_LENGTH] = length;
    into[ROW_LO] = 0;
    into[ROW_HI] = 0;
    for (let process = 0; process < this.#processes; process++)
      this.#put(locals, row[at + ROW_HEADER + process] as number, into, ROW_HEADER + this.#place(process));
    this.#put(budgets, row[at + this.#budgetsAt] as number, into, this.#budgetsAt);
    this.#put(histories, row[at + this.#budgetsAt + 1] as number, into, this.#budgetsAt + 1);
    if (isFifo) {
      for (let from = 0, index = this.#inFlightAt; from < this.#processes; from++) {
        const links = this.#inFlightAt + this.#place(from) * this.#processes;
        for (let to = 0; to < this.#processes; to++, index++)
          this.#put(inFlight, row[at + index] as number, into, links + this.#place(to));
      }
      return;
    }
    for (let index = this.#inFlightAt; index < length; index++) {
      this.#put(inFlight, row[at + index] as number, into, index);
      // Messages are in ascending order of their ids, and are nearly so already.
      const id = into[index] as number;
      let place = index;
      for (; place > this.#inFlightAt && (into[place - 1] as number) > id; place--)
        into[place] = into[place - 1] as number;
      into[place] = id;
    }
  }

  #put({ renamed, keys }: Parts, id: number, into: Int32Array, index: number): void {
    const image = id === 0 ? 0 : renamed.image(id, this.#arrangement);
    into[index] = image;
    into[ROW_LO] = (into[ROW_LO] as number) + (keys.lo.items[image] as number);
    into[ROW_HI] = (into[ROW_HI] as number) + (keys.hi.items[image] as number);
  }

  #place(process: number): number {
    return this.placeUnder(process, this.#arrangement);
  }

  /** The process that takes the place of a process. */
  placeUnder(process: number, { permutation }: Arrangement): number {
    const member = this.#memberOf[process] as number;
    if (member < 0) return process;
    return this.#placeOf[process * permutation.length + (permutation[member] as number)] as number;
  }
}
