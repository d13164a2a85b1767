/**
 * Which of two accepted sequences is the more advanced: the one accepted in the higher round and, of two in the same
 * round, the longer one. In one round, the shorter is a prefix of the longer (log coherence).
 */

import { type Ballot, compareBallots } from './ballot.ts';

export interface AcceptedSuffix {
  /** The round in which the sequence was last accepted; null for the empty sequence of round 0. */
  readonly acceptedRound: Ballot | null;
  /** The sequence from an index on that is the same for all that are compared. */
  readonly suffix: readonly unknown[];
}

/** Negative, zero or positive as `a` is behind, level with or ahead of `b`. */
export function compareAccepted(a: AcceptedSuffix, b: AcceptedSuffix): number {
  return compareBallots(a.acceptedRound, b.acceptedRound) || a.suffix.length - b.suffix.length;
}
