import { expect, test } from 'vitest';
import { equal } from '../../../model/contract/data.ts';
import { renamed } from '../../../model/contract/symmetry.ts';

const renaming = new Map([
  ['n1', 'n2'],
  ['n2', 'n1'],
]);

test('a name is renamed wherever a string is it: values, keys, members, entries', () => {
  const value = {
    leader: 'n1',
    n1: ['n2', 'n3', null, 1, true],
    heard: new Set(['n1', 'n3']),
    votes: new Map<unknown, unknown>([
      ['n1', { n2: 'n1' }],
      [['n2'], 'n2'],
    ]),
  };
  const expected = {
    leader: 'n2',
    n2: ['n1', 'n3', null, 1, true],
    heard: new Set(['n2', 'n3']),
    votes: new Map<unknown, unknown>([
      ['n2', { n1: 'n2' }],
      [['n1'], 'n1'],
    ]),
  };
  expect(equal(renamed(value, renaming), expected)).toBe(true);
});

test('a longer string, a number, another case are no occurrences', () => {
  const value = ['n1 before 1', 'n10', 'N1', 1, { 'n1>n2': 'votes of n1' }];
  expect(renamed(value, renaming)).toEqual(value);
});

test('to rename there and back changes nothing', () => {
  const value = { n1: new Set([['n2', 'n1']]), n2: new Map([['n1', 'n1']]) };
  expect(equal(renamed(renamed(value, renaming), renaming), value)).toBe(true);
});
