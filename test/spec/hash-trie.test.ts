/** Hash tries against their naive twin, the map of all keys. */

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type HashTrie, LARGEST_LEAF, valueAt, withoutKey, withValue } from '../../spec/hash-trie.ts';

const trieOf = (entries: Iterable<readonly [string, number]>): HashTrie<number> =>
  [...entries].reduce<HashTrie<number>>((trie, [key, value]) => withValue(trie, key, value), new Map());

/** Enough keys for three levels, in the order of their values. */
const many = Array.from({ length: 20 * LARGEST_LEAF }, (_, at) => [`key-${at}`, at] as const);

test('a map of few keys is a Map', () => {
  const few = many.slice(0, LARGEST_LEAF);
  expect(trieOf(few)).toEqual(new Map(few));
});

test('a map of many has them all, and no other', () => {
  const trie = trieOf(many);
  for (const [key, value] of many) expect(valueAt(trie, key)).toBe(value);
  expect(valueAt(trie, 'key')).toBe(undefined);
  expect(withoutKey(trie, 'key')).toBe(trie);
});

test('a change leaves the map that it is of, and what else is in it, as they were', () => {
  const trie = trieOf(many);
  const before = structuredClone(trie);
  const after = withValue(trie, 'key-7', -7) as readonly HashTrie<number>[];
  expect(trie).toEqual(before);
  expect([trie, ...(trie as readonly HashTrie<number>[])].every(Object.isFrozen)).toBe(true);
  expect(after.filter((branch, at) => branch !== (trie as readonly HashTrie<number>[])[at])).toHaveLength(1);
});

test('keys whose hashes are the same are told apart', () => {
  // Two words that are known to have the same FNV-1a; and so they have with any common end.
  const [one, other] = ['costarring', 'liquid'];
  const ends = Array.from({ length: LARGEST_LEAF }, (_, at) => String(at));
  const trie = trieOf(ends.flatMap((end, at) => [[one + end, at] as const, [other + end, -at] as const]));
  for (const [at, end] of ends.entries())
    expect([valueAt(trie, one + end), valueAt(trie, other + end)]).toEqual([at, -at]);
});

test('maps with the same values for the same keys are equal, however they came to them', () => {
  const key = fc.integer({ min: 0, max: 4 * LARGEST_LEAF }).map((at) => `k${at}`);
  const change = fc.record({ key, value: fc.option(fc.nat(3)) });
  fc.assert(
    fc.property(fc.array(change, { maxLength: 12 * LARGEST_LEAF }), (changes) => {
      const naive = new Map<string, number>();
      let trie: HashTrie<number> = new Map();
      for (const { key, value } of changes) {
        if (value === null) naive.delete(key);
        else naive.set(key, value);
        trie = value === null ? withoutKey(trie, key) : withValue(trie, key, value);
      }
      expect(trie).toEqual(trieOf(naive));
      for (const { key } of changes) expect(valueAt(trie, key)).toBe(naive.get(key));
    }),
  );
});
