/** Zxids against a naive twin: every pair of a small grid. */

import { describe, expect, test } from 'vitest';
import { compareZxids, nextZxid, sameZxid, type Zxid } from '../../../model/kernels/zxid.ts';

const upToFive = [1, 2, 3, 4, 5];
const all: (Zxid | null)[] = [null, ...upToFive.flatMap((epoch) => upToFive.map((counter) => ({ epoch, counter })))];

/** A number that orders as zxids do, for counters below ten. */
const twin = (zxid: Zxid | null) => (zxid === null ? 0 : zxid.epoch * 10 + zxid.counter);

describe('zxids', () => {
  test('are ordered by epoch, then by counter, with none below all', () => {
    for (const a of all) {
      for (const b of all) {
        expect(Math.sign(compareZxids(a, b))).toBe(Math.sign(twin(a) - twin(b)));
        expect(sameZxid(a, b)).toBe(twin(a) === twin(b));
      }
    }
  });

  test('the next one is the least of its epoch above the last', () => {
    for (const last of all) {
      for (const epoch of upToFive.filter((candidate) => candidate >= (last?.epoch ?? 0))) {
        const above = upToFive
          .concat(6)
          .map((counter) => ({ epoch, counter }))
          .filter((candidate) => twin(candidate) > twin(last));
        expect(nextZxid(last, epoch)).toEqual(above[0]);
      }
    }
  });
});
