import { expect, test } from 'vitest';
import { same, show, textOf } from '../../spec/plain.ts';

test('equal values have one text, in whatever order they were built', () => {
  expect(textOf({ a: 1, b: [2, null] })).toBe(textOf({ b: [2, null], a: 1 }));
  expect(textOf(new Set(['x', 'y']))).toBe(textOf(new Set(['y', 'x'])));
  expect(same(new Map([[{ k: 1 }, true]]), new Map([[{ k: 1 }, true]]))).toBe(true);
});

test('different values have different texts', () => {
  const values = [
    null,
    'null',
    0,
    '0',
    false,
    [],
    {},
    new Set(),
    new Map(),
    [1],
    ['1'],
    { a: 1 },
    new Map([['a', 1]]),
    '[1]',
  ];
  expect(new Set(values.map(textOf)).size).toBe(values.length);
});

test('sentences show strings bare', () => {
  expect([show('a'), show(1), show(null), show({ x: 'a' })]).toEqual(['a', '1', 'null', '{"x":"a"}']);
});
