/**
 * Zxids: the identifiers of Zab's transactions. The epoch of the primary that broadcast it, then how many it had broadcast
 * before in that epoch, in lexicographic order (Junqueira, Reed and Serafini, DSN 2011). Null is below all others.
 */

import { z } from '../contract/index.ts';

export const Zxid = z.strictObject({ epoch: z.int().min(1), counter: z.int().min(1) });

export type Zxid = Readonly<z.infer<typeof Zxid>>;

/** Negative, zero or positive as `a` is below, equal to or above `b`. */
export function compareZxids(a: Zxid | null, b: Zxid | null): number {
  if (a === null || b === null) return (a === null ? 0 : 1) - (b === null ? 0 : 1);
  return a.epoch - b.epoch || a.counter - b.counter;
}

/** The zxid of the transaction that a primary of an epoch broadcasts after this one: counters begin anew with each epoch. */
export function nextZxid(last: Zxid | null, epoch: number): Zxid {
  return { epoch, counter: last?.epoch === epoch ? last.counter + 1 : 1 };
}

export function sameZxid(a: Zxid | null, b: Zxid | null): boolean {
  return compareZxids(a, b) === 0;
}
