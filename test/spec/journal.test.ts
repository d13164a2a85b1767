import { expect, test } from 'vitest';
import { executedOnce, journal, sameResult } from '../../spec/journal.ts';
import { linearizable } from '../../spec/linearizability.ts';

test('the result of an operation is its place', () => {
  const first = journal.apply(journal.initial, 'a');
  expect(first).toEqual({ state: ['a'], result: 1 });
  expect(journal.apply(first.state, 'b')).toEqual({ state: ['a', 'b'], result: 2 });
});

test('a second execution shows', () => {
  expect(executedOnce({ n1: [], n2: ['a', 'b'] })).toBe(true);
  expect(executedOnce({ n1: ['a'], n2: ['a', 'b', 'a'] })).toBe('n2 executed a twice');
});

test('a second result shows', () => {
  expect(sameResult({ c1: [1], c2: [2, 2] })).toBe(true);
  expect(sameResult({ c1: [1], c2: [2, 3] })).toBe('c2 was given the results 2 and 3');
});

test('results that leave a gap are not linearizable', () => {
  const history = (result: number) => [
    { client: 'c1', completed: [{ op: 'a', after: [], result: 1 }], pending: null },
    { client: 'c2', completed: [{ op: 'b', after: [], result }], pending: null },
  ];
  expect(linearizable(journal, history(2))).toBe(true);
  expect(linearizable(journal, history(3))).toMatch(/b at 3/);
});
