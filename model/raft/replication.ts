/** Log replication (section 5.3), and the commitment rule (section 5.4.2; lecture, slides 28 to 41). */

import { type Draft, type ProcessId, undrafted } from '../contract/index.ts';
import { entriesOf, extended, lengthOf, truncated } from '../kernels/log.ts';
import { reachedBy, resumeAt, termAt } from '../kernels/raft-log.ts';
import { awaiting, awaitingNothing, heardOf, matched, resuming } from './followers.ts';
import type { Config, Entry, Of, Receiver, Self, State } from './state.ts';
import { apply } from './state-machine.ts';
import { become, heedTerm, leading, stepDown } from './terms.ts';

/** Leaders: "if last log index >= nextIndex for a follower: send AppendEntries RPC with log entries starting at nextIndex". */
function replicate(state: Draft<State>, follower: ProcessId, process: Self, { options }: Config): void {
  const last = sendEntries(state, follower, process, options.batch > 0 ? options.batch : Number.POSITIVE_INFINITY);
  if (options.batch === 0 || last === null) return;
  const leader = leading(state);
  if (leader !== null) become(state, awaiting(leader, follower, last));
}

/** Sends at most so many entries; none make a heartbeat. The index of the last one, null when there is none. */
function sendEntries(state: Draft<State>, follower: ProcessId, { send }: Self, most: number): number | null {
  const leader = leading(state);
  if (leader === null) return null;
  const log = undrafted(state, 'log');
  const prevIndex = (leader.nextIndex[follower] ?? 1) - 1;
  const entries = entriesOf(log, prevIndex, prevIndex + most);
  const prevTerm = termAt(log, prevIndex);
  const { currentTerm: term, commitIndex: leaderCommit } = state;
  send(follower, { type: 'AppendEntries', term, prevIndex, prevTerm, entries, leaderCommit });
  return entries.length === 0 ? null : prevIndex + entries.length;
}

/** To every follower what it lacks; the leader's own log counts as far as it is written (which decides in a cluster of one). */
export function replicateToAll(state: Draft<State>, process: Self, config: Config): void {
  const awaited = leading(state)?.awaited ?? {};
  for (const peer of process.peers) if (awaited[peer] === undefined) replicate(state, peer, process, config);
  advanceCommit(state, process, config);
}

/** Leaders: heartbeats, upon election and "during idle periods to prevent election timeouts". */
export function heartbeat(state: Draft<State>, process: Self): void {
  for (const peer of process.peers) sendEntries(state, peer, process, 0);
}

/** An answer that is awaited may never come: then the entries go out again. */
export function heartbeatTimeout(state: Draft<State>, process: Self, config: Config): void {
  process.setTimer('heartbeat');
  const awaited = leading(state)?.awaited ?? {};
  for (const peer of process.peers) {
    if (config.options.emptyHeartbeats && awaited[peer] === undefined) sendEntries(state, peer, process, 0);
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
  let log = undrafted(state, 'log');
  if (!rules.isConsistent(log, prevIndex, prevTerm))
    return answer(false, options.skipBack ? resumeAt(log, prevIndex) : prevIndex);
  const kept = rules.keeps(log, prevIndex, entries);
  const missing = entries.slice(Math.max(0, kept - prevIndex));
  if (missing.length > 0 || kept < lengthOf(log)) log = extended(truncated(log, kept), missing);
  state.log = log;
  const lastNew = prevIndex + entries.length;
  commit(state, rules.followerCommit(leaderCommit, lastNew, lengthOf(log)), process, config);
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
  let leader = leading(state);
  if (leader === null || term !== state.currentTerm) return;
  if (checkQuorum) leader = heardOf(leader, from);
  // A refusal for the term alone says nothing of the log: this server may have been elected anew in the refusal's own term.
  if (index === null) return become(state, leader);
  // An answer to what was sent before is not the one that is awaited: else each heartbeat would double what goes out.
  if (!success || index >= (leader.awaited[from] ?? 0)) leader = awaitingNothing(leader, from);
  if (success) {
    leader = matched(leader, from, index);
    become(state, leader);
    advanceCommit(state, process, config);
    const isBehind = (leader.nextIndex[from] ?? 1) <= lengthOf(undrafted(state, 'log'));
    const isIdle = leader.awaited[from] === undefined;
    if ((emptyHeartbeats || batch > 0) && isBehind && isIdle) replicate(state, from, process, config);
    return;
  }
  // "If AppendEntries fails because of log inconsistency: decrement nextIndex and retry."
  const next = leader.nextIndex[from] ?? 1;
  const resume = skipBack ? Math.max(index, (leader.matchIndex[from] ?? 0) + 1) : index;
  if (resume !== next - 1 && !(skipBack && resume < next)) return become(state, leader);
  become(state, resuming(leader, from, resume));
  replicate(state, from, process, config);
}

/**
 * Leaders: "if there exists an N such that N > commitIndex, a majority of matchIndex[i] >= N, and log[N].term ==
 * currentTerm: set commitIndex = N". Terms never fall along a log, so that only the highest such index need be looked at.
 */
export function advanceCommit(state: Draft<State>, process: Self, config: Config): void {
  const leader = leading(state);
  if (leader === null) return;
  const log = undrafted(state, 'log');
  const reached = reachedBy(config.rules.acksNeeded(process.processes.length), [
    config.rules.ownMatch(lengthOf(leader.written ?? log), lengthOf(log)),
    ...process.peers.map((peer) => leader.matchIndex[peer] ?? 0),
  ]);
  if (reached <= state.commitIndex || !config.rules.mayCommit(termAt(log, reached), state.currentTerm)) return;
  commit(state, reached, process, config);
}

/** All servers: "if commitIndex > lastApplied: increment lastApplied, apply log[lastApplied] to state machine". */
function commit(state: Draft<State>, index: number, process: Self, config: Config): void {
  if (index <= state.commitIndex) return;
  const first = config.rules.firstToApply(state.commitIndex, index);
  state.commitIndex = index;
  apply(state, first - 1, entriesOf<Entry>(undrafted(state, 'log'), first - 1, index), process, config);
}
