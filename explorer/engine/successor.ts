/** The successor of a state of a bare transition system while it is being looked at: what a transition changed in place. */

import { type Cells, NONE } from './cells.ts';
import { ROW_HEADER, ROW_HI, ROW_LENGTH, ROW_LO } from './expander.ts';
import { IntList } from './growable.ts';
import type { Placement } from './placement.ts';
import type { ChangeLists } from './state-changes.ts';

export class Successor {
  /** The words of its fingerprint. */
  lo = 0;
  hi = 0;
  readonly #cells: Cells;
  readonly #now: Placement;
  /** The row of the state that it is a successor of, and where that begins. */
  #row: Int32Array = new Int32Array(0);
  #at = 0;
  /** The cells that the transition changed, and the atoms that were in them. */
  readonly #undo = new IntList();
  /** The atoms that it added, ascending. */
  readonly #added = new IntList();

  /** @param now where the state is spread out */
  constructor(cells: Cells, now: Placement) {
    this.#cells = cells;
    this.#now = now;
  }

  /** From now on successors of the state of this row are made. */
  begin(row: Int32Array, at: number): void {
    this.#row = row;
    this.#at = at;
  }

  /** Puts what a transition changes into its place. */
  make({ items: changes }: ChangeLists, begins: number): void {
    const { lo: keyLo, hi: keyHi } = this.#cells.atoms;
    const now = this.#now;
    const undo = this.#undo;
    let lo = this.#row[this.#at + ROW_LO] as number;
    let hi = this.#row[this.#at + ROW_HI] as number;
    const end = begins + 1 + 2 * (changes[begins] as number);
    undo.length = 0;
    for (let index = begins + 1; index < end; index += 2) {
      const cell = changes[index] as number;
      const atom = changes[index + 1] as number;
      const old = now.atoms[cell] as number;
      if (old === atom) continue;
      undo.push(cell);
      undo.push(old);
      lo = (lo + (keyLo.items[atom] as number) - (keyLo.items[old] as number)) | 0;
      hi = (hi + (keyHi.items[atom] as number) - (keyHi.items[old] as number)) | 0;
      now.put(cell, atom);
    }
    this.lo = lo;
    this.hi = hi;
  }

  /** Puts back what the transition has changed. */
  takeBack(): void {
    const { items, length } = this.#undo;
    for (let index = 0; index < length; index += 2) this.#now.put(items[index] as number, items[index + 1] as number);
  }

  /** How long its row is. Finds what was added, too. */
  measure(): number {
    const { atoms } = this.#now;
    const { items: undone, length: undoLength } = this.#undo;
    const added = this.#added;
    added.length = 0;
    let length = this.#row[this.#at + ROW_LENGTH] as number;
    for (let index = 0; index < undoLength; index += 2) {
      const atom = atoms[undone[index] as number] as number;
      if (undone[index + 1] !== NONE) length--;
      if (atom === NONE) continue;
      length++;
      insert(added, atom);
    }
    return length;
  }

  /** Writes its row, of the length that was {@link measure}d: the atoms of the row before that are still there, and new ones. */
  write(into: Int32Array, begins: number, length: number): void {
    const { atoms } = this.#now;
    const cellOf = this.#cells.cellOf.items;
    const added = this.#added;
    into[begins + ROW_LENGTH] = length;
    into[begins + ROW_LO] = this.lo;
    into[begins + ROW_HI] = this.hi;
    const row = this.#row;
    const end = this.#at + (row[this.#at + ROW_LENGTH] as number);
    let write = begins + ROW_HEADER;
    let more = 0;
    for (let index = this.#at + ROW_HEADER; index < end; index++) {
      const atom = row[index] as number;
      if (atoms[cellOf[atom] as number] !== atom) continue;
      while (more < added.length && (added.items[more] as number) < atom) into[write++] = added.items[more++] as number;
      into[write++] = atom;
    }
    while (more < added.length) into[write++] = added.items[more++] as number;
  }
}

/** Inserts into an ascending list. */
function insert(list: IntList, item: number): void {
  list.push(item);
  const { items } = list;
  for (let at = list.length - 1; at > 0 && (items[at - 1] as number) > item; at--) {
    items[at] = items[at - 1] as number;
    items[at - 1] = item;
  }
}
