/**
 * Leader election with ballots: what must hold of the ballots that processes elect.
 *
 * Sources: Haridi, Kroll and Carbone, "Lecture Notes on Leader-based Sequence Paxos and Total-order Broadcast" (arXiv
 * 2008.13456), ballot leader election: completeness, eventual agreement and monotonic unique ballots (LE1 to LE3 here); Ng,
 * Haridi and Carbone, "Omni-Paxos" (EuroSys 2023) for what is left of the first two under partial connectivity; the lecture
 * on reconfiguration (KTH), recap "Quorum-connected Leader Election".
 * Eventual agreement is about infinite runs. What is checked instead is what has come of it when the election has settled,
 * that is when no process changes its mind any more as long as the links stay as they are: {@link completeness},
 * {@link convergence}. That it settles at all follows when ballots only grow ({@link neverGoesBack}) and stay bounded.
 */

import { show } from './plain.ts';
import type { Verdict } from './property.ts';

/** How ballots are ordered, named, and which process each names. */
export interface BallotNames<Ballot> {
  compare(a: Ballot, b: Ballot): number;
  name(ballot: Ballot): string;
}

/** The ballots that each process has elected, in order; of increasing ones only the last. */
export type Elections<Ballot> = Readonly<Record<string, readonly Ballot[]>>;

/** A process has elected its own ballot: it considers itself the leader. */
export interface Leadership<Ballot> {
  readonly process: string;
  readonly ballot: Ballot;
}

/** The history when a process elects a ballot. */
export function withElected<Ballot>(
  elections: Elections<Ballot>,
  process: string,
  ballot: Ballot,
  { compare }: BallotNames<Ballot>,
): Elections<Ballot> {
  const before = elections[process] ?? [];
  const last = before.at(-1);
  const kept = last !== undefined && compare(ballot, last) > 0 ? before.slice(0, -1) : before;
  return { ...elections, [process]: [...kept, ballot] };
}

/** LE3: the ballots that a process elects increase, over crashes too. */
export function increasingBallots<Ballot>(
  elections: Elections<Ballot>,
  { compare, name }: BallotNames<Ballot>,
): Verdict {
  for (const [process, ballots] of Object.entries(elections)) {
    for (const [index, ballot] of ballots.entries()) {
      const before = ballots[index - 1];
      if (before === undefined || compare(ballot, before) > 0) continue;
      return `${process} elected ${name(before)} and then ${name(ballot)}`;
    }
  }
  return true;
}

/** At most one process ever leads at a ballot. */
export function oneLeaderPerBallot<Ballot>(
  leaderships: readonly Leadership<Ballot>[],
  { compare, name }: BallotNames<Ballot>,
): Verdict {
  for (const [index, one] of leaderships.entries()) {
    const other = leaderships.find(
      (later, at) => at > index && later.process !== one.process && compare(later.ballot, one.ballot) === 0,
    );
    if (other !== undefined) return `${one.process} and ${other.process} both lead at ballot ${name(one.ballot)}`;
  }
  return true;
}

/** A process of a settled election. */
export interface Settled<Ballot> {
  readonly process: string;
  /** Its own ballot. */
  readonly ballot: Ballot;
  /** The ballot that it has elected; null for none. */
  readonly elected: Ballot | null;
  /** The processes that it has a link to; not itself. */
  readonly linked: readonly string[];
}

/** A process is quorum-connected when it has links to so many processes that, with itself, they are a quorum. */
export function isQuorumConnected({ linked }: { readonly linked: readonly string[] }, quorum: number): boolean {
  return linked.length + 1 >= quorum;
}

/** LE1: every quorum-connected process has elected a quorum-connected process. */
export function completeness<Ballot>(
  settled: readonly Settled<Ballot>[],
  quorum: number,
  { compare, name }: BallotNames<Ballot>,
): Verdict {
  const connected = settled.filter((process) => isQuorumConnected(process, quorum));
  for (const { process, elected } of connected) {
    if (elected === null) return `${process} is quorum-connected and has elected nobody`;
    if (connected.some(({ ballot }) => compare(ballot, elected) === 0)) continue;
    return `${process} has elected ${name(elected)}, which is no quorum-connected process`;
  }
  return true;
}

/**
 * LE2 as far as partial connectivity allows it: the quorum-connected process with the highest ballot is elected by itself
 * and by every quorum-connected process that has a link to it. With all links, everyone has elected the same.
 */
export function convergence<Ballot>(
  settled: readonly Settled<Ballot>[],
  quorum: number,
  { compare, name }: BallotNames<Ballot>,
): Verdict {
  const connected = settled.filter((process) => isQuorumConnected(process, quorum));
  const [highest] = connected.toSorted((a, b) => compare(b.ballot, a.ballot));
  if (highest === undefined) return true;
  const astray = connected.find(
    ({ process, elected, linked }) =>
      (process === highest.process || linked.includes(highest.process)) &&
      (elected === null || compare(elected, highest.ballot) !== 0),
  );
  if (astray === undefined) return true;
  const choice = astray.elected === null ? 'nobody' : name(astray.elected);
  return `${astray.process} has elected ${choice}, not ${highest.process} with ${name(highest.ballot)}`;
}

/** Only a process that is quorum-connected leads (has elected its own ballot), apart from one that has led before. */
export function leadersAreConnected<Ballot>(
  settled: readonly Settled<Ballot>[],
  quorum: number,
  former: readonly string[],
  { compare, name }: BallotNames<Ballot>,
): Verdict {
  const cutOff = settled.find(
    (process) =>
      !former.includes(process.process) &&
      !isQuorumConnected(process, quorum) &&
      process.elected !== null &&
      compare(process.elected, process.ballot) === 0,
  );
  return cutOff === undefined ? true : `${cutOff.process} leads at ${name(cutOff.ballot)} without a quorum`;
}

/** A process's own ballot, and the one that it has elected, only grow. */
export function neverGoesBack<Ballot>(
  before: Readonly<Record<string, { readonly ballot: Ballot; readonly elected: Ballot | null }>>,
  after: Readonly<Record<string, { readonly ballot: Ballot; readonly elected: Ballot | null }>>,
  { compare }: BallotNames<Ballot>,
): Verdict {
  for (const [process, now] of Object.entries(after)) {
    const then = before[process];
    if (then === undefined) continue;
    const elected = then.elected === null || (now.elected !== null && compare(now.elected, then.elected) >= 0);
    if (!elected || compare(now.ballot, then.ballot) < 0) return `${show(process)} went back to a lower ballot`;
  }
  return true;
}
