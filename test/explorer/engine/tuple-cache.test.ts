import { expect, test } from 'vitest';
import { TupleCache } from '../../../explorer/engine/tuple-cache.ts';

const tuple = (id: number): Int32Array => Int32Array.of(id, id * 7, 1 + (id % 3));

/** How many of so many tuples are known; all that are have their own value. */
function known(cache: TupleCache, tuples: number): number {
  let count = 0;
  for (let id = 1; id <= tuples; id++) {
    const value = cache.get(tuple(id));
    if (value === 0) continue;
    if (value !== id) expect(value).toBe(id);
    count++;
  }
  return count;
}

test('a tuple has the value that it was given last, and no other tuple has it', () => {
  const cache = new TupleCache(3);
  cache.set(tuple(5), 1);
  cache.set(tuple(5), 2);
  expect(cache.get(tuple(5))).toBe(2);
  expect(cache.get(Int32Array.of(5, 35, 1))).toBe(0);
  cache.clear();
  expect(cache.get(tuple(5))).toBe(0);
});

test('it grows with what it is to hold, and keeps most of it', () => {
  const cache = new TupleCache(3);
  for (const tuples of [1000, 10_000, 100_000]) {
    for (let id = 1; id <= tuples; id++) cache.set(tuple(id), id);
    expect(known(cache, tuples)).toBeGreaterThan(tuples / 2);
  }
});

test('it does not grow without end: of too many tuples most are forgotten, and none has the value of another', () => {
  const cache = new TupleCache(3);
  const tuples = 4_000_000;
  for (let id = 1; id <= tuples; id++) cache.set(tuple(id), id);
  expect(known(cache, tuples)).toBeLessThan(tuples / 2);
});
