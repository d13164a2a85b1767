/**
 * The orbits of rows. A state under an arrangement has as fingerprint the sum of the keys of what its parts become, and how
 * a member occurs in it is the sum of how it occurs in its parts: {@link RenamedIds} knows both of every part.
 */

import type { SymmetryGroup } from '../semantics/symmetry-group.ts';
import { ArrangementSearch } from './arrangement-search.ts';
import { ROW_HEADER, ROW_HI, ROW_LENGTH, ROW_LO } from './expander.ts';
import type { IntList } from './growable.ts';
import type { Arrangement, RenamedIds } from './renamed-ids.ts';

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

export class Orbits extends ArrangementSearch {
  /** The row that stands for the orbit of the state that was given last, and the words of its fingerprint. */
  row = new Int32Array(64);
  lo = 0;
  hi = 0;

  readonly #layout: RowLayout;
  readonly #processes: number;
  readonly #budgetsAt: number;
  readonly #inFlightAt: number;
  /** By process and member: the process that takes its place when its own member becomes that member. */
  readonly #placeOf: Uint8Array;
  /** By process: its member, or -1. */
  readonly #memberOf: Int8Array;
  /** The row of the state, and where it begins. */
  #given: Int32Array = this.row;
  #at = 0;
  #candidate = new Int32Array(64);

  constructor(group: SymmetryGroup, ids: readonly string[], layout: RowLayout) {
    super(group);
    const members = group.members.length;
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
  }

  /** Finds the state that stands for that of the row that begins at `at`; its own fingerprint is in its header. */
  choose(row: Int32Array, at: number): void {
    const length = row[at + ROW_LENGTH] as number;
    if (this.row.length < length) {
      this.row = new Int32Array(length * 2);
      this.#candidate = new Int32Array(length * 2);
    }
    this.#given = row;
    this.#at = at;
    this.#describe(row, at);
    this.search();
  }

  /** Sums up, for each member, how it occurs in the parts of the state. */
  #describe(row: Int32Array, at: number): void {
    const { locals, budgets, histories, inFlight } = this.#layout;
    this.described.fill(0);
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
    const described = this.described;
    renamed.describe(id);
    const { items } = renamed.occurrences;
    const begins = id * described.length;
    for (let member = 0; member < described.length; member++)
      described[member] = (described[member] as number) + (items[begins + member] as number);
  }

  protected override isUnchanged(by: Arrangement): boolean {
    const row = this.#given;
    const at = this.#at;
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
      const image = renamed.image(id, by);
      if (image === id) continue;
      lo = (lo + (keys.lo.items[image] as number) - (keys.lo.items[id] as number)) | 0;
      hi = (hi + (keys.hi.items[image] as number) - (keys.hi.items[id] as number)) | 0;
    }
    return lo === 0 && hi === 0;
  }

  protected override attempt(by: Arrangement, isFirst: boolean): number {
    const candidate = this.#candidate;
    this.#arrange(by, candidate);
    const lo = candidate[ROW_LO] as number;
    const hi = candidate[ROW_HI] as number;
    const difference = lo - this.lo || hi - this.hi;
    if (isFirst || difference < 0) {
      this.lo = lo;
      this.hi = hi;
      this.#candidate = this.row;
      this.row = candidate;
    }
    return difference;
  }

  /** Writes the row of what the state becomes. */
  #arrange(by: Arrangement, into: Int32Array): void {
    const row = this.#given;
    const at = this.#at;
    const { locals, budgets, histories, inFlight, isFifo } = this.#layout;
    const length = row[at + ROW_LENGTH] as number;
    if (by.moved === 0) {
      for (let index = 0; index < length; index++) into[index] = row[at + index] as number;
      return;
    }
    into[ROW_LENGTH] = length;
    into[ROW_LO] = 0;
    into[ROW_HI] = 0;
    for (let process = 0; process < this.#processes; process++)
      this.#put(locals, row[at + ROW_HEADER + process] as number, by, into, ROW_HEADER + this.placeUnder(process, by));
    this.#put(budgets, row[at + this.#budgetsAt] as number, by, into, this.#budgetsAt);
    this.#put(histories, row[at + this.#budgetsAt + 1] as number, by, into, this.#budgetsAt + 1);
    if (isFifo) {
      for (let from = 0, index = this.#inFlightAt; from < this.#processes; from++) {
        const links = this.#inFlightAt + this.placeUnder(from, by) * this.#processes;
        for (let to = 0; to < this.#processes; to++, index++)
          this.#put(inFlight, row[at + index] as number, by, into, links + this.placeUnder(to, by));
      }
      return;
    }
    for (let index = this.#inFlightAt; index < length; index++) {
      this.#put(inFlight, row[at + index] as number, by, into, index);
      // Messages are in ascending order of their ids, and are nearly so already.
      const id = into[index] as number;
      let place = index;
      for (; place > this.#inFlightAt && (into[place - 1] as number) > id; place--)
        into[place] = into[place - 1] as number;
      into[place] = id;
    }
  }

  #put({ renamed, keys }: Parts, id: number, by: Arrangement, into: Int32Array, index: number): void {
    const image = id === 0 ? 0 : renamed.image(id, by);
    into[index] = image;
    into[ROW_LO] = (into[ROW_LO] as number) + (keys.lo.items[image] as number);
    into[ROW_HI] = (into[ROW_HI] as number) + (keys.hi.items[image] as number);
  }

  /** The process that takes the place of a process. */
  placeUnder(process: number, { permutation }: Arrangement): number {
    const member = this.#memberOf[process] as number;
    if (member < 0) return process;
    return this.#placeOf[process * permutation.length + (permutation[member] as number)] as number;
  }
}
