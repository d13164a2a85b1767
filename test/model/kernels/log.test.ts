/** Logs in blocks and chapters against their naive twin, the plain array. */

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { equal } from '../../../model/contract/data.ts';
import { edited } from '../../../model/contract/draft.ts';
import {
  BLOCK,
  entriesOf,
  entryAt,
  extended,
  lengthOf,
  logOf,
  sharedLength,
  truncated,
} from '../../../model/kernels/log.ts';

const entries = (length: number, from = 0) => Array.from({ length }, (_, at) => ({ term: from + at }));
/** Lengths around which something changes. */
const CHAPTER = BLOCK * BLOCK;
const lengths = [0, 1, BLOCK, BLOCK + 1, 2 * BLOCK, 7 * BLOCK + 5, CHAPTER, CHAPTER + 1, 2 * CHAPTER + BLOCK + 1];

describe('a log', () => {
  test('of at most a block is the array of its entries', () => {
    expect(logOf(entries(BLOCK))).toEqual(entries(BLOCK));
    expect(logOf(entries(BLOCK + 1))).toEqual([[entries(BLOCK), entries(1, BLOCK)]]);
  });

  test.each(lengths)('of %i entries has them all, in order', (length) => {
    const array = entries(length);
    const log = logOf(array);
    expect(lengthOf(log)).toBe(length);
    expect(entriesOf(log)).toEqual(array);
    for (let index = 1; index <= length + 2; index++) expect(entryAt(log, index)).toEqual(array[index - 1]);
    for (const after of lengths) {
      for (const last of lengths)
        if (last >= after) expect(entriesOf(log, after, last)).toEqual(array.slice(after, last));
    }
  });

  test('is equal to another with the same entries, however it came to them, and shares what it kept', () => {
    const change = fc.oneof(
      fc.record({ append: fc.oneof(fc.nat(2 * BLOCK + 3), fc.nat(2 * CHAPTER)) }),
      fc.record({ truncate: fc.oneof(fc.nat(5 * BLOCK), fc.nat(3 * CHAPTER)) }),
    );
    fc.assert(
      fc.property(fc.array(change, { maxLength: 8 }), (changes) => {
        let array = entries(0);
        let log = logOf(array);
        for (const made of changes) {
          const added = 'append' in made ? entries(made.append, array.length) : [];
          const before = log;
          if ('truncate' in made) array = array.slice(0, made.truncate);
          const kept = array.length;
          array = [...array, ...added];
          const state = edited({ log }, (draft) => {
            if ('truncate' in made) draft.log = truncated(draft.log, made.truncate);
            draft.log = extended(draft.log, added);
            expect(lengthOf(draft.log)).toBe(array.length);
          });
          log = state.log;
          expect(equal(log, logOf(array))).toBe(true);
          expect(sharedLength(before, log)).toBe(kept);
        }
      }),
      { numRuns: 60 },
    );
  });
});
