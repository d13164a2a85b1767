/**
 * Logs of entries that carry terms: the comparisons and the merge on which Raft rests. Indexes count from 1; index 0, of
 * term 0, is before the first entry. Payloads are never looked at.
 *
 * Source: Ongaro and Ousterhout, "In Search of an Understandable Consensus Algorithm" (2014), Figure 2, sections 5.3 and
 * 5.4.
 */

import { entryAt, type Log, lengthOf } from './log.ts';

/** An entry, as far as its place in the protocol goes. */
export interface Termed {
  readonly term: number;
}

/** The end of a log, as a candidate tells it. */
export interface LogEnd {
  readonly lastIndex: number;
  readonly lastTerm: number;
}

export function termAt(log: Log<Termed>, index: number): number {
  return entryAt(log, index)?.term ?? 0;
}

export function endOf(log: Log<Termed>): LogEnd {
  const lastIndex = lengthOf(log);
  return { lastIndex, lastTerm: termAt(log, lastIndex) };
}

/** Positive, zero or negative as `a` is more, equally or less up-to-date than `b`: the later last term, then the longer log. */
export function compareLogs(a: LogEnd, b: LogEnd): number {
  return a.lastTerm - b.lastTerm || a.lastIndex - b.lastIndex;
}

/** The consistency check: whether the log has an entry of this term at this index. */
export function matchesAt(log: Log<Termed>, index: number, term: number): boolean {
  return index <= lengthOf(log) && termAt(log, index) === term;
}

/**
 * How much of a log stays when `entries` are to stand behind index `previous`: what is before the first conflict (same
 * index, another term). Without a conflict all of it, so that a message that comes late cannot undo a later one.
 */
export function keptLength(log: Log<Termed>, previous: number, entries: readonly Termed[]): number {
  const length = lengthOf(log);
  const overlap = Math.max(0, Math.min(entries.length, length - previous));
  const conflict = entries.slice(0, overlap).findIndex(({ term }, at) => termAt(log, previous + 1 + at) !== term);
  return conflict === -1 ? length : previous + conflict;
}

/**
 * From where on a leader may send again to a log that does not match its own at `index`: behind the end of a log that is
 * too short; else where the term begins that the log has at the index (section 5.3, the paragraph on reducing the number
 * of rejected AppendEntries). That may be further back than needed, never too little to be worth a message.
 */
export function resumeAt(log: Log<Termed>, index: number): number {
  const length = lengthOf(log);
  if (index > length) return length + 1;
  const term = termAt(log, index);
  let begin = index;
  while (begin > 1 && termAt(log, begin - 1) === term) begin -= 1;
  return begin;
}

/** The highest index that at least `quorum` of the servers have reached. */
export function reachedBy(quorum: number, indexes: readonly number[]): number {
  return indexes.toSorted((a, b) => b - a)[quorum - 1] ?? 0;
}
