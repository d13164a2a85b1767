/** The key-value store, operation by operation. */

import { expect, test } from 'vitest';
import { type KeyValueOp, type KeyValueResult, keyValue, linearizableByKey } from '../../spec/key-value.ts';

test('each operation gives what the ones before it have left', () => {
  const script: [KeyValueOp, KeyValueResult][] = [
    [{ type: 'get', key: 'x' }, null],
    [{ type: 'compare-and-set', key: 'x', expected: null, value: '1' }, true],
    [{ type: 'compare-and-set', key: 'x', expected: null, value: '2' }, false],
    [{ type: 'get', key: 'x' }, '1'],
    [{ type: 'put', key: '__proto__', value: '3' }, null],
    [{ type: 'get', key: '__proto__' }, '3'],
    [{ type: 'delete', key: 'x' }, true],
    [{ type: 'delete', key: 'x' }, false],
    [{ type: 'get', key: 'x' }, null],
  ];
  let state = keyValue.initial;
  for (const [op, expected] of script) {
    const applied = keyValue.apply(state, op);
    expect(applied.result).toEqual(expected);
    state = applied.state;
  }
  expect(keyValue.initial).toEqual(new Map());
});

test('keys are judged apart: what happens to one explains nothing of another', () => {
  const base = { client: 'a', invokedAt: 0, returnedAt: 1 };
  const put = { ...base, op: { type: 'put', key: 'x', value: '1' }, result: null } as const;
  const read = (key: string, result: string | null) =>
    ({ client: 'b', invokedAt: 2, returnedAt: 3, op: { type: 'get', key }, result }) as const;
  expect(linearizableByKey([put, read('x', '1'), { ...read('y', null), client: 'c' }])).toBe(true);
  expect(linearizableByKey([put, read('y', '1')])).toMatch('get y');
});
