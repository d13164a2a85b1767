import { describe, expect, test } from 'vitest';
import { formatter } from '../../../explorer/report/format.ts';

const { value, tagged, field } = formatter(['n1', 'n2']);

describe('values as text', () => {
  test.each([
    [null, 'none'],
    [true, 'true'],
    [-3, '-3'],
    ['a', 'a'],
    ['n1', 'n1'],
    ['two words', '"two words"'],
    ['', '""'],
    ['7', '"7"'],
    ['none', '"none"'],
    [[], '[]'],
    [['a', 1], '[a, 1]'],
    [new Set(['b', 'a']), '{a, b}'],
    [new Map([['k', [1]]]), '{k -> [1]}'],
    [{}, '{}'],
    [{ a: 1, b: null }, '{a: 1, b: none}'],
    [{ round: 1, proposer: 'n2' }, '1.n2'],
    [{ round: 1, proposer: 'n3' }, '{round: 1, proposer: n3}'],
    [{ ballot: { round: 1, proposer: 'n2' }, value: 'a' }, '{ballot: 1.n2, value: a}'],
    [[{ type: 'Put', key: 'x' }], '[Put x]'],
  ])('%o is %s', (of, text) => expect(value(of)).toBe(text));

  test('sets and maps read the same whatever the order of insertion', () => {
    expect(value(new Set([3, 1, 2]))).toBe(value(new Set([2, 3, 1])));
    const entries = [
      ['x', 1],
      ['y', 2],
    ] as const;
    expect(value(new Map(entries))).toBe(value(new Map(entries.toReversed())));
  });
});

describe('messages as text', () => {
  const ballot = { round: 1, proposer: 'n1' };
  test.each([
    [{ type: 'Get' }, 'Get'],
    [{ type: 'Accept', ballot, value: 'a' }, 'Accept 1.n1 a'],
    [{ type: 'Promise', ballot, vote: null }, 'Promise 1.n1 (no vote)'],
    [{ type: 'Promise', ballot, vote: { ballot, value: 'a' } }, 'Promise 1.n1 (vote {ballot: 1.n1, value: a})'],
    [{ type: 'Refused', ballot, promised: { round: 2, proposer: 'n2' } }, 'Refused 1.n1 (promised 2.n2)'],
    [{ type: 'Vote', term: 3, granted: true }, 'Vote 3 (granted)'],
    [{ type: 'Vote', term: 3, granted: false }, 'Vote 3 (not granted)'],
    [{ type: 'Append', term: 3, index: 1, entries: ['a'] }, 'Append 3 (index 1, entries [a])'],
  ])('%o is %s', (message, text) => expect(tagged(message)).toBe(text));

  test('a named value reads like a phrase', () => {
    expect([field('round', 3), field('done', true), field('done', false), field('vote', null)]).toEqual([
      'round 3',
      'done',
      'not done',
      'no vote',
    ]);
  });
});
