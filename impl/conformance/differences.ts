/** Plain values compared: quickly for whether they are equal, and place by place for a report. */

import { canonical } from '../../model/contract/data.ts';
import type { Difference } from './divergence.ts';

/** Deep equality of plain data; as `equal` of the contract, without making texts of what is equal. */
export function alike(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a)) {
    if (!Array.isArray(b) || a.length !== b.length) return false;
    for (let index = 0; index < a.length; index++) if (!alike(a[index], b[index])) return false;
    return true;
  }
  if (a instanceof Set || a instanceof Map || b instanceof Set || b instanceof Map || Array.isArray(b)) {
    return canonical(a) === canonical(b);
  }
  let keys = 0;
  for (const key in a) {
    keys += 1;
    if (!Object.hasOwn(b, key)) return false;
    if (!alike((a as Record<string, unknown>)[key], (b as Record<string, unknown>)[key])) return false;
  }
  for (const _ in b) keys -= 1;
  return keys === 0;
}

/** What stands for a place that one of the values does not have. */
export const ABSENT = 'nothing';

/** The innermost places in which two values differ, in the order of the model's fields. */
export function differencesOf(model: unknown, recorded: unknown, path = ''): Difference[] {
  if (alike(model, recorded)) return [];
  if (!isNested(model) || !isNested(recorded) || Array.isArray(model) !== Array.isArray(recorded)) {
    return [{ path, model, recorded }];
  }
  const own = (value: object, key: string) => (Object.hasOwn(value, key) ? Reflect.get(value, key) : ABSENT);
  const keys = new Set([...Object.keys(model), ...Object.keys(recorded)]);
  return [...keys].flatMap((key) =>
    differencesOf(own(model, key), own(recorded, key), Array.isArray(model) ? `${path}[${key}]` : join(path, key)),
  );
}

function join(path: string, key: string): string {
  return path === '' ? key : `${path}.${key}`;
}

function isNested(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !(value instanceof Set || value instanceof Map);
}
