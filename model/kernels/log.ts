/**
 * Logs that grow long: sequences of entries of which a step touches only the end.
 *
 * A log of at most a block is the array of its entries. A longer one is an array of chapters, each an array of blocks, each an
 * array of entries; all of them are full but the last of each kind. So a step copies and compares a block, a chapter's list of
 * blocks, and the list of chapters, which has one place for 1,024 entries; and what is written to disk of an append is the
 * entry. The shape follows from the length, so equal sequences are equal values.
 * An entry must not be an array itself. Indexes count from 1.
 *
 * A handler reads a log `undrafted`, as the plain value that it is, and changes it by putting another in its place: through a
 * draft, each block that is looked at would become a draft of its own. (And arrays are copied by spreading them: V8
 * copies a frozen array so, but has `slice` go over its elements one by one.)
 */

import { current, snapshot } from '../contract/index.ts';

/** How many entries are in a block, and how many blocks in a chapter. */
export const BLOCK = 32;
/** How many entries are in a chapter. */
const CHAPTER = BLOCK * BLOCK;

type Chapter<Entry> = readonly (readonly Entry[])[];

export type Log<Entry> = readonly (Entry | Chapter<Entry>)[];

/** What is in a log, or in a draft of one. */
type EntryOf<L extends Log<unknown>> = Exclude<L[number], readonly unknown[]>;

/** The log of the given entries. */
export function logOf<Entry>(entries: readonly Entry[]): Log<Entry> {
  return extended<Log<Entry>>([], entries as readonly EntryOf<Log<Entry>>[]);
}

export function lengthOf(log: Log<unknown>): number {
  const whole = current(log);
  const chapters = chaptersOf(whole);
  const blocks = chapters?.at(-1);
  if (chapters === null || blocks === undefined) return whole.length;
  return (chapters.length - 1) * CHAPTER + (blocks.length - 1) * BLOCK + (blocks.at(-1)?.length ?? 0);
}

export function entryAt<Entry>(log: Log<Entry>, index: number): Entry | undefined {
  if (index < 1) return undefined;
  const whole = current(log);
  const chapters = chaptersOf(whole);
  if (chapters === null) return whole[index - 1] as Entry | undefined;
  return blockAt(chapters, Math.floor((index - 1) / BLOCK))?.[(index - 1) % BLOCK];
}

/** The entries behind index `after`, up to index `last`. */
export function entriesOf<Entry>(log: Log<Entry>, after = 0, last = Number.POSITIVE_INFINITY): Entry[] {
  const whole = current(log);
  const chapters = chaptersOf(whole);
  if (chapters === null) return (whole as readonly Entry[]).slice(after, Math.max(after, last));
  const found: Entry[] = [];
  for (let at = Math.floor(after / BLOCK); at * BLOCK < last; at++) {
    const block = blockAt(chapters, at);
    if (block === undefined) break;
    const [from, to] = [Math.max(0, after - at * BLOCK), Math.min(block.length, last - at * BLOCK)];
    for (let place = from; place < to; place++) found.push(block[place] as Entry);
  }
  return found;
}

/** The log with further entries at its end. */
export function extended<L extends Log<unknown>>(log: L, entries: readonly EntryOf<L>[]): L {
  const whole = current(log);
  const added = entries.map(snapshot);
  if (lengthOf(whole) + added.length <= BLOCK) return Object.freeze([...whole, ...added]) as unknown as L;
  // What is not full is copied: the last chapter, and its last block.
  const known = chaptersOf(whole);
  const chapters = [...(known ?? [])];
  let blocks = [...(chapters.pop() ?? [])];
  let block = known === null ? [...whole] : [...(blocks.pop() ?? [])];
  for (const entry of added) {
    if (block.length === BLOCK) {
      blocks.push(Object.freeze(block));
      block = [];
    }
    if (blocks.length === BLOCK) {
      chapters.push(Object.freeze(blocks));
      blocks = [];
    }
    block.push(entry);
  }
  chapters.push(Object.freeze([...blocks, Object.freeze(block)]));
  return Object.freeze(chapters) as unknown as L;
}

/** The log without the entries behind an index. */
export function truncated<L extends Log<unknown>>(log: L, length: number): L {
  if (length >= lengthOf(log)) return log;
  const whole = current(log);
  const chapters = chaptersOf(whole);
  if (chapters === null || length <= BLOCK) return Object.freeze(entriesOf(whole, 0, length)) as unknown as L;
  const kept = chapters.slice(0, Math.ceil(length / CHAPTER));
  const blocks = [...(kept.pop() ?? [])].slice(0, Math.ceil((length - kept.length * CHAPTER) / BLOCK));
  const block = entriesOf(whole, kept.length * CHAPTER + (blocks.length - 1) * BLOCK, length);
  kept.push(Object.freeze([...blocks.slice(0, -1), Object.freeze(block)]));
  return Object.freeze(kept) as unknown as L;
}

/** How many first entries two logs share, as far as they are the very same objects. */
export function sharedLength(a: Log<unknown>, b: Log<unknown>): number {
  const most = Math.min(lengthOf(a), lengthOf(b));
  if (a === b) return most;
  let shared = 0;
  const [chapters, others] = [chaptersOf(a), chaptersOf(b)];
  if (chapters !== null && others !== null) {
    const chapter = firstDifference(chapters, others);
    const [blocks, otherBlocks] = [chapters[chapter] ?? [], others[chapter] ?? []];
    const block = firstDifference(blocks, otherBlocks);
    const entry = firstDifference(blocks[block] ?? [], otherBlocks[block] ?? []);
    shared = Math.min(most, chapter * CHAPTER + block * BLOCK + entry);
  }
  // The same entries may stand in blocks that were made anew.
  while (shared < most && entryAt(a, shared + 1) === entryAt(b, shared + 1)) shared += 1;
  return shared;
}

/** The first place in which two arrays have not the very same. */
function firstDifference(a: readonly unknown[], b: readonly unknown[]): number {
  const most = Math.min(a.length, b.length);
  let at = 0;
  while (at < most && a[at] === b[at]) at += 1;
  return at;
}

/** The chapters of a log that has any. */
function chaptersOf<Entry>(log: Log<Entry>): readonly Chapter<Entry>[] | null {
  return Array.isArray(log[0]) ? (log as readonly Chapter<Entry>[]) : null;
}

/** A block by its place in the log. */
function blockAt<Entry>(chapters: readonly Chapter<Entry>[], at: number): readonly Entry[] | undefined {
  return chapters[Math.floor(at / BLOCK)]?.[at % BLOCK];
}
