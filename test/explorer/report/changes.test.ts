import { describe, expect, test } from 'vitest';
import { changesOf } from '../../../explorer/report/changes.ts';
import { formatter } from '../../../explorer/report/format.ts';

const format = formatter(['n1', 'n2', 'n3']);

function told(before: unknown, after: unknown): string[] {
  return changesOf(before, after, format).map(({ path, change }) => `${path}: ${change}`);
}

describe('what changed', () => {
  test('nothing of equal values, whatever their identity', () => {
    expect(told({ a: new Set([1, 2]) }, { a: new Set([2, 1]) })).toEqual([]);
  });
  test('a field', () => expect(told({ a: null, b: 1 }, { a: 'x', b: 1 })).toEqual(['a: none -> x']));
  test('a field deep within', () => {
    expect(told({ a: { b: { c: 1, d: 2 } } }, { a: { b: { c: 1, d: 3 } } })).toEqual(['a.b.d: 2 -> 3']);
  });
  test('members of a set', () => {
    expect(told({ a: new Set(['n1', 'n2']) }, { a: new Set(['n1', 'n3']) })).toEqual(['a: - n2, + n3']);
  });
  test('entries of a map, also under keys that are objects', () => {
    const before = new Map([[{ k: 1 }, 'a']]);
    const after = new Map([
      [{ k: 1 }, 'b'],
      [{ k: 2 }, 'c'],
    ]);
    expect(told({ m: before }, { m: after })).toEqual(['m[{k: 1}]: a -> b', 'm: + {k: 2} -> c']);
  });
  test('entries of a record', () => {
    expect(told({ r: {} }, { r: { n2: null } })).toEqual(['r: + n2: none']);
    expect(told({ r: { n1: 1, n2: 2 } }, { r: { n1: 1 } })).toEqual(['r: - n2']);
  });
  test('a sequence that grows, shrinks, is rewritten from somewhere on, or changes in a place', () => {
    expect(told({ l: ['a'] }, { l: ['a', 'b', 'c'] })).toEqual(['l: + b, c']);
    expect(told({ l: ['a', 'b'] }, { l: [] })).toEqual(['l: - a, b']);
    expect(told({ l: ['a', 'b', 'c'] }, { l: ['a', 'd'] })).toEqual(['l: - b, c, + d']);
    expect(told({ l: [{ x: 1 }, { x: 2 }] }, { l: [{ x: 1 }, { x: 3 }] })).toEqual(['l[1].x: 2 -> 3']);
  });
  test('a unique number is told whole', () => {
    expect(told({ b: { round: 1, id: 'n1' } }, { b: { round: 2, id: 'n1' } })).toEqual(['b: 1.n1 -> 2.n1']);
  });
  test('one phase after another: what it gained and lost', () => {
    const before = { attempt: { phase: 'prepare', promises: {} } };
    const after = { attempt: { phase: 'accept', accepted: new Set(['n1']) } };
    expect(told(before, after)).toEqual(['attempt.phase: prepare -> accept', 'attempt: - promises, + accepted: {n1}']);
  });
  test('what is given up is not told again when it is long', () => {
    const long = { first: 'something', second: 'something else', third: 'more' };
    expect(told({ a: long }, { a: null })).toEqual(['a: ... -> none']);
    expect(told({ a: 'x' }, { a: null })).toEqual(['a: x -> none']);
  });
  test('a value that is no record', () => expect(told(1, 2)).toEqual([': 1 -> 2']));
});
