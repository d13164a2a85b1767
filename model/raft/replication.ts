/** Log replication (section 5.3), and the commitment rule (section 5.4.2; lecture, slides 28 to 41). */

import type { Draft, ProcessId } from '../contract/index.ts';
import { entriesOf, extended, lengthOf, truncated } from '../kernels/log.ts';
import { reachedBy, resumeAt, termAt } from '../kernels/raft-log.ts';
import type { Config, Entry, Of, Receiver, Self, State } from './state.ts';
import { apply } from './state-machine.ts';
import { heedTerm, stepDown } from './terms.ts';

/** Leaders: "if last log index >= nextIndex for a follower: send AppendEntries RPC with log entries starting at nextIndex". */
function replicate(state: Draft<State>, follower: ProcessId, process: Self, { options }: Config): void {
  const last = sendEntries(state, follower, process, options.batch > 0 ? options.batch : Number.POSITIVE_INFINITY);
  if (options.batch > 0 && state.role.kind === 'leader' && last !== null) state.role.awaited[follower] = last;
}

/** Sends at most so many entries; none make a heartbeat. The index of the last one, null when there is none. */
function sendEntries(state: Draft<State>, follower: ProcessId, { send }: Self, most: number): number | null {
  if (state.role.kind !== 'leader') return null;
  const prevIndex = (state.role.nextIndex[follower] ?? 1) - 1;
  const entries = entriesOf(state.log, prevIndex, prevIndex + most);
  const prevTerm = termAt(state.log, prevIndex);
  const { currentTerm: term, commitIndex: leaderCommit } = state;
  send(follower, { type: 'AppendEntries', term, prevIndex, prevTerm, entries, leaderCommit });
  return entries.length === 0 ? null : prevIndex + entries.length;
}

/** Whether entries are on their way to a follower, so that further ones wait for its answer (option batch). */
function isAwaited({ role }: Draft<State>, follower: ProcessId): boolean {
  return role.kind === 'leader' && role.awaited[follower] !== undefined;
}

/** To every follower what it lacks; the leader's own log counts at once (which decides in a cluster of one). */
export function replicateToAll(state: Draft<State>, process: Self, config: Config): void {
  for (const peer of process.peers) if (!isAwaited(state, peer)) replicate(state, peer, process, config);
  advanceCommit(state, process, config);
}

/** Leaders: heartbeats, upon election and "during idle periods to prevent election timeouts". */
export function heartbeat(state: Draft<State>, process: Self): void {
  for (const peer of process.peers) sendEntries(state, peer, process, 0);
}

/** An answer that is awaited may never come: then the entries go out again. */
export function heartbeatTimeout(state: Draft<State>, process: Self, config: Config): void {
  process.setTimer('heartbeat');
  for (const peer of process.peers) {
    if (config.options.emptyHeartbeats && !isAwaited(state, peer)) sendEntries(state, peer, process, 0);
    else replicate(state, peer, process, config);
  }
}

/** AppendEntries RPC, receiver. */
export function appendEntries(
  state: Draft<State>,
  { term, prevIndex, prevTerm, entries, leaderCommit }: Of<'AppendEntries'>,
  process: Receiver,
  config: Config,
): void {
  const { from, send, setTimer } = process;
  const { rules, options } = config;
  const answer = (success: boolean, index: number | null) =>
    send(from, { type: 'Appended', term: state.currentTerm, success, index });

  heedTerm(state, term, process);
  if (rules.isStale(term, state.currentTerm)) return answer(false, null);
  stepDown(state, from, process);
  setTimer('election');
  if (!rules.isConsistent(state.log, prevIndex, prevTerm))
    return answer(false, options.skipBack ? resumeAt(state.log, prevIndex) : prevIndex);
  const kept = rules.keeps(state.log, prevIndex, entries);
  const missing = entries.slice(Math.max(0, kept - prevIndex));
  if (missing.length > 0 || kept < lengthOf(state.log)) state.log = extended(truncated(state.log, kept), missing);
  const lastNew = prevIndex + entries.length;
  commit(state, rules.followerCommit(leaderCommit, lastNew, lengthOf(state.log)), process, config);
  answer(true, lastNew);
}

/** The leader's side: what to make of an answer. */
export function appended(
  state: Draft<State>,
  { term, success, index }: Of<'Appended'>,
  process: Receiver,
  config: Config,
): void {
  const { from } = process;
  const { batch, checkQuorum, emptyHeartbeats, skipBack } = config.options;
  heedTerm(state, term, process);
  const { role } = state;
  if (role.kind !== 'leader' || term !== state.currentTerm) return;
  if (checkQuorum) role.heard.add(from);
  const next = role.nextIndex[from] ?? 1;
  // A refusal for the term alone says nothing of the log: this server may have been elected anew in the refusal's own term.
  if (index === null) return;
  // An answer to what was sent before is not the one that is awaited: else each heartbeat would double what goes out.
  if (!success || index >= (role.awaited[from] ?? 0)) delete role.awaited[from];
  if (success) {
    // "If successful: update nextIndex and matchIndex for follower." An answer that comes late does not take them back.
    role.matchIndex[from] = Math.max(role.matchIndex[from] ?? 0, index);
    role.nextIndex[from] = Math.max(next, index + 1);
    advanceCommit(state, process, config);
    const isBehind = (role.nextIndex[from] ?? 1) <= lengthOf(state.log);
    if ((emptyHeartbeats || batch > 0) && isBehind && !isAwaited(state, from)) replicate(state, from, process, config);
    return;
  }
  // "If AppendEntries fails because of log inconsistency: decrement nextIndex and retry."
  const resume = skipBack ? Math.max(index, (role.matchIndex[from] ?? 0) + 1) : index;
  if (resume === next - 1 || (skipBack && resume < next)) {
    role.nextIndex[from] = resume;
    replicate(state, from, process, config);
  }
}

/**
 * Leaders: "if there exists an N such that N > commitIndex, a majority of matchIndex[i] >= N, and log[N].term ==
 * currentTerm: set commitIndex = N". Terms never fall along a log, so that only the highest such index need be looked at.
 */
function advanceCommit(state: Draft<State>, process: Self, config: Config): void {
  const { role, log, currentTerm } = state;
  if (role.kind !== 'leader') return;
  const reached = reachedBy(config.rules.acksNeeded(process.processes.length), [
    lengthOf(log),
    ...process.peers.map((peer) => role.matchIndex[peer] ?? 0),
  ]);
  if (config.rules.mayCommit(termAt(log, reached), currentTerm)) commit(state, reached, process, config);
}

/** All servers: "if commitIndex > lastApplied: increment lastApplied, apply log[lastApplied] to state machine". */
function commit(state: Draft<State>, index: number, process: Self, config: Config): void {
  if (index <= state.commitIndex) return;
  const first = config.rules.firstToApply(state.commitIndex, index);
  state.commitIndex = index;
  apply(state, first - 1, entriesOf<Entry>(state.log, first - 1, index), process, config);
}
