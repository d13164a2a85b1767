/** The key-value store, operation by operation. */

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type KeyValueOp, type KeyValueResult, keyValue, linearizableByKey } from '../../spec/key-value.ts';
import { batchOf } from '../../spec/linearizability.ts';

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
  expect(keyValue.initial.size).toBe(0);
});

test.each([
  ['of its own', keyValue],
  ['of single operations', { initial: keyValue.initial, apply: keyValue.apply }],
])('a batch %s is its operations one after the other, and leaves the state that it begins at', (_which, store) => {
  const key = fc.constantFrom('x', 'y');
  const value = fc.constantFrom('1', '2');
  const op: fc.Arbitrary<KeyValueOp> = fc.oneof(
    fc.record({ type: fc.constant('get'), key }),
    fc.record({ type: fc.constant('put'), key, value }),
    fc.record({ type: fc.constant('delete'), key }),
    fc.record({ type: fc.constant('compare-and-set'), key, expected: fc.option(value), value }),
  );
  fc.assert(
    fc.property(fc.array(op), fc.array(op), (before, ops) => {
      const begun = before.reduce((state, each) => keyValue.apply(state, each).state, keyValue.initial);
      const was = [...begun];
      const batch = batchOf(store, begun);
      let state = begun;
      for (const each of ops) {
        const applied = keyValue.apply(state, each);
        expect(batch.apply(each)).toBe(applied.result);
        state = applied.state;
      }
      expect([...batch.state].sort()).toEqual([...state].sort());
      expect([...begun]).toEqual(was);
    }),
  );
});

test('keys are judged apart: what happens to one explains nothing of another', () => {
  const base = { client: 'a', invokedAt: 0, returnedAt: 1 };
  const put = { ...base, op: { type: 'put', key: 'x', value: '1' }, result: null } as const;
  const read = (key: string, result: string | null) =>
    ({ client: 'b', invokedAt: 2, returnedAt: 3, op: { type: 'get', key }, result }) as const;
  expect(linearizableByKey([put, read('x', '1'), { ...read('y', null), client: 'c' }])).toBe(true);
  expect(linearizableByKey([put, read('y', '1')])).toMatch('get y');
});
