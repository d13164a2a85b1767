/**
 * Voting in ballots: the invariants on which the safety of Paxos rests, read off the votes and promises alone.
 *
 * Source: Lamport, modules Voting and Paxos of the TLA+ examples (`VotesSafe`, `SafeAt`, `NoneOtherChoosableAt`, `chosen`);
 * "Paxos Made Simple" (2001), section 2.2, P2a to P2c.
 * Differences: quorums are all sets of at least a given size. `NoneOtherChoosableAt` asks for a quorum that rules every other
 * value out; here each other value is looked at, whether it may still get its quorum. That is what the module's comment
 * says, and the module's formula implies it.
 */

import { same, show } from './plain.ts';
import type { Verdict } from './property.ts';

/** An acceptor has accepted a value at a ballot. */
export interface CastVote<Ballot, Value> {
  readonly acceptor: string;
  readonly ballot: Ballot;
  readonly value: Value;
}

/** How ballots are ordered and named, and how many acceptors are a quorum. */
export interface BallotRules<Ballot> {
  readonly quorum: number;
  /** Negative, zero or positive as `a` is below, equal to or above `b`. */
  compare(a: Ballot, b: Ballot): number;
  name(ballot: Ballot): string;
}

/** The ballot that each acceptor has promised now, below which it will not vote; null for none. Names all acceptors. */
export type Promises<Ballot> = Readonly<Record<string, Ballot | null>>;

/** A value that a quorum has voted for at one ballot. */
export interface Chosen<Ballot, Value> {
  readonly ballot: Ballot;
  readonly value: Value;
  readonly voters: readonly string[];
}

/** What has been chosen by the votes ever cast (`chosen`), in the order of ballots. */
export function chosenValues<Ballot, Value>(
  votes: readonly CastVote<Ballot, Value>[],
  rules: BallotRules<Ballot>,
): Chosen<Ballot, Value>[] {
  return tally(votes, rules)
    .filter(({ voters }) => voters.length >= rules.quorum)
    .sort((a, b) => rules.compare(a.ballot, b.ballot));
}

/** Once a value is chosen at a ballot, every vote at that ballot or above is for it ("Paxos Made Simple", P2a). */
export function chosenStaysChosen<Ballot, Value>(
  votes: readonly CastVote<Ballot, Value>[],
  rules: BallotRules<Ballot>,
): Verdict {
  for (const { ballot, value, voters } of chosenValues(votes, rules)) {
    const astray = votes.find((vote) => rules.compare(vote.ballot, ballot) >= 0 && !same(vote.value, value));
    if (astray === undefined) continue;
    const chosen = `${show(value)} was chosen at ballot ${rules.name(ballot)} by ${voters.join(', ')}`;
    return `${chosen}, but ${sentence(astray, rules)}`;
  }
  return true;
}

/**
 * Every vote is safe at its ballot (`VotesSafe`): at no lower ballot has another value been chosen, nor may it still be.
 * It may be when the acceptors that voted for it there and those still free to do so are a quorum. Of ballots without
 * votes, those that somebody has promised are looked at.
 */
export function votesSafe<Ballot, Value>(
  votes: readonly CastVote<Ballot, Value>[],
  promises: Promises<Ballot>,
  rules: BallotRules<Ballot>,
): Verdict {
  const choosable = choosableAnywhere(votes, promises, rules);
  for (const vote of votes) {
    const threat = choosable.find(
      ({ ballot, value }) =>
        rules.compare(ballot, vote.ballot) < 0 && (value === null || !same(value.value, vote.value)),
    );
    if (threat === undefined) continue;
    const { ballot, value, voters } = threat;
    const other = value === null ? 'any value' : show(value.value);
    const how = voters.length >= rules.quorum ? 'was chosen' : 'may still be chosen';
    return `${sentence(vote, rules)}, though ${other} ${how} at ballot ${rules.name(ballot)}`;
  }
  return true;
}

/** A value that has been or may still be chosen at a ballot: null stands for each value without a vote there. */
interface Choosable<Ballot, Value> {
  readonly ballot: Ballot;
  readonly value: { readonly value: Value } | null;
  readonly voters: readonly string[];
}

function choosableAnywhere<Ballot, Value>(
  votes: readonly CastVote<Ballot, Value>[],
  promises: Promises<Ballot>,
  rules: BallotRules<Ballot>,
): Choosable<Ballot, Value>[] {
  const counted = tally(votes, rules);
  const promised = Object.values(promises).filter((ballot) => ballot !== null);
  const ballots = [...votes.map(({ ballot }) => ballot), ...promised];
  const candidates: Choosable<Ballot, Value>[] = [
    ...counted.map((count) => ({ ...count, value: { value: count.value } })),
    ...ballots.map((ballot) => ({ ballot, value: null, voters: [] })),
  ];
  return candidates.filter(
    ({ ballot, voters }) => voters.length + freeToVote(ballot, votes, promises, rules) >= rules.quorum,
  );
}

/** How many acceptors have not voted at the ballot and may still do so (not `CannotVoteAt`). */
function freeToVote<Ballot, Value>(
  ballot: Ballot,
  votes: readonly CastVote<Ballot, Value>[],
  promises: Promises<Ballot>,
  { compare }: BallotRules<Ballot>,
): number {
  const voted = new Set(votes.filter((vote) => compare(vote.ballot, ballot) === 0).map(({ acceptor }) => acceptor));
  const free = ([acceptor, promised]: [string, Ballot | null]) =>
    !voted.has(acceptor) && (promised === null || compare(promised, ballot) <= 0);
  return Object.entries(promises).filter(free).length;
}

/** Who has voted for which value at which ballot. */
function tally<Ballot, Value>(
  votes: readonly CastVote<Ballot, Value>[],
  { compare }: BallotRules<Ballot>,
): Chosen<Ballot, Value>[] {
  const counts: { ballot: Ballot; value: Value; voters: string[] }[] = [];
  for (const { acceptor, ballot, value } of votes) {
    const count = counts.find((other) => compare(other.ballot, ballot) === 0 && same(other.value, value));
    if (count === undefined) counts.push({ ballot, value, voters: [acceptor] });
    else if (!count.voters.includes(acceptor)) count.voters.push(acceptor);
  }
  return counts;
}

function sentence<Ballot, Value>({ acceptor, ballot, value }: CastVote<Ballot, Value>, rules: BallotRules<Ballot>) {
  return `${acceptor} voted for ${show(value)} at ballot ${rules.name(ballot)}`;
}
