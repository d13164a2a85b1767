import { describe, expect, test } from 'vitest';
import { type Permutation, SymmetryGroup } from '../../../explorer/semantics/symmetry-group.ts';

const groups = [
  ['one class', [['a', 'b', 'c', 'd']], 24],
  [
    'two classes',
    [
      ['a', 'b', 'c'],
      ['x', 'y'],
    ],
    12,
  ],
  [
    'members of several names',
    [
      [
        ['c1', 'A'],
        ['c2', 'B'],
        ['c3', 'C'],
      ],
    ],
    6,
  ],
  ['classes of one', [['a'], [], ['x', 'y']], 2],
  ['none', [], 1],
] as const;

/** First the one, then the other. */
function product(one: Permutation, other: Permutation): Permutation {
  return one.map((member) => other[member] ?? member);
}

describe.each(groups)('%s', (_, symmetry, order) => {
  const group = new SymmetryGroup(symmetry);
  const permutations = [...group.permutations()];

  test('every permutation once, the identity first, each with a number below the order', () => {
    expect(group.order).toBe(order);
    expect(new Set(permutations.map(String)).size).toBe(order);
    expect(permutations[0]).toEqual(group.identity());
    expect(permutations.map((permutation) => group.rankOf(permutation)).sort((a, b) => a - b)).toEqual(
      Array.from({ length: order }, (_, rank) => rank),
    );
  });

  test('the generators make all of them', () => {
    const made = new Map([[String(group.identity()), group.identity() as Permutation]]);
    for (const known of made.values()) {
      for (const generator of group.generators()) {
        const next = product(known, generator);
        made.set(String(next), next);
      }
    }
    expect(made.size).toBe(order);
  });

  test('a renaming is a permutation of names', () => {
    for (const permutation of permutations) {
      const renaming = group.renamingOf(permutation);
      expect([...renaming.keys()].sort()).toEqual([...renaming.values()].sort());
    }
  });
});

test('names that go together are renamed together', () => {
  const group = new SymmetryGroup([
    [
      ['c1', 'A'],
      ['c2', 'B'],
      ['c3', 'C'],
    ],
  ]);
  expect(Object.fromEntries(group.renamingOf(group.exchange(0, 2)))).toEqual({ c1: 'c3', A: 'C', c3: 'c1', C: 'A' });
  expect(group.describe()).toEqual(['(c1, A), (c2, B) and (c3, C)']);
});
