/** A state of a bare transition system, spread out over its cells, so that what is in each can be looked up and changed. */

import { type Cell, type Cells, type Content, NONE } from './cells.ts';
import { ROW_HEADER, ROW_LENGTH } from './expander.ts';

export class Placement {
  readonly cells: Cells;
  /** By cell number: the atom that is there, or {@link NONE}. */
  atoms = new Int32Array(0);
  /**
   * By cell number: what is there as a small integer, 0 for nothing. Of a cell that says how many there are in another one,
   * how many. Two states have the same answers in the same cells exactly when they have the same content there.
   */
  answers = new Int32Array(0);

  constructor(cells: Cells) {
    this.cells = cells;
    this.fit();
  }

  /** Makes room for cells that are new. */
  fit(): void {
    if (this.cells.size <= this.atoms.length) return;
    const length = Math.max(64, this.cells.size * 2);
    for (const list of ['atoms', 'answers'] as const) {
      const larger = new Int32Array(length);
      larger.set(this[list]);
      this[list] = larger;
    }
  }

  /** Spreads out the state of a row. There must be nothing here. */
  load(row: Int32Array, at: number): void {
    this.fit();
    const end = at + (row[at + ROW_LENGTH] as number);
    const { atoms, answers } = this;
    const { cellOf, ordinalOf, sizeCellOf } = this.cells;
    for (let index = at + ROW_HEADER; index < end; index++) {
      const atom = row[index] as number;
      const cell = cellOf.items[atom] as number;
      const size = sizeCellOf.items[cell] as number;
      atoms[cell] = atom;
      answers[cell] = ordinalOf.items[atom] as number;
      answers[size] = (answers[size] as number) + 1;
    }
  }

  /** Takes away the state of a row. */
  clear(row: Int32Array, at: number): void {
    const end = at + (row[at + ROW_LENGTH] as number);
    const { atoms, answers } = this;
    const { cellOf, sizeCellOf } = this.cells;
    for (let index = at + ROW_HEADER; index < end; index++) {
      const cell = cellOf.items[row[index] as number] as number;
      atoms[cell] = NONE;
      answers[cell] = 0;
      answers[sizeCellOf.items[cell] as number] = 0;
    }
  }

  /** Puts an atom, or nothing, into a cell. */
  put(cell: number, atom: number): void {
    const { atoms, answers } = this;
    const size = this.cells.sizeCellOf.items[cell] as number;
    answers[size] = (answers[size] as number) + (atom === NONE ? 0 : 1) - (atoms[cell] === NONE ? 0 : 1);
    atoms[cell] = atom;
    answers[cell] = this.cells.ordinalOf.items[atom] as number;
  }

  /** What is in a cell; null for nothing. */
  content(number: number): Content | null {
    // A cell that is newer than this has nothing in it.
    const atom = this.atoms[number] ?? NONE;
    return atom === NONE ? null : this.cells.atoms.value(atom);
  }

  answer(number: number): number {
    return this.answers[number] ?? 0;
  }

  /** The cells in a container in which there is something, in order. */
  within(container: Cell): Cell[] {
    const present = [...this.cells.within(container)].filter(({ number }) => this.content(number) !== null);
    return this.inOrder(container, present);
  }

  /** The order of keys, indexes or members: the canonical one. */
  inOrder(container: Cell, within: Cell[]): Cell[] {
    const content = this.content(container.number);
    if (content === 'array') return within.sort((a, b) => (a.key as number) - (b.key as number));
    if (content === 'object') return within.sort((a, b) => ((a.key as string) < (b.key as string) ? -1 : 1));
    return within.sort((a, b) => (a.text < b.text ? -1 : 1));
  }
}
