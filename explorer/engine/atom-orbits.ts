/** The orbits of states of bare transition systems: what becomes of a state is what becomes of its atoms. */

import { renamed } from '../../model/contract/symmetry.ts';
import type { SymmetryGroup } from '../semantics/symmetry-group.ts';
import { ArrangementSearch } from './arrangement-search.ts';
import type { Cells } from './cells.ts';
import { ROW_HEADER, ROW_HI, ROW_LENGTH, ROW_LO } from './expander.ts';
import { type Arrangement, RenamedIds } from './renamed-ids.ts';

export class AtomOrbits extends ArrangementSearch {
  /** The words of the fingerprint of the state that stands for the orbit of the one that was given last. */
  lo = 0;
  hi = 0;
  /** Its row, but that atoms are in no order. */
  #chosen = new Int32Array(64);
  #candidate = new Int32Array(64);
  readonly #cells: Cells;
  readonly #images: RenamedIds;
  /** The row of the state, and where it begins. */
  #given: Int32Array = this.#chosen;
  #at = 0;

  constructor(group: SymmetryGroup, cells: Cells) {
    super(group);
    this.#cells = cells;
    this.#images = new RenamedIds(group, {
      namesIn: (atom) => {
        const content = cells.atoms.value(atom);
        return [...cells.keysTo(atom), typeof content === 'object' ? content.scalar : null];
      },
      rename: (atom, renaming) => {
        const content = cells.atoms.value(atom);
        const cell = cells.at(cells.keysTo(atom).map((key) => renamed(key, renaming)));
        return typeof content === 'object'
          ? cells.scalar(cell, renamed(content.scalar, renaming))
          : cells.atom(cell, content);
      },
    });
  }

  /** Finds the state that stands for that of the row that begins at `at`; its own fingerprint is in its header. */
  choose(row: Int32Array, at: number): void {
    const length = row[at + ROW_LENGTH] as number;
    if (this.#chosen.length < length) {
      this.#chosen = new Int32Array(length * 2);
      this.#candidate = new Int32Array(length * 2);
    }
    this.#given = row;
    this.#at = at;
    this.#describe(row, at);
    this.search();
  }

  /** The row of the state that was chosen. Valid until the next is. */
  chosenRow(): Int32Array {
    return inOrder(this.#chosen);
  }

  /** The row of what the state of a row becomes. */
  image(row: Int32Array, by: Arrangement): Int32Array {
    const image = row.slice(0, row[ROW_LENGTH]);
    this.#arrange(row, 0, by, image);
    return inOrder(image);
  }

  /** Sums up, for each member, how it occurs in the atoms. */
  #describe(row: Int32Array, at: number): void {
    const described = this.described;
    const images = this.#images;
    const members = described.length;
    const end = at + (row[at + ROW_LENGTH] as number);
    described.fill(0);
    for (let index = at + ROW_HEADER; index < end; index++) {
      const atom = row[index] as number;
      images.describe(atom);
      const { items } = images.occurrences;
      const begins = atom * members;
      for (let member = 0; member < members; member++)
        described[member] = (described[member] as number) + (items[begins + member] as number);
    }
  }

  protected override isUnchanged(by: Arrangement): boolean {
    const row = this.#given;
    const keys = this.#cells.atoms;
    const end = this.#at + (row[this.#at + ROW_LENGTH] as number);
    let lo = 0;
    let hi = 0;
    for (let index = this.#at + ROW_HEADER; index < end; index++) {
      const atom = row[index] as number;
      const image = this.#images.image(atom, by);
      if (image === atom) continue;
      lo = (lo + (keys.lo.items[image] as number) - (keys.lo.items[atom] as number)) | 0;
      hi = (hi + (keys.hi.items[image] as number) - (keys.hi.items[atom] as number)) | 0;
    }
    return lo === 0 && hi === 0;
  }

  protected override attempt(by: Arrangement, isFirst: boolean): number {
    const candidate = this.#candidate;
    this.#arrange(this.#given, this.#at, by, candidate);
    const lo = candidate[ROW_LO] as number;
    const hi = candidate[ROW_HI] as number;
    const difference = lo - this.lo || hi - this.hi;
    if (isFirst || difference < 0) {
      this.lo = lo;
      this.hi = hi;
      this.#candidate = this.#chosen;
      this.#chosen = candidate;
    }
    return difference;
  }

  /** Writes what becomes of the atoms of a row, in their places. */
  #arrange(row: Int32Array, at: number, by: Arrangement, into: Int32Array): void {
    const keys = this.#cells.atoms;
    const length = row[at + ROW_LENGTH] as number;
    let lo = row[at + ROW_LO] as number;
    let hi = row[at + ROW_HI] as number;
    for (let index = ROW_HEADER; index < length; index++) {
      const atom = row[at + index] as number;
      const image = by.moved === 0 ? atom : this.#images.image(atom, by);
      into[index] = image;
      if (image === atom) continue;
      lo = (lo + (keys.lo.items[image] as number) - (keys.lo.items[atom] as number)) | 0;
      hi = (hi + (keys.hi.items[image] as number) - (keys.hi.items[atom] as number)) | 0;
    }
    into[ROW_LENGTH] = length;
    into[ROW_LO] = lo;
    into[ROW_HI] = hi;
  }
}

/** The row, with its atoms in ascending order. */
function inOrder(row: Int32Array): Int32Array {
  row.subarray(ROW_HEADER, row[ROW_LENGTH]).sort();
  return row;
}
