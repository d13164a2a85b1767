/**
 * The parts of states of a bare transition system. A state is plain data: a tree. A *cell* is a place in it, as each key of
 * an object, index of an array, member of a Set, key of a Map; an *atom* is a cell with what is there: a scalar, or what
 * kind of container. A state is the set of its atoms. Atoms are interned, and shared between workers; cells are numbered by
 * each worker for itself.
 */

import { canonical, fromCanonical } from '../../model/contract/data.ts';
import { AFTER_PLACE } from './fingerprint.ts';
import { IntList } from './growable.ts';
import type { Interning, SharedInterner } from './interning.ts';

/** What is in a cell: a scalar, a member of a Set (the cell says which), or a container, in whose cells the rest is. */
export type Content = 'object' | 'array' | 'set' | 'map' | 'member' | { readonly scalar: unknown };

/** How contents are written; scalars as their canonical text, which is none of these. */
const WRITTEN = { object: '{', array: '[', set: '#[', map: '#{', member: '#' } as const;
const READ = new Map(Object.entries(WRITTEN).map(([content, text]) => [text as string, content as Content]));

/** No cell, no atom. */
export const NONE = 0;

export interface Cell {
  readonly number: number;
  readonly parent: Cell | null;
  /** Its key, index or member; frozen. */
  readonly key: unknown;
  /** The canonical text of that. */
  readonly text: string;
  /** Where it is, as a canonical text: the keys on the way to it. */
  readonly place: string;
  /** The cells in it that were ever asked for: by scalar key, or by the text of any other. */
  readonly children: Map<unknown, Cell>;
  readonly composite: Map<string, Cell>;
  /** The atoms that have been here: of scalars, and of anything else. */
  readonly scalars: Map<unknown, number>;
  readonly others: Map<keyof typeof WRITTEN, number>;
}

export class Cells {
  /** By cell number. A cell is followed by one of which the content is how many there are in it. */
  readonly byNumber: (Cell | null)[] = [null];
  readonly root: Cell;
  readonly atoms: SharedInterner<Content>;
  /** By atom: its cell; which of the contents that the cell has had it is, counted from 1. */
  readonly cellOf = new IntList();
  readonly ordinalOf = new IntList();
  /** By cell number: the number of the cell that says how many there are in its container; 0 for the root. */
  readonly sizeCellOf = new IntList();
  /** Changes when a container has turned out to have more than one kind: see {@link hasOneContent}. */
  revision = 0;
  /** By cell number: how many contents it has had. */
  readonly #contents = new IntList();

  constructor(interning: Interning) {
    for (const list of [this.cellOf, this.ordinalOf, this.sizeCellOf, this.#contents]) list.push(0);
    this.root = this.#make(null, '', null);
    this.atoms = interning.interner(
      (_place, text) => READ.get(text) ?? { scalar: fromCanonical(text) },
      (id) => this.#announce(id),
    );
  }

  /** Cells are numbered below this. */
  get size(): number {
    return this.byNumber.length;
  }

  /** The cell within another one, of a key, an index or a member. */
  child(parent: Cell, key: unknown): Cell {
    const known = parent.children.get(key);
    if (known !== undefined) return known;
    const text = canonical(key);
    return parent.composite.get(text) ?? this.#make(parent, text, fromCanonical(text));
  }

  /** Whether what is in a cell, if anything is, has always been the same until now: nearly every object or Set of a state. */
  hasOneContent({ number }: Cell): boolean {
    return this.#contents.at(number) === 1;
  }

  /** All cells within a cell that were ever asked for. */
  *within({ children, composite }: Cell): Generator<Cell> {
    yield* children.values();
    yield* composite.values();
  }

  cell(number: number): Cell {
    return this.byNumber[number] as Cell;
  }

  /** The cell at the end of keys, from the root. */
  at(keys: readonly unknown[]): Cell {
    return keys.reduce((cell: Cell, key) => this.child(cell, key), this.root);
  }

  /** The keys on the way to the cell of an atom. */
  keysTo(atom: number): unknown[] {
    const keys: unknown[] = [];
    for (let cell = this.cell(this.cellOf.at(atom)); cell.parent !== null; cell = cell.parent) keys.unshift(cell.key);
    return keys;
  }

  /** The atom of a cell with a scalar in it. */
  scalar(cell: Cell, value: unknown): number {
    const known = cell.scalars.get(value);
    if (known !== undefined) return known;
    const atom = this.atoms.intern(cell.place, canonical(value));
    cell.scalars.set(value, atom);
    return atom;
  }

  /** The atom of a cell with anything else in it. */
  atom(cell: Cell, content: keyof typeof WRITTEN): number {
    const known = cell.others.get(content);
    if (known !== undefined) return known;
    const atom = this.atoms.intern(cell.place, WRITTEN[content]);
    cell.others.set(content, atom);
    return atom;
  }

  #make(parent: Cell | null, text: string, key: unknown): Cell {
    const number = this.byNumber.length;
    const place = parent === null ? '[]' : `${parent.place.slice(0, -1)}${parent.parent === null ? '' : ','}${text}]`;
    const cell: Cell = {
      number,
      parent,
      key,
      text,
      place,
      children: new Map(),
      composite: new Map(),
      scalars: new Map(),
      others: new Map(),
    };
    if (typeof key === 'object' && key !== null) parent?.composite.set(text, cell);
    else parent?.children.set(key, cell);
    this.byNumber.push(cell, null);
    this.sizeCellOf.push(parent === null ? NONE : sizeCell(parent));
    this.sizeCellOf.push(NONE);
    this.#contents.push(0);
    this.#contents.push(0);
    return cell;
  }

  #announce(atom: number): void {
    const name = this.atoms.name(atom);
    const cell = this.at(fromCanonical(name.slice(0, name.indexOf(AFTER_PLACE))) as readonly unknown[]);
    const ordinal = this.#contents.at(cell.number) + 1;
    this.#contents.items[cell.number] = ordinal;
    if (ordinal === 2 && cell.children.size + cell.composite.size > 0) this.revision++;
    this.cellOf.push(cell.number);
    this.ordinalOf.push(ordinal);
  }
}

/** The number of the cell that says how many there are in a container. */
export function sizeCell({ number }: Cell): number {
  return number + 1;
}
