/**
 * Logs that grow long: sequences of entries of which a step touches only the end.
 *
 * A log is the array of its entries. Of a long one the older entries stand in full blocks, so that a step copies and
 * compares one block and the list of blocks, not the whole log. How many blocks there are follows from the length, so
 * equal sequences are equal values; a log shorter than two blocks is just its entries.
 * An entry must not be an array itself. Indexes count from 1.
 *
 * A handler reads a log as the plain value that its draft stands for, and changes it by putting another in its place: through
 * the draft, each block that is looked at would become a draft of its own. (And arrays are copied by spreading them: V8
 * copies a frozen array so, but has `slice` go over its elements one by one.)
 */

import { current, snapshot } from '../contract/index.ts';

/** How many entries are in a block. */
export const BLOCK = 32;

export type Log<Entry> = readonly (Entry | readonly Entry[])[];

/** What is in a log, or in a draft of one. */
type EntryOf<L extends Log<unknown>> = Exclude<L[number], readonly unknown[]>;

/** The log of the given entries. */
export function logOf<Entry>(entries: readonly Entry[]): Log<Entry> {
  const blocks = blocksFor(entries.length);
  return [
    ...Array.from({ length: blocks }, (_, at) => entries.slice(at * BLOCK, (at + 1) * BLOCK)),
    ...entries.slice(blocks * BLOCK),
  ];
}

export function lengthOf(log: Log<unknown>): number {
  const whole = current(log);
  return whole.length + blocksOf(whole) * (BLOCK - 1);
}

export function entryAt<Entry>(log: Log<Entry>, index: number): Entry | undefined {
  if (index < 1) return undefined;
  const whole = current(log);
  const blocks = blocksOf(whole);
  if (index > blocks * BLOCK) return whole[index - blocks * (BLOCK - 1) - 1] as Entry | undefined;
  const at = Math.floor((index - 1) / BLOCK);
  return blockAt(whole, at)[index - 1 - at * BLOCK];
}

/** The entries behind index `after`, up to index `last`. */
export function entriesOf<Entry>(log: Log<Entry>, after = 0, last = Number.POSITIVE_INFINITY): Entry[] {
  const whole = current(log);
  const blocks = blocksOf(whole);
  const found: Entry[] = [];
  for (let at = Math.floor(after / BLOCK); at < blocks && at * BLOCK < last; at++) {
    found.push(...blockAt(whole, at).slice(Math.max(0, after - at * BLOCK), Math.min(BLOCK, last - at * BLOCK)));
  }
  const sealed = blocks * (BLOCK - 1);
  const end = Math.min(whole.length, last - sealed);
  for (let at = Math.max(blocks, after - sealed); at < end; at++) found.push(whole[at] as Entry);
  return found;
}

/** The log with further entries at its end. */
export function extended<L extends Log<unknown>>(log: L, entries: readonly EntryOf<L>[]): L {
  const whole: unknown[] = [...current(log)];
  let blocks = blocksOf(whole);
  for (const entry of entries) {
    whole.push(snapshot(entry));
    if (whole.length - blocks < 2 * BLOCK) continue;
    whole.splice(blocks, BLOCK, Object.freeze(whole.slice(blocks, blocks + BLOCK)));
    blocks += 1;
  }
  return Object.freeze(whole) as unknown as L;
}

/** The log without the entries behind an index. */
export function truncated<L extends Log<unknown>>(log: L, length: number): L {
  if (length >= lengthOf(log)) return log;
  const whole = [...current(log)];
  const blocks = blocksFor(length);
  return Object.freeze([...whole.slice(0, blocks), ...entriesOf(whole, blocks * BLOCK, length)]) as unknown as L;
}

/** How many blocks a log of so many entries has: its last entries, at least a block of them, stand alone. */
function blocksFor(length: number): number {
  return Math.max(0, Math.floor(length / BLOCK) - 1);
}

function blocksOf(log: Log<unknown>): number {
  if (log.length <= BLOCK) return 0;
  // The entries that stand alone are at least a block of them, at most two: so few places need be looked at.
  let [blocks, entries] = [Math.max(0, log.length - 2 * BLOCK), log.length - BLOCK];
  while (blocks < entries) {
    const middle = (blocks + entries) >> 1;
    if (Array.isArray(log[middle])) blocks = middle + 1;
    else entries = middle;
  }
  return blocks;
}

function blockAt<Entry>(log: Log<Entry>, at: number): readonly Entry[] {
  return log[at] as readonly Entry[];
}
