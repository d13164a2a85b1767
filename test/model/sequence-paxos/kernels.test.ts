/** The kernels of Sequence Paxos against their naive twins, exhaustively for small sizes. */

import { expect, test } from 'vitest';
import { type AcceptedSuffix, compareAccepted } from '../../../model/kernels/accepted-order.ts';
import type { Ballot } from '../../../model/kernels/ballot.ts';
import { prefix, suffix } from '../../../model/kernels/sequence.ts';

/** All sequences over a and b of at most n elements. */
function sequences(n: number): string[][] {
  return n === 0
    ? [[]]
    : [
        [],
        ...sequences(n - 1).flatMap((rest) => [
          ['a', ...rest],
          ['b', ...rest],
        ]),
      ];
}

test('prefix and suffix are the two parts of a sequence', () => {
  for (const sequence of sequences(4)) {
    for (let k = 0; k <= 5; k++) {
      expect([...prefix(sequence, k), ...suffix(sequence, k)]).toEqual(sequence);
      expect(prefix(sequence, k)).toEqual(sequence.filter((_, index) => index < k));
    }
  }
});

test('the order of accepted sequences is that of the pairs of round and length', () => {
  const rounds: (Ballot | null)[] = [
    null,
    ...[1, 2].flatMap((round) => ['n1', 'n2'].map((proposer) => ({ round, proposer }))),
  ];
  const all: AcceptedSuffix[] = rounds.flatMap((acceptedRound) =>
    sequences(2).map((tail) => ({ acceptedRound, suffix: tail })),
  );
  /** Text that orders as these pairs do, for numbers below ten. */
  const twin = ({ acceptedRound, suffix: tail }: AcceptedSuffix) =>
    `${acceptedRound === null ? '0' : acceptedRound.round + acceptedRound.proposer} ${tail.length}`;
  for (const a of all) {
    for (const b of all) {
      expect(Math.sign(compareAccepted(a, b))).toBe(twin(a) < twin(b) ? -1 : twin(a) > twin(b) ? 1 : 0);
    }
  }
});
