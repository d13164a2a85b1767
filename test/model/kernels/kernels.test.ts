/** The kernels against their naive twins. */

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Ballot, ballotName, compareBallots, sameBallot } from '../../../model/kernels/ballot.ts';
import { majority } from '../../../model/kernels/quorum.ts';

/** The members of each subset of n processes. */
function subsets(n: number): number[][] {
  return Array.from({ length: 2 ** n }, (_, bits) =>
    Array.from({ length: n }, (_, member) => member).filter((member) => bits & (1 << member)),
  );
}

describe('majority', () => {
  test.each([1, 2, 3, 4, 5, 6, 7])('of %i: the least size at which any two sets meet', (n) => {
    const meet = (size: number) => {
      const sets = subsets(n).filter((set) => set.length === size);
      return sets.every((one) => sets.every((other) => one.some((member) => other.includes(member))));
    };
    expect(meet(majority(n))).toBe(true);
    expect(meet(majority(n) - 1)).toBe(false);
  });
});

describe('ballots', () => {
  const ballot: fc.Arbitrary<Ballot | null> = fc.option(
    fc.record({ round: fc.integer({ min: 1, max: 3 }), proposer: fc.constantFrom('n1', 'n2', 'n3') }),
  );
  /** Text that orders as ballots do, for rounds below ten. */
  const twin = (one: Ballot | null) => (one === null ? '' : `${one.round}${one.proposer}`);

  test('are ordered by round, then by proposer, with none below all', () => {
    fc.assert(
      fc.property(ballot, ballot, (a, b) => {
        expect(Math.sign(compareBallots(a, b))).toBe(twin(a) < twin(b) ? -1 : twin(a) > twin(b) ? 1 : 0);
        expect(sameBallot(a, b)).toBe(twin(a) === twin(b));
      }),
    );
  });

  test('have the names that people give them', () => {
    expect([ballotName({ round: 2, proposer: 'n1' }), ballotName(null)]).toEqual(['2.n1', 'none']);
  });
});
