import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { partKey } from '../../../explorer/engine/fingerprint.ts';
import {
  canonical,
  type Data,
  equal,
  fromCanonical,
  fromJson,
  jsonText,
  NotPlainData,
  requirePlain,
  snapshot,
  toJson,
} from '../../../model/contract/data.ts';
import { edited } from '../../../model/contract/draft.ts';

/** Texts that mean something to JavaScript, or in JSON. */
const meaning = fc.constantFrom('__proto__', 'constructor', 'toString', 'length', '$set', '$map', '$object');
const name = fc.oneof(fc.string(), meaning);

/** Any plain data, Sets and Maps included. */
const data: fc.Arbitrary<Data> = fc.letrec<{ value: Data }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom(null, true, false),
    fc.integer(),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    name,
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(
      name.filter((key) => key !== '__proto__'),
      tie('value'),
      { maxKeys: 3 },
    ),
    fc.uniqueArray(tie('value'), { maxLength: 3, selector: canonical }).map((members) => new Set(members)),
    fc.array(fc.tuple(name, tie('value')), { maxLength: 3 }).map((entries) => new Map(entries)),
  ),
})).value;

test('what is required to be plain is what has a canonical text', () => {
  const odd = fc.oneof(
    fc.constantFrom(undefined, Number.NaN, new Date(0), Symbol('s'), Array(1), Object.create(null)),
    data,
  );
  const mixed = fc.oneof(
    odd,
    fc.array(odd),
    fc.dictionary(name, odd),
    fc.array(odd).map((list) => ({ list })),
  );
  const thrownBy = (check: (value: unknown) => unknown, value: unknown): string => {
    try {
      check(value);
      return '';
    } catch (thrown) {
      return String(thrown);
    }
  };
  fc.assert(
    fc.property(mixed, (value) => {
      expect(thrownBy(requirePlain, value)).toBe(thrownBy(canonical, value));
    }),
  );
});

describe('fromCanonical', () => {
  test('gives the value back, frozen', () => {
    fc.assert(
      fc.property(data, (value) => {
        const again = fromCanonical(canonical(value));
        expect(canonical(again)).toBe(canonical(value));
        // Through text, which has no negative zero.
        expect(toJson(again)).toEqual(JSON.parse(JSON.stringify(toJson(value))));
        expect(Object.isFrozen(again)).toBe(true);
      }),
    );
  });

  test('gives equal values in one order, however they were filled', () => {
    const [a, b] = [
      new Map<unknown, unknown>([
        ['p', 1],
        ['q', new Set([2, 1])],
      ]),
      new Map<unknown, unknown>([
        ['q', new Set([1, 2])],
        ['p', 1],
      ]),
    ];
    expect(JSON.stringify([...(fromCanonical(canonical(a)) as Map<unknown, unknown>).keys()])).toBe('["p","q"]');
    expect(fromCanonical(canonical(b))).toEqual(fromCanonical(canonical(a)));
  });

  test('refuses what is no canonical text', () => {
    for (const text of ['', '[1', '{"a"}', '1 2', '#x', '[1]]'])
      expect(() => fromCanonical(text), text).toThrow(SyntaxError);
  });
});

