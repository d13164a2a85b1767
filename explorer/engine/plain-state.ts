/** States of a bare transition system as plain data, and what is different between two of them. */

import { ContentSet } from '../../model/contract/content-set.ts';
import { freeze } from '../../model/contract/draft.ts';
import { type Cell, type Cells, NONE, sizeCell } from './cells.ts';
import type { Placement } from './placement.ts';
import { type Changes, write } from './state-draft.ts';

/** The state that is spread out, frozen, with keys, members and entries in canonical order. */
export function plainState(placement: Placement, setsKnowContent: boolean): unknown {
  const valueIn = (cell: Cell): unknown => {
    const content = placement.content(cell.number);
    if (typeof content === 'object') return content?.scalar;
    if (content === 'member') return cell.key;
    if (content === 'array') return Object.freeze(elements(placement, cell).map(valueIn));
    const within = placement.within(cell);
    if (content === 'object')
      return Object.freeze(Object.fromEntries(within.map((field) => [field.key, valueIn(field)])));
    if (content === 'map') return freeze(new Map(within.map((entry) => [entry.key, valueIn(entry)])));
    const members = within.map(valueIn);
    return freeze(setsKnowContent ? new ContentSet(members) : new Set(members));
  };
  return valueIn(placement.cells.root);
}

function elements({ cells, answers }: Placement, array: Cell): Cell[] {
  return Array.from({ length: answers[sizeCell(array)] as number }, (_, index) => cells.child(array, index));
}

/** What is different in a cell, and the cells within, when `after` is there and not `before`. */
export function differences(cells: Cells, cell: Cell, before: unknown, after: unknown, changes: Changes): void {
  if (before === after) return;
  if (isScalar(after) && isScalar(before)) {
    const atom = cells.scalar(cell, after);
    if (atom !== cells.scalar(cell, before)) changes.set(cell.number, atom);
  } else if (Array.isArray(after) && Array.isArray(before)) {
    const shared = Math.min(before.length, after.length);
    for (let index = 0; index < shared; index++)
      differences(cells, cells.child(cell, index), before[index], after[index], changes);
    for (let index = shared; index < before.length; index++)
      erase(cells, cells.child(cell, index), before[index], changes);
    for (let index = shared; index < after.length; index++)
      write(cells, cells.child(cell, index), after[index], changes);
  } else if (isRecord(after) && isRecord(before)) {
    for (const key of Object.keys(before))
      if (!Object.hasOwn(after, key)) erase(cells, cells.child(cell, key), before[key], changes);
    for (const key of Object.keys(after)) {
      if (!Object.hasOwn(before, key)) write(cells, cells.child(cell, key), after[key], changes);
      else if (before[key] !== after[key]) differences(cells, cells.child(cell, key), before[key], after[key], changes);
    }
  } else if (after instanceof Set && before instanceof Set && haveScalarsOnly(before, after)) {
    for (const member of before) if (!after.has(member)) changes.set(cells.child(cell, member).number, NONE);
    for (const member of after) {
      if (before.has(member)) continue;
      const inner = cells.child(cell, member);
      changes.set(inner.number, cells.atom(inner, 'member'));
    }
  } else {
    const written: Changes = new Map();
    erase(cells, cell, before, changes);
    write(cells, cell, after, written);
    for (const [number, atom] of written) changes.set(number, atom);
  }
}

function erase(cells: Cells, cell: Cell, value: unknown, changes: Changes): void {
  const erased: Changes = new Map();
  write(cells, cell, value, erased);
  for (const number of erased.keys()) changes.set(number, NONE);
}

function haveScalarsOnly(...sets: readonly ReadonlySet<unknown>[]): boolean {
  return sets.every((set) => [...set].every(isScalar));
}

function isScalar(value: unknown): boolean {
  return typeof value !== 'object' || value === null;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  if (isScalar(value) || Array.isArray(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype && Object.getOwnPropertySymbols(value as object).length === 0;
}
