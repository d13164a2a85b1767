/**
 * What a leader makes of what its followers answer: how nextIndex and matchIndex (Figure 2, "Volatile state on leaders") and
 * what the options add to them change. What is no news leaves all of it the very same.
 */

import { type ProcessId, withMember } from '../contract/index.ts';
import type { Leading } from './state.ts';

/** A follower has answered, whatever it has said (option check-quorum). */
export function heardOf(leader: Leading, follower: ProcessId): Leading {
  const heard = withMember(leader.heard, follower);
  return heard === leader.heard ? leader : { ...leader, heard };
}

/** "If successful: update nextIndex and matchIndex for follower." An answer that comes late does not take them back. */
export function matched(leader: Leading, follower: ProcessId, index: number): Leading {
  const match = Math.max(leader.matchIndex[follower] ?? 0, index);
  const next = Math.max(leader.nextIndex[follower] ?? 1, index + 1);
  if (match === leader.matchIndex[follower] && next === leader.nextIndex[follower]) return leader;
  return { ...resuming(leader, follower, next), matchIndex: { ...leader.matchIndex, [follower]: match } };
}

/** The next entry to send to a follower is the one at this index. */
export function resuming(leader: Leading, follower: ProcessId, index: number): Leading {
  return { ...leader, nextIndex: { ...leader.nextIndex, [follower]: index } };
}

/** Entries up to an index are on their way to a follower (option batch). */
export function awaiting(leader: Leading, follower: ProcessId, last: number): Leading {
  return { ...leader, awaited: { ...leader.awaited, [follower]: last } };
}

/** No entries are on their way to a follower any more. */
export function awaitingNothing(leader: Leading, follower: ProcessId): Leading {
  if (leader.awaited[follower] === undefined) return leader;
  const { [follower]: _, ...awaited } = leader.awaited;
  return { ...leader, awaited };
}
