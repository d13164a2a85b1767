/** How a member of a symmetry occurs in plain data, told without names. */

import { canonical, inCanonicalOrder } from '../../model/contract/data.ts';
import type { SymmetryGroup } from '../semantics/symmetry-group.ts';
import { partKey } from './fingerprint.ts';

/** What names are read as by a member: itself, or one of a class. */
export function readingsBy({ classes, members, memberOf }: SymmetryGroup, self: number): Map<string, string> {
  const readings = new Map<string, string>();
  for (const [name, member] of memberOf) {
    const at = members[member]?.indexOf(name);
    const group = classes.findIndex(({ first, size }) => member >= first && member < first + size);
    readings.set(name, member === self ? `\0self ${at}` : `\0${group} ${at}`);
  }
  return readings;
}

/** A hash of the value with names so read: the same for the image of the member in the image of the value. */
export function occurrenceIn(value: unknown, readings: ReadonlyMap<string, string>): number {
  return partKey('occurrence', canonical(read(value, readings)))[0];
}

/** The value with names read as what they are to one member. Since several may be read alike, Sets and keys become lists. */
function read(value: unknown, readings: ReadonlyMap<string, string>): unknown {
  if (typeof value === 'string') return readings.get(value) ?? value;
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((item) => read(item, readings));
  const parts = value instanceof Set || value instanceof Map ? [...value] : Object.entries(value);
  return inCanonicalOrder(parts.map((part) => read(part, readings)));
}
