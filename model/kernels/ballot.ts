/**
 * Ballot numbers: rounds made unique by the proposer's id, in lexicographic order (Lamport, "Paxos Made Simple", section
 * 2.4: different proposers choose their numbers from disjoint sets). Null is the ballot below all others.
 */

import { compareTexts } from '../../spec/text-order.ts';
import { z } from '../contract/index.ts';

export const Ballot = z.strictObject({ round: z.int().min(1), proposer: z.string() });

export type Ballot = Readonly<z.infer<typeof Ballot>>;

/** Negative, zero or positive as `a` is below, equal to or above `b`. */
export function compareBallots(a: Ballot | null, b: Ballot | null): number {
  if (a === null || b === null) return (a === null ? 0 : 1) - (b === null ? 0 : 1);
  if (a.round !== b.round) return a.round - b.round;
  return compareTexts(a.proposer, b.proposer);
}

export function sameBallot(a: Ballot | null, b: Ballot | null): boolean {
  return compareBallots(a, b) === 0;
}

/** A ballot as people write it: `2.n1`. */
export function ballotName(ballot: Ballot | null): string {
  return ballot === null ? 'none' : `${ballot.round}.${ballot.proposer}`;
}