describe('canonical', () => {
  test('does not depend on the order of insertion', () => {
    expect(canonical({ a: 1, b: new Set(['x', 'y']) })).toBe(canonical({ b: new Set(['y', 'x']), a: 1 }));
    expect(
      canonical(
        new Map([
          ['p', 1],
          ['q', 2],
        ]),
      ),
    ).toBe(
      canonical(
        new Map([
          ['q', 2],
          ['p', 1],
        ]),
      ),
    );
  });

  test('tells different kinds apart', () => {
    const different = [
      '1',
      1,
      [1],
      new Set([1]),
      { 1: 1 },
      new Map([[1, 1]]),
      [[1]],
      [],
      new Set(),
      {},
      new Map(),
      null,
      true,
      'null',
      '[1]',
    ];
    expect(new Set(different.map(canonical)).size).toBe(different.length);
    expect(canonical(-0)).toBe(canonical(0));
  });

  test('changing any part of a value changes its text, and the fingerprint key of the slot that holds it', () => {
    fc.assert(
      fc.property(data, data, (a, b) => {
        fc.pre(canonical(a) !== canonical(b));
        for (const [one, other] of [
          [{ field: a }, { field: b }],
          [[a], [b]],
          [new Set([a]), new Set([b])],
          [new Map([['key', a]]), new Map([['key', b]])],
          [{ deep: { deeper: [a, 0] } }, { deep: { deeper: [b, 0] } }],
        ] as const) {
          expect(canonical(one)).not.toBe(canonical(other));
          expect(partKey('n1', canonical(one))).not.toEqual(partKey('n1', canonical(other)));
        }
        expect(partKey('n1', canonical(a))).not.toEqual(partKey('n2', canonical(a)));
      }),
    );
  });

  test.each([
    ['undefined', { a: [1, undefined] }, 'a[1]'],
    ['NaN', { a: { b: Number.NaN } }, 'a.b'],
    ['a function', { act: () => 1 }, 'act'],
    ['a date', { at: new Date(0) }, 'at'],
    ['a bigint', [1n], '[0]'],
    ['a symbol key', { [Symbol('s')]: 1 }, 'the value'],
    ['a member that is there twice', { votes: new Set([{ n: 1 }, { n: 1 }]) }, 'votes is a Set with two members that'],
    [
      'a key that is there twice',
      new Map([
        [[1], 1],
        [[1], 2],
      ]),
      'the value is a Map with two keys that are equal',
    ],
    ['a key __proto__', JSON.parse('{"a": {"__proto__": 1}}'), 'a is an object with the key __proto__'],
    ['another prototype', { a: Object.create({ seq: 1 }) }, 'a is an object of which the prototype was replaced'],
  ])('refuses %s and says where it is', (_, value, where) => {
    expect(() => canonical(value)).toThrow(NotPlainData);
    expect(() => canonical(value)).toThrow(where);
  });

  test('refuses a cycle', () => {
    const loop: Record<string, unknown> = {};
    loop.self = loop;
    expect(() => canonical(loop)).toThrow(/cycle/);
  });
});

test('a Map may have any key', () => {
  const map = new Map([['__proto__', { polluted: true }]]);
  expect(fromCanonical(canonical(map))).toEqual(map);
  expect(fromJson(JSON.parse(JSON.stringify(toJson(map))))).toEqual(map);
  expect({}).not.toHaveProperty('polluted');
});

test('what looks like the JSON of a Set or a Map comes back as what it was', () => {
  const data = { $set: [1], inner: { $map: [['a', { $object: [] }]] } };
  expect(toJson(data)).toEqual({
    $object: [
      ['$set', [1]],
      ['inner', { $object: [['$map', [['a', { $object: [['$object', []]] }]]]] }],
    ],
  });
  expect(fromJson(toJson(data))).toEqual(data);
});

test('JSON is written as it is read', () => {
  fc.assert(fc.property(data, (value) => jsonText(value) === JSON.stringify(toJson(value))));
});

test('JSON and back is the same value', () => {
  fc.assert(fc.property(data, (value) => equal(fromJson(JSON.parse(JSON.stringify(toJson(value)))), value)));
});

test('a snapshot of a draft does not change with the draft', () => {
  const taken: unknown[] = [];
  edited({ log: ['a'], seen: new Set(['x']) }, (draft) => {
    taken.push(snapshot({ entries: draft.log, nested: [{ seen: draft.seen }] }));
    draft.log.push('b');
    draft.seen.add('y');
  });
  expect(taken[0]).toEqual({ entries: ['a'], nested: [{ seen: new Set(['x']) }] });
});

test('two values are equal exactly when their canonical texts are', () => {
  fc.assert(
    fc.property(data, data, (a, b) => {
      expect(equal(a, b)).toBe(canonical(a) === canonical(b));
      expect(equal(a, structuredClone(a))).toBe(true);
      expect(equal([a, b], [b, a])).toBe(canonical(a) === canonical(b));
      expect(equal({ x: a, y: b }, { y: b, x: a })).toBe(true);
      expect(equal({ x: a }, { x: a, y: b })).toBe(false);
    }),
  );
});

test('two maps are equal exactly when their canonical texts are, whatever their keys and the order of these', () => {
  const entries = fc.uniqueArray(fc.tuple(data, data), { maxLength: 3, selector: ([key]) => canonical(key) });
  fc.assert(
    fc.property(entries, entries, (a, b) => {
      const backwards = new Map(structuredClone(a).reverse());
      expect(equal(new Map(a), backwards)).toBe(true);
      expect(equal(new Map(a), new Map(b))).toBe(canonical(new Map(a)) === canonical(new Map(b)));
    }),
  );
  expect(equal(new Map([[1, 'a']]), new Map<unknown, string>([['1', 'a']]))).toBe(false);
  expect(equal(new Map([[{ x: 1 }, 'a']]), new Map([[{ x: 1 }, 'b']]))).toBe(false);
});
