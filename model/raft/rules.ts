/** The rules on which Raft's safety rests, each in one place. A mutant replaces one. */

import type { ProcessId } from '../contract/index.ts';
import type { Log } from '../kernels/log.ts';
import { majority } from '../kernels/quorum.ts';
import { compareLogs, endOf, keptLength, type LogEnd, matchesAt } from '../kernels/raft-log.ts';
import type { DurableField, Entry, Session } from './state.ts';

export const soundRules = {
  /** What a server must not forget in a crash (Figure 2, "Persistent state"). */
  durable: ['currentTerm', 'votedFor', 'log'] as readonly DurableField[],

  /** How many of `n` votes elect (section 5.2). */
  votesNeeded: (n: number): number => majority(n),

  /** A server votes once per term (section 5.2). */
  mayVote: (votedFor: ProcessId | null, candidate: ProcessId): boolean => votedFor === null || votedFor === candidate,

  /** It votes only for a log at least as up-to-date as its own (section 5.4.1). */
  isUpToDate: (candidate: LogEnd, log: Log<Entry>): boolean => compareLogs(candidate, endOf(log)) >= 0,

  /** A leader of an earlier term is stale: nothing is appended for it (section 5.1). */
  isStale: (term: number, currentTerm: number): boolean => term < currentTerm,

  /** The consistency check: entries are appended only behind an entry that leader and follower share (section 5.3). */
  isConsistent: (log: Log<Entry>, prevIndex: number, prevTerm: number): boolean => matchesAt(log, prevIndex, prevTerm),

  /**
   * How much of its log a follower keeps: what is before the first conflict with the new entries; without a conflict,
   * nothing is deleted (Figure 2, AppendEntries, 3 and 4).
   */
  keeps: (log: Log<Entry>, prevIndex: number, entries: readonly Entry[]): number => keptLength(log, prevIndex, entries),

  /** A follower commits what the leader has, as far as this message says that their logs agree (Figure 2, 5). */
  followerCommit: (leaderCommit: number, lastNew: number, _lastIndex: number): number =>
    Math.min(leaderCommit, lastNew),

  /** How many of `n` servers must have an entry for it to commit (section 5.3). */
  acksNeeded: (n: number): number => majority(n),

  /** How far a leader counts its own log: as far as it has written it (Ongaro's thesis, section 10.2.1). */
  ownMatch: (written: number, _lastIndex: number): number => written,

  /** Only an entry of the leader's own term commits by counting; earlier ones commit with it (section 5.4.2). */
  mayCommit: (entryTerm: number, currentTerm: number): boolean => entryTerm === currentTerm,

  /** A server applies what is newly committed entry by entry, from behind what it has applied (Figure 2, all servers). */
  firstToApply: (lastApplied: number, _commitIndex: number): number => lastApplied + 1,

  /** An operation is executed if it is newer than all that its client's session has seen (section 8). */
  isNew: (session: Session | undefined, seq: number): boolean => seq > (session?.seq ?? 0),
};

export type Rules = typeof soundRules;
