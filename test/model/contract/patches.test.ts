/** Patches: what they add up to, and that they are small. */

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { canonical, jsonText, NotPlainData } from '../../../model/contract/data.ts';
import { difference, patched, patchesFromJson } from '../../../model/contract/patches.ts';

const leaf = fc.oneof(fc.integer({ min: 0, max: 3 }), fc.constantFrom('a', 'b', null, true));
const key = fc.constantFrom('a', 'b', 'c', 'length', 'constructor', 'prototype', '$set');
const keyOfMap = fc.oneof(key, fc.constant('__proto__'), fc.integer({ min: 0, max: 3 }), fc.constant(null));
const { data } = fc.letrec((tie) => ({
  data: fc.oneof(
    { depthSize: 'small' },
    leaf,
    fc.array(tie('data'), { maxLength: 4 }),
    fc.dictionary(key, tie('data'), { maxKeys: 3 }),
    fc.uniqueArray(tie('data'), { maxLength: 3, selector: canonical }).map((members) => new Set(members)),
    fc.array(fc.tuple(keyOfMap, tie('data'))).map((entries) => new Map(entries)),
  ),
}));

test('the difference of two values makes the one of the other, through JSON too', () => {
  fc.assert(
    fc.property(data, data, (before, after) => {
      const patches = difference(before, after);
      expect(canonical(patched(before, patches))).toBe(canonical(after));
      const read = patchesFromJson(JSON.parse(jsonText(patches)));
      expect(canonical(patched(before, read))).toBe(canonical(after));
    }),
    { numRuns: 2000 },
  );
});

test('equal values have no difference, whether or not they are the same', () => {
  fc.assert(
    fc.property(data, (value) => {
      expect(difference(value, structuredClone(value))).toEqual([]);
    }),
  );
});

test('differences are applied one after the other', () => {
  fc.assert(
    fc.property(fc.array(data, { minLength: 2, maxLength: 5 }), (values) => {
      const patches = values.slice(1).flatMap((value, index) => difference(values[index], value));
      expect(canonical(patched(values[0], patches))).toBe(canonical(values.at(-1)));
    }),
  );
});

test('an array that is built anew costs only what is new in it', () => {
  const entries = Array.from({ length: 100 }, (_, term) => ({ term }));
  expect(difference({ log: entries }, { log: [...entries, { term: 7 }] })).toEqual([
    { op: 'add', path: ['log', 100], value: { term: 7 } },
  ]);
  expect(difference({ log: entries }, { log: entries.slice(0, 98) })).toEqual([
    { op: 'replace', path: ['log', 'length'], value: 98 },
  ]);
});

test.each([
  ['what JSON cannot say', { log: [Number.NaN] }],
  ['what JSON leaves out', { term: undefined }],
  ['a key __proto__', JSON.parse('{"term": {"__proto__": 1}}')],
  ['another prototype', Object.setPrototypeOf({ term: 1 }, { log: [] })],
])('%s is refused, for it would not come back', (_what, after) => {
  expect(() => difference({ term: 1 }, after)).toThrow(NotPlainData);
});
