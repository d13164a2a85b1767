/**
 * Logs of entries that carry terms: the comparisons and the merge on which Raft rests. Indexes count from 1; index 0, of
 * term 0, is before the first entry. Payloads are never looked at.
 *
 * Source: Ongaro and Ousterhout, "In Search of an Understandable Consensus Algorithm" (2014), Figure 2, sections 5.3 and
 * 5.4.
 */

/** An entry, as far as its place in the protocol goes. */
export interface Termed {
  readonly term: number;
}

/** The end of a log, as a candidate tells it. */
export interface LogEnd {
  readonly lastIndex: number;
  readonly lastTerm: number;
}

export function termAt(log: readonly Termed[], index: number): number {
  return log[index - 1]?.term ?? 0;
}

export function endOf(log: readonly Termed[]): LogEnd {
  return { lastIndex: log.length, lastTerm: termAt(log, log.length) };
}

/** Positive, zero or negative as `a` is more, equally or less up-to-date than `b`: the later last term, then the longer log. */
export function compareLogs(a: LogEnd, b: LogEnd): number {
  return a.lastTerm - b.lastTerm || a.lastIndex - b.lastIndex;
}

/** The consistency check: whether the log has an entry of this term at this index. */
export function matchesAt(log: readonly Termed[], index: number, term: number): boolean {
  return index <= log.length && termAt(log, index) === term;
}

/**
 * The log with `entries` behind index `previous`: from the first entry on that conflicts (same index, another term) what
 * the log had is dropped. Without a conflict nothing is, so that a message that comes late cannot undo a later one.
 */
export function mergeEntries<Entry extends Termed>(
  log: readonly Entry[],
  previous: number,
  entries: readonly Entry[],
): readonly Entry[] {
  const known = entries.findIndex(({ term }, offset) => termAt(log, previous + 1 + offset) !== term);
  return known === -1 ? log : [...log.slice(0, previous + known), ...entries.slice(known)];
}

/** The highest index that at least `quorum` of the servers have reached. */
export function reachedBy(quorum: number, indexes: readonly number[]): number {
  return indexes.toSorted((a, b) => b - a)[quorum - 1] ?? 0;
}
