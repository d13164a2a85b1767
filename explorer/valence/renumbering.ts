/**
 * Numbers of which only the order matters (and the residue by a modulus): found in plain data, and replaced by the least
 * ones from 1 with that order and those residues.
 *
 * What a protocol does with such numbers is to compare them and to count up, so it can do the same after as before, but
 * for one thing: between two numbers that were far apart there was another one, and now there may be none. A run in
 * renumbered configurations is therefore a run of the protocol that may pick as its next number any one above those it
 * knows, which is all that ballots and rounds are asked for.
 */

import type { Ordered } from '../../model/contract/consensus.ts';
import { isRecord } from '../report/format.ts';

/** Which number takes the place of which. */
export type Renumbering = ReadonlyMap<number, number>;

/** The positive numbers that the fields hold anywhere in a value, in ascending order. */
export function numbersIn(value: unknown, { fields }: Pick<Ordered, 'fields'>): readonly number[] {
  const found = new Set<number>();
  const visit = (item: unknown): void => {
    if (typeof item !== 'object' || item === null) return;
    if (Array.isArray(item) || item instanceof Set) for (const member of item) visit(member);
    else if (item instanceof Map) for (const entry of item) visit(entry);
    else
      for (const [key, member] of Object.entries(item)) {
        if (isCounted(key, member, fields)) found.add(member);
        else visit(member);
      }
  };
  visit(value);
  return [...found].sort((a, b) => a - b);
}

/** The replacement of these numbers; null when each is as low as it can be. */
export function renumbering(numbers: Iterable<number>, { modulus }: Pick<Ordered, 'modulus'>): Renumbering | null {
  const map = new Map<number, number>();
  let last = 0;
  let changed = false;
  for (const number of [...new Set(numbers)].sort((a, b) => a - b)) {
    last += 1 + ((number - last - 1) % modulus);
    map.set(number, last);
    changed ||= last !== number;
  }
  return changed ? map : null;
}

/** The value with its numbers replaced. */
export function renumbered(value: unknown, { fields }: Pick<Ordered, 'fields'>, map: Renumbering): unknown {
  const renew = (item: unknown): unknown => {
    if (Array.isArray(item)) return item.map(renew);
    if (item instanceof Set) return new Set([...item].map(renew));
    if (item instanceof Map) return new Map([...item].map(([key, member]) => [renew(key), renew(member)]));
    if (!isRecord(item)) return item;
    return Object.fromEntries(
      Object.entries(item).map(([key, member]) => [
        key,
        isCounted(key, member, fields) ? (map.get(member) ?? member) : renew(member),
      ]),
    );
  };
  return renew(value);
}

function isCounted(key: string, value: unknown, fields: readonly string[]): value is number {
  return typeof value === 'number' && value > 0 && fields.includes(key);
}
