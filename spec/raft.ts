/**
 * Raft: the five properties that are true at all times, and the monotonicity that they rest on.
 *
 * Source: Ongaro and Ousterhout, "In Search of an Understandable Consensus Algorithm" (2014), Figure 3; the lecture on
 * Paxos and Raft, slides 27, 31 and 34.
 * Differences: leader completeness is about the leaders that are there in one state. Since it is checked in every state, no
 * leader escapes it.
 */

import { same, show } from './plain.ts';
import type { Verdict } from './property.ts';

/** An entry of a log: its term, and whatever else it holds. */
export interface LogEntry {
  readonly term: number;
}

export type Logs = Readonly<Record<string, readonly LogEntry[]>>;

/** The servers that have ever led in each term. */
export type LeadersByTerm = Readonly<Record<number, Iterable<string>>>;

/** A leader as it is now. */
export interface Leader {
  readonly id: string;
  readonly term: number;
  readonly log: readonly LogEntry[];
}

/** An entry that has been applied to a state machine, and the term of the server that was the first to do so. */
export interface AppliedEntry {
  readonly index: number;
  readonly entry: LogEntry;
  /** A leader commits first and applies at once: this is the term in which the entry was committed. */
  readonly term: number;
}

/** Election Safety: at most one leader can be elected in a given term. */
export function electionSafety(leaders: LeadersByTerm): Verdict {
  for (const [term, [first, second]] of Object.entries(leaders)) {
    if (first !== undefined && second !== undefined) return `${first} and ${second} were both elected in term ${term}`;
  }
  return true;
}

/** Leader Append-Only: while it leads, a leader only appends to its log. */
export function leaderAppendOnly(before: readonly Leader[], after: readonly Leader[]): Verdict {
  for (const { id, term, log } of before) {
    const now = after.find((leader) => leader.id === id && leader.term === term);
    if (now === undefined) continue;
    const lost = log.findIndex((entry, at) => !same(entry, now.log[at]));
    if (lost !== -1) return `${id}, leading in term ${term}, overwrote or deleted its entry ${lost + 1}`;
  }
  return true;
}

/**
 * Log Matching: if two logs have an entry with the same index and term, they are identical up to and including it. Of two
 * logs it is enough to look at the last such index.
 */
export function logMatching(logs: Logs): Verdict {
  const servers = Object.entries(logs);
  for (const [at, [one, log]] of servers.entries()) {
    for (const [other, otherLog] of servers.slice(at + 1)) {
      const last = log.findLastIndex((entry, index) => entry.term === otherLog[index]?.term);
      const differs = log.slice(0, last + 1).findIndex((entry, index) => !same(entry, otherLog[index]));
      if (differs === -1) continue;
      const alike = `${one} and ${other} both have an entry of term ${log[last]?.term} at index ${last + 1}`;
      return `${alike}, but different entries at index ${differs + 1}`;
    }
  }
  return true;
}

/** Leader Completeness: an entry committed in a term is in the logs of the leaders of all higher terms. */
export function leaderCompleteness(committed: Iterable<AppliedEntry>, leaders: readonly Leader[]): Verdict {
  return completeness(committed, leaders, ({ term }) => term);
}

/**
 * The same with the term *of* the entry in place of the term in which it was committed: what a hasty reader takes the
 * property to be. Raft does not have it: a leader of term 2 that is left behind may rightly lack an entry of term 1 that
 * the leader of term 3 commits.
 */
export function naiveLeaderCompleteness(committed: Iterable<AppliedEntry>, leaders: readonly Leader[]): Verdict {
  return completeness(committed, leaders, ({ entry }) => entry.term);
}

function completeness(
  committed: Iterable<AppliedEntry>,
  leaders: readonly Leader[],
  termOf: (applied: AppliedEntry) => number,
): Verdict {
  for (const applied of committed) {
    const { index, entry } = applied;
    const lacking = leaders.find(({ term, log }) => term > termOf(applied) && !same(log[index - 1], entry));
    if (lacking === undefined) continue;
    const was = `entry ${index} of term ${entry.term} was committed in term ${applied.term}`;
    return `${was}, but ${lacking.id}, leader of term ${lacking.term}, does not have it`;
  }
  return true;
}

/** State Machine Safety: no two servers ever apply different entries at the same index. */
export function stateMachineSafety(applied: Iterable<AppliedEntry>): Verdict {
  const all = [...applied];
  for (const [at, { index, entry }] of all.entries()) {
    const other = all.find((later, position) => position > at && later.index === index && !same(later.entry, entry));
    if (other !== undefined) return `at index ${index}, both ${show(entry)} and ${show(other.entry)} were applied`;
  }
  return true;
}

/** A server's term and vote. */
export interface TermAndVote {
  readonly term: number;
  readonly votedFor: string | null;
}

/** A server's term never falls, and within a term it keeps its vote. */
export function termsAndVotes(
  before: Readonly<Record<string, TermAndVote>>,
  after: Readonly<Record<string, TermAndVote>>,
): Verdict {
  for (const [id, { term, votedFor }] of Object.entries(before)) {
    const now = after[id];
    if (now === undefined) continue;
    if (now.term < term) return `${id} went back from term ${term} to ${now.term}`;
    if (now.term > term || votedFor === null || now.votedFor === votedFor) continue;
    return `${id} voted for ${votedFor} in term ${term}, and then for ${now.votedFor ?? 'nobody'}`;
  }
  return true;
}
