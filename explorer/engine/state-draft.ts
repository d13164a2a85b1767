/**
 * A state of a bare transition system as a function of the model gets it: plain data to look at, of which each part is
 * fetched, and its reading recorded, when it is looked at first. What was never looked at has no influence.
 *
 * Of an object, looking at a key is recorded as that, and so is, of a Set or Map, looking for a member, the size, and adding
 * and deleting one; anything else that is asked of a container counts as reading all keys of it. What is nested is recorded
 * for itself. Whatever a draft cannot do as plain data would, throws; then the caller has to do without.
 */

import { canonical } from '../../model/contract/data.ts';
import { ModelError } from '../../model/contract/errors.ts';
import { type Cell, type Cells, type Content, NONE, sizeCell } from './cells.ts';
import { type ContainerDraft, KeyedDraft, MapDraft, SetDraft } from './container-drafts.ts';
import type { Placement } from './placement.ts';

/** What changed: the numbers of cells, and the atoms that are in them now. */
export type Changes = Map<number, number>;

/** How a state is given out. */
export interface Manner {
  /** Nothing can be written to it. */
  readonly isFrozen: boolean;
  /** Sets know their members by content, as actions have them. */
  readonly setsKnowContent: boolean;
}

/** One look at a state by one function. */
export class StateDraft {
  /** The numbers of the cells that were read, in order. */
  readonly reads = new Set<number>();
  /** Something was tried that a draft cannot do: what came of it is worth nothing. */
  isRefused = false;
  readonly cells: Cells;
  readonly isFrozen: boolean;
  readonly setsKnowContent: boolean;
  /** The state, or a proxy that stands for it. */
  readonly state: unknown;
  readonly #placement: Placement;
  readonly #drafts = new Map<unknown, ContainerDraft>();

  constructor(placement: Placement, { isFrozen, setsKnowContent }: Manner) {
    this.#placement = placement;
    this.cells = placement.cells;
    this.isFrozen = isFrozen;
    this.setsKnowContent = setsKnowContent;
    this.state = this.read(this.cells.root);
  }

  /** What is in a cell, which counts as read: a scalar, a member, or a draft of a container. Undefined for nothing. */
  read(cell: Cell): unknown {
    this.reads.add(cell.number);
    const content = this.#placement.content(cell.number);
    if (content === null) return undefined;
    if (content === 'member') return cell.key;
    if (typeof content === 'object') return content.scalar;
    const container = this.#containerDraft(cell, content);
    this.#drafts.set(container.draft, container);
    return container.draft;
  }

  /** How many there are in a container, which counts as read. */
  readSize(cell: Cell): number {
    this.reads.add(sizeCell(cell));
    return this.#placement.answer(sizeCell(cell));
  }

  /** The cells of a container in which there is something; that these are all counts as read. */
  readWithin(cell: Cell): Cell[] {
    this.readSize(cell);
    const present = this.#placement.within(cell);
    for (const { number } of present) this.reads.add(number);
    return present;
  }

  /** The cell of a key or member; null for what is not plain data, and so nowhere. */
  cellWithin(cell: Cell, key: unknown): Cell | null {
    try {
      return this.cells.child(cell, key);
    } catch {
      return null;
    }
  }

  /** What is different now from what it was. @throws when something is not plain data */
  changes(): Changes {
    const changes: Changes = new Map();
    this.draftOf(this.state)?.compare(changes);
    return changes;
  }

  /** Puts a value in the place of what is in a cell. */
  replace(cell: Cell, value: unknown, changes: Changes): void {
    this.erase(cell, changes);
    write(this.cells, cell, value, changes);
  }

  /** Takes away what is in a cell. */
  erase(cell: Cell, changes: Changes): void {
    this.reads.add(cell.number);
    const content = this.#placement.content(cell.number);
    if (content === null) return;
    changes.set(cell.number, NONE);
    if (typeof content === 'string' && content !== 'member')
      for (const inner of this.readWithin(cell)) this.erase(inner, changes);
  }

  draftOf(value: unknown): ContainerDraft | undefined {
    return this.#drafts.get(value);
  }

  refuse(): never {
    this.isRefused = true;
    throw new TypeError('a draft of a state cannot do this');
  }

  #containerDraft(cell: Cell, kind: Exclude<Content, 'member' | object>): ContainerDraft {
    if (kind === 'set') return new SetDraft(this, cell);
    return kind === 'map' ? new MapDraft(this, cell) : new KeyedDraft(this, cell, kind);
  }
}

/** The atoms of plain data in a cell and the cells within. @throws when it is not plain data */
export function write(cells: Cells, cell: Cell, value: unknown, changes: Changes): void {
  if (typeof value !== 'object' || value === null) {
    changes.set(cell.number, cells.scalar(cell, value));
  } else if (Array.isArray(value)) {
    changes.set(cell.number, cells.atom(cell, 'array'));
    for (let index = 0; index < value.length; index++) write(cells, cells.child(cell, index), value[index], changes);
  } else if (value instanceof Set) {
    changes.set(cell.number, cells.atom(cell, 'set'));
    for (const inner of distinct(cells, cell, value)) changes.set(inner.number, cells.atom(inner, 'member'));
  } else if (value instanceof Map) {
    changes.set(cell.number, cells.atom(cell, 'map'));
    const inner = distinct(cells, cell, value.keys());
    for (const [index, item] of [...value.values()].entries()) write(cells, inner[index] as Cell, item, changes);
  } else {
    // Refuses what is not plain data.
    if (!isPlainObject(value)) canonical(value);
    changes.set(cell.number, cells.atom(cell, 'object'));
    for (const [key, item] of Object.entries(value)) write(cells, cells.child(cell, key), item, changes);
  }
}

/** The cells of members or keys. */
function distinct(cells: Cells, cell: Cell, keys: Iterable<unknown>): Cell[] {
  const inner = [...keys].map((key) => cells.child(cell, key));
  if (new Set(inner).size === inner.length) return inner;
  const [twice] = inner.filter((one, index) => inner.indexOf(one) < index);
  throw new ModelError(
    `a Set or Map of the state has ${twice?.text} twice: JavaScript tells objects apart that are equal; ` +
      "let members be strings, or give the system 'actions', whose Sets know their members by content",
  );
}

function isPlainObject(value: object): boolean {
  const prototype: unknown = Object.getPrototypeOf(value);
  return (prototype === Object.prototype || prototype === null) && Object.getOwnPropertySymbols(value).length === 0;
}
