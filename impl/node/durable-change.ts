/** What steps have changed of the durable part of a state. */

import { difference, type Patch } from '../../model/contract/patches.ts';

/** What makes one durable part of the other; null for nothing. */
export function durableChange(before: unknown, after: unknown): readonly Patch[] | null {
  const patches = difference(before, after);
  return patches.length === 0 ? null : patches;
}

/** Whether two durable parts have the very same fields: quick to tell, and false, perhaps, of equal ones. */
export function isSame(before: unknown, after: unknown): boolean {
  if (before === after) return true;
  if (!isRecord(before) || !isRecord(after)) return false;
  const fields = Object.keys(after);
  return fields.length === Object.keys(before).length && fields.every((field) => after[field] === before[field]);
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}
