import { describe, expect, test } from 'vitest';
import {
  completeness,
  convergence,
  increasingBallots,
  leadersAreConnected,
  neverGoesBack,
  oneLeaderPerBallot,
  type Settled,
  withElected,
} from '../../spec/leader-election.ts';

const ballots = { compare: (a: number, b: number) => a - b, name: (ballot: number) => `#${ballot}` };

describe('LE3 increasing ballots', () => {
  test('of increasing ballots the last one is kept', () => {
    expect(withElected({ A: [1] }, 'A', 2, ballots)).toEqual({ A: [2] });
    expect(increasingBallots({ A: [2], B: [] }, ballots)).toBe(true);
  });

  test('the same or a lower one is a violation', () => {
    expect(increasingBallots(withElected({ A: [2] }, 'A', 2, ballots), ballots)).toBe('A elected #2 and then #2');
    expect(increasingBallots(withElected({ A: [2] }, 'A', 1, ballots), ballots)).toBe('A elected #2 and then #1');
  });
});

test('at most one leader for each ballot', () => {
  expect(
    oneLeaderPerBallot(
      [
        { process: 'A', ballot: 1 },
        { process: 'B', ballot: 2 },
      ],
      ballots,
    ),
  ).toBe(true);
  expect(
    oneLeaderPerBallot(
      [
        { process: 'A', ballot: 1 },
        { process: 'B', ballot: 1 },
      ],
      ballots,
    ),
  ).toBe('A and B both lead at ballot #1');
});

describe('where the election settles', () => {
  /** A has links to B and C, which have none to each other: all are quorum-connected. D stands alone. */
  const settled = (elected: Record<string, number | null>): Settled<number>[] =>
    Object.entries({ A: ['B', 'C'], B: ['A'], C: ['A'], D: [] }).map(([process, linked], index) => ({
      process,
      ballot: index + 1,
      elected: elected[process] ?? null,
      linked,
    }));

  test('LE1: every quorum-connected process has elected a quorum-connected process', () => {
    expect(completeness(settled({ A: 3, B: 2, C: 3 }), 2, ballots)).toBe(true);
    expect(completeness(settled({ A: 3, B: 4, C: 3 }), 2, ballots)).toBe(
      'B has elected #4, which is no quorum-connected process',
    );
    expect(completeness(settled({ A: 3, C: 3 }), 2, ballots)).toBe('B is quorum-connected and has elected nobody');
  });

  test('LE2: the highest quorum-connected process is elected by itself and its quorum-connected neighbours', () => {
    expect(convergence(settled({ A: 3, B: 2, C: 3 }), 2, ballots)).toBe(true);
    expect(convergence(settled({ A: 2, B: 2, C: 3 }), 2, ballots)).toBe('A has elected #2, not C with #3');
    expect(convergence(settled({ A: 3, B: 2 }), 2, ballots)).toBe('C has elected nobody, not C with #3');
    expect(convergence(settled({}), 4, ballots)).toBe(true);
  });

  test('nobody leads without a quorum but who has led before', () => {
    expect(leadersAreConnected(settled({ D: 4 }), 2, ['D'], ballots)).toBe(true);
    expect(leadersAreConnected(settled({ D: 4 }), 2, [], ballots)).toBe('D leads at #4 without a quorum');
  });
});

test('ballots never go back', () => {
  const at = (ballot: number, elected: number | null) => ({ A: { ballot, elected } });
  expect(neverGoesBack(at(1, null), at(1, 2), ballots)).toBe(true);
  expect(neverGoesBack(at(1, 2), at(3, 2), ballots)).toBe(true);
  expect(neverGoesBack({}, at(1, null), ballots)).toBe(true);
  for (const after of [at(1, null), at(1, 1), at(0, 2)]) {
    expect(neverGoesBack(at(1, 2), after, ballots)).toBe('A went back to a lower ballot');
  }
});
