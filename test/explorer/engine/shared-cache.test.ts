import { describe, expect, test, vi } from 'vitest';
import { SharedCache } from '../../../explorer/engine/shared-cache.ts';

const WIDTH = 3;

/** The caches of so many workers, and their memory. */
function caches(workers: number): { memory: SharedArrayBuffer; of: SharedCache[] } {
  const of = Array.from({ length: workers }, () => new SharedCache(WIDTH, () => {}));
  const memory = new SharedArrayBuffer((of[0] as SharedCache).bytes);
  for (const cache of of) cache.share(memory, 0);
  return { memory, of };
}

const tuple = (id: number): Int32Array => Int32Array.of(id, id * 7, id % 3);

test('what one worker knows of a tuple the others do, and of nothing else', () => {
  const [a, b] = caches(2).of as [SharedCache, SharedCache];
  a.set(tuple(5), 42);
  expect(b.get(tuple(5))).toBe(42);
  expect(b.get(Int32Array.of(5, 35, 1))).toBe(0);
  b.set(tuple(5), 43);
  expect(a.get(tuple(5))).toBe(43);
});

test('a worker alone knows nothing by it', () => {
  const cache = new SharedCache(WIDTH, () => {});
  cache.set(tuple(5), 42);
  expect(cache.get(tuple(5))).toBe(0);
});

test('with more tuples than there is room for, some are forgotten, and none has the value of another', () => {
  const [cache] = caches(1).of as [SharedCache];
  const tuples = 200_000;
  for (let id = 1; id <= tuples; id++) cache.set(tuple(id), id);
  let known = 0;
  for (let id = 1; id <= tuples; id++) {
    const value = cache.get(tuple(id));
    if (value === 0) continue;
    known++;
    expect(value).toBe(id);
  }
  expect(known).toBeGreaterThan(tuples / 10);
  expect(known).toBeLessThan(tuples);
});

test('an entry that is being written is not taken, nor is it written by somebody else', () => {
  const { memory, of } = caches(1);
  const [cache] = of as [SharedCache];
  cache.set(tuple(5), 42);
  const words = new Int32Array(memory);
  const version = words.findIndex((word) => word !== 0);
  words[version] = (words[version] as number) + 1;
  expect(cache.get(tuple(5))).toBe(0);
  cache.set(tuple(5), 43);
  words[version] = (words[version] as number) + 1;
  expect(cache.get(tuple(5))).toBe(42);
});

describe('interleavings of two workers, which take turns at each access to shared memory', () => {
  /** Two tuples that have their place in the same entry. */
  const [one, other] = ((): [Int32Array, Int32Array] => {
    const [cache] = caches(1).of as [SharedCache];
    cache.set(tuple(1), 1);
    for (let id = 2; ; id++) {
      cache.set(tuple(id), id);
      if (cache.get(tuple(1)) === 0) return [tuple(1), tuple(id)];
    }
  })();

  /** Runs `slow`, and when it has accessed memory so many times, `quick`, whole. False if it is done by then. */
  function interleave(accesses: number, slow: () => void, quick: () => void): boolean {
    let left = accesses;
    const atomics = Atomics as unknown as Record<string, (...operands: unknown[]) => number>;
    const spies = ['load', 'store', 'compareExchange'].map((operation) => {
      const original = atomics[operation] as (...operands: unknown[]) => number;
      return vi.spyOn(atomics, operation).mockImplementation((...operands) => {
        if (left-- === 0) quick();
        return original(...operands);
      });
    });
    try {
      slow();
    } finally {
      for (const spy of spies) spy.mockRestore();
    }
    return left < 0;
  }

  /** Calls `check` for every moment of `slow` in which `quick` may come; each time with new caches. */
  function everyMoment(
    slow: (cache: SharedCache) => void,
    quick: (cache: SharedCache) => void,
    check: (cache: SharedCache) => void,
  ): number {
    for (let accesses = 0; ; accesses++) {
      const [a, b] = caches(2).of as [SharedCache, SharedCache];
      a.set(one, 1);
      const takeSlowly = () => slow(a);
      if (!interleave(accesses, takeSlowly, () => quick(b))) return accesses;
      check(a);
    }
  }

  test('a reader finds nothing in an entry that another worker has written meanwhile', () => {
    let read = 0;
    const values = new Set<number>();
    const moments = everyMoment(
      (cache) => {
        read = cache.get(one);
      },
      (cache) => cache.set(other, 2),
      (cache) => {
        values.add(read);
        expect(cache.get(other)).toBe(2);
      },
    );
    expect(moments).toBeGreaterThan(WIDTH);
    expect(values).toEqual(new Set([0]));
  });

  test('a reader finds nothing of what is not yet whole', () => {
    let read: number[] = [];
    const values = new Set<string>();
    everyMoment(
      (cache) => cache.set(other, 2),
      (cache) => {
        read = [cache.get(one), cache.get(other)];
      },
      () => values.add(String(read)),
    );
    expect(values).toEqual(new Set(['1,0', '0,0']));
  });

  test('of two writers one may come in vain, and what stands there then is whole', () => {
    everyMoment(
      (cache) => cache.set(one, 3),
      (cache) => cache.set(other, 2),
      (cache) =>
        expect([
          [0, 2],
          [3, 0],
        ]).toContainEqual([cache.get(one), cache.get(other)]),
    );
  });
});
