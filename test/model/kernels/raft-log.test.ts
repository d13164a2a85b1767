/** Comparisons and merge of logs against their naive twins, for all logs of up to four entries of terms 1 to 3. */

import { describe, expect, test } from 'vitest';
import {
  compareLogs,
  endOf,
  keptLength,
  matchesAt,
  reachedBy,
  resumeAt,
  termAt,
} from '../../../model/kernels/raft-log.ts';

interface Entry {
  readonly term: number;
  /** Which log it came from. */
  readonly from: string;
}

/** Every sequence of terms that does not fall, of up to `length` terms from `first` to 3. */
function sequences(length: number, first = 1): number[][] {
  if (length === 0) return [[]];
  const longer = [1, 2, 3]
    .filter((term) => term >= first)
    .flatMap((term) => sequences(length - 1, term).map((rest) => [term, ...rest]));
  return [[], ...longer];
}

const logOf = (from: string) => (terms: number[]) => terms.map((term): Entry => ({ term, from }));
const logs = sequences(4).map(logOf('own'));

/** Index by index, as section 5.4.1 says it. */
function isMoreUpToDate(a: readonly Entry[], b: readonly Entry[]): boolean {
  const [last, other] = [a.at(-1), b.at(-1)];
  if (last === undefined || other === undefined) return last !== undefined;
  if (last.term !== other.term) return last.term > other.term;
  return a.length > b.length;
}

/** Steps 3 and 4 of Figure 2's AppendEntries, one entry at a time. */
function mergeOneByOne(log: readonly Entry[], previous: number, entries: readonly Entry[]): Entry[] {
  let merged = [...log];
  for (const [offset, entry] of entries.entries()) {
    const index = previous + 1 + offset;
    const existing = merged.find((_, at) => at + 1 === index);
    if (existing !== undefined && existing.term !== entry.term) merged = merged.filter((_, at) => at + 1 < index);
    if (existing === undefined || existing.term !== entry.term) merged.push(entry);
  }
  return merged;
}

function mergeEntries(log: readonly Entry[], previous: number, entries: readonly Entry[]): Entry[] {
  const kept = keptLength(log, previous, entries);
  return [...log.slice(0, kept), ...entries.slice(Math.max(0, kept - previous))];
}

describe('logs', () => {
  test('are compared as section 5.4.1 says', () => {
    for (const a of logs) {
      for (const b of logs) {
        const order = compareLogs(endOf(a), endOf(b));
        expect(order > 0).toBe(isMoreUpToDate(a, b));
        expect(order < 0).toBe(isMoreUpToDate(b, a));
      }
    }
  });

  test('are compared by a total preorder', () => {
    for (const a of logs) {
      for (const b of logs) {
        expect(Math.sign(compareLogs(endOf(a), endOf(b)))).toBe(0 - Math.sign(compareLogs(endOf(b), endOf(a))));
        for (const c of logs.slice(0, 12)) {
          if (compareLogs(endOf(a), endOf(b)) >= 0 && compareLogs(endOf(b), endOf(c)) >= 0) {
            expect(compareLogs(endOf(a), endOf(c))).toBeGreaterThanOrEqual(0);
          }
        }
      }
    }
  });

  test('match where they have an entry of the term; before the first entry, always', () => {
    for (const log of logs) {
      expect(matchesAt(log, 0, 0)).toBe(true);
      expect(termAt(log, 0)).toBe(0);
      for (let index = 1; index <= 5; index++) {
        for (let term = 1; term <= 3; term++) {
          const has = log.some((entry, at) => at + 1 === index && entry.term === term);
          expect(matchesAt(log, index, term)).toBe(has);
        }
      }
    }
  });

  test('are merged as entry by entry', () => {
    for (const log of logs) {
      for (let previous = 0; previous <= log.length; previous++) {
        for (const entries of sequences(3, termAt(log, previous)).map(logOf('leader'))) {
          expect(mergeEntries(log, previous, entries)).toEqual(mergeOneByOne(log, previous, entries));
        }
      }
    }
  });

  test('once merged, the same message again changes nothing', () => {
    for (const log of logs) {
      for (const entries of sequences(3).map(logOf('leader'))) {
        const merged = mergeEntries(log, 0, entries);
        expect(mergeEntries(merged, 0, entries)).toEqual(merged);
        expect(mergeEntries(merged, 0, entries.slice(0, 1))).toEqual(merged);
      }
    }
  });
});

describe('where a leader may send again from', () => {
  test('is behind a log that is too short; before it, logs with the same terms still match', () => {
    for (const log of logs) {
      for (let index = 1; index <= 6; index++) {
        const from = resumeAt(log, index);
        expect(from).toBeLessThanOrEqual(index);
        expect(from).toBeGreaterThanOrEqual(1);
        if (index > log.length) expect(from).toBe(log.length + 1);
        else
          expect(log.slice(from - 1, index).map(({ term }) => term)).toEqual(
            Array(index - from + 1).fill(termAt(log, index)),
          );
        if (from <= log.length && from > 1) expect(termAt(log, from - 1)).not.toBe(termAt(log, index));
      }
    }
  });
});

describe('the index that a quorum has reached', () => {
  /** All lists of `length` indexes from 0 to 3. */
  const lists = (length: number): number[][] =>
    length === 0 ? [[]] : lists(length - 1).flatMap((list) => [0, 1, 2, 3].map((index) => [...list, index]));

  test('is the highest that so many have reached, for up to five servers', () => {
    for (let servers = 1; servers <= 5; servers++) {
      for (const indexes of lists(servers)) {
        for (let quorum = 1; quorum <= servers; quorum++) {
          const highest = [3, 2, 1].find((n) => indexes.filter((index) => index >= n).length >= quorum) ?? 0;
          expect(reachedBy(quorum, indexes)).toBe(highest);
        }
      }
    }
  });
});
