/**
 * Logs that grow long: sequences of entries of which a step touches only the end.
 *
 * A log is the array of its entries. Of a long one the older entries stand in full blocks, so that a step copies and
 * compares one block and the list of blocks, not the whole log. How many blocks there are follows from the length, so
 * equal sequences are equal values; a log shorter than two blocks is just its entries.
 * An entry must not be an array itself. Indexes count from 1.
 */

/** How many entries are in a block. */
export const BLOCK = 32;

export type Log<Entry> = readonly (Entry | readonly Entry[])[];

/** A log that may be edited, such as a draft of one. */
export type GrowingLog<Entry> = (Entry | readonly Entry[])[];

/** The log of the given entries. */
export function logOf<Entry>(entries: readonly Entry[]): Log<Entry> {
  const blocks = blocksFor(entries.length);
  return [
    ...Array.from({ length: blocks }, (_, at) => entries.slice(at * BLOCK, (at + 1) * BLOCK)),
    ...entries.slice(blocks * BLOCK),
  ];
}

export function lengthOf(log: Log<unknown>): number {
  return log.length + blocksOf(log) * (BLOCK - 1);
}

export function entryAt<Entry>(log: Log<Entry>, index: number): Entry | undefined {
  if (index < 1) return undefined;
  const blocks = blocksOf(log);
  if (index > blocks * BLOCK) return log[index - blocks * (BLOCK - 1) - 1] as Entry | undefined;
  const at = Math.floor((index - 1) / BLOCK);
  return blockAt(log, at)[index - 1 - at * BLOCK];
}

/** The entries behind index `after`, up to index `last`. */
export function entriesOf<Entry>(log: Log<Entry>, after = 0, last = Number.POSITIVE_INFINITY): Entry[] {
  const blocks = blocksOf(log);
  const found: Entry[] = [];
  for (let at = Math.floor(after / BLOCK); at < blocks && at * BLOCK < last; at++) {
    found.push(...blockAt(log, at).slice(Math.max(0, after - at * BLOCK), Math.min(BLOCK, last - at * BLOCK)));
  }
  const sealed = blocks * (BLOCK - 1);
  if (last > sealed) {
    found.push(...(log.slice(Math.max(blocks, after - sealed), Math.max(blocks, last - sealed)) as Entry[]));
  }
  return found;
}

/** Puts an entry at the end. */
export function append<Entry>(log: GrowingLog<Entry>, entry: Entry): void {
  log.push(entry);
  const blocks = blocksOf(log);
  if (log.length - blocks < 2 * BLOCK) return;
  const block = log.slice(blocks, blocks + BLOCK) as Entry[];
  log.splice(blocks, BLOCK, block);
}

/** Drops the entries behind an index. */
export function truncate<Entry>(log: GrowingLog<Entry>, length: number): void {
  if (length >= lengthOf(log)) return;
  const blocks = blocksFor(length);
  const rest = entriesOf(log, blocks * BLOCK, length);
  log.splice(blocks, log.length - blocks, ...rest);
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
