/** Plain values compared place by place, for a report. */

import { equal } from '../../model/contract/data.ts';
import type { Difference } from './divergence.ts';

/** What stands for a place that one of the values does not have. */
export const ABSENT = 'nothing';

/** The innermost places in which two values differ, in the order of the model's fields. */
export function differencesOf(model: unknown, recorded: unknown, path = ''): Difference[] {
  if (equal(model, recorded)) return [];
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
