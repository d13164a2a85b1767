/** Logs with blocks against their naive twin, the plain array. */

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { edited } from '../../../model/contract/draft.ts';
import { BLOCK, entriesOf, entryAt, extended, lengthOf, logOf, truncated } from '../../../model/kernels/log.ts';

const entries = (length: number, from = 0) => Array.from({ length }, (_, at) => ({ term: from + at }));
/** Lengths around which something changes. */
const lengths = [0, 1, BLOCK, 2 * BLOCK - 1, 2 * BLOCK, 2 * BLOCK + 1, 3 * BLOCK - 1, 3 * BLOCK, 7 * BLOCK + 5];

describe('a log', () => {
  test('shorter than two blocks is the array of its entries', () => {
    expect(logOf(entries(2 * BLOCK - 1))).toEqual(entries(2 * BLOCK - 1));
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

  test('is equal to another with the same entries, however it came to them', () => {
    const change = fc.oneof(fc.record({ append: fc.nat(2 * BLOCK + 3) }), fc.record({ truncate: fc.nat(5 * BLOCK) }));
    fc.assert(
      fc.property(fc.array(change, { maxLength: 8 }), (changes) => {
        let array = entries(0);
        let log = logOf(array);
        for (const made of changes) {
          const added = 'append' in made ? entries(made.append, array.length) : [];
          if ('truncate' in made) array = array.slice(0, made.truncate);
          array = [...array, ...added];
          const state = edited({ log }, (draft) => {
            if ('truncate' in made) draft.log = truncated(draft.log, made.truncate);
            draft.log = extended(draft.log, added);
            expect(lengthOf(draft.log)).toBe(array.length);
          });
          log = state.log;
          expect(log).toEqual(logOf(array));
        }
      }),
      { numRuns: 60 },
    );
  });
});
