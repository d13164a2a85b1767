/**
 * Pre-vote and check-quorum: two options that keep servers which hear too little from disturbing the others, and leaders
 * that hear too little from staying in the way (Ongaro, "Consensus: Bridging Theory and Practice", 2014, sections 9.6 and
 * 6.2; sections 6 of the paper and 4.2.3 of the thesis for the votes that are not given while a leader is heard).
 *
 * Difference from the thesis: a pre-vote is asked for with the term that the server has, not with the one that it would
 * have, so that the rule on terms is the same for all messages. A server that would be refused a vote for its term alone
 * learns the higher one.
 */

import type { Draft } from '../contract/index.ts';
import { endOf } from '../kernels/raft-log.ts';
import { campaign } from './election.ts';
import type { Config, Of, Receiver, Self, State } from './state.ts';
import { heedTerm, knownLeader, stepDown } from './terms.ts';

/** Pre-vote: at an election timeout, asks whether it would be elected. */
export function preCampaign(state: Draft<State>, process: Self, config: Config): void {
  const { self, peers, send, setTimer } = process;
  state.role = { kind: 'preCandidate', votes: new Set([self]) };
  setTimer('election');
  for (const peer of peers) send(peer, { type: 'RequestPreVote', term: state.currentTerm, ...endOf(state.log) });
  campaignIfWelcome(state, process, config);
}

/** Granted like a vote, but not by a server that hears a leader, and nothing is recorded. */
export function requestPreVote(
  state: Draft<State>,
  { term, ...candidate }: Of<'RequestPreVote'>,
  process: Receiver,
  { rules }: Config,
): void {
  const { self, from, send } = process;
  if (knownLeader(state, self) !== null) return;
  heedTerm(state, term, process);
  if (term < state.currentTerm) return send(from, { type: 'PreVote', term: state.currentTerm, granted: false });
  if (rules.isUpToDate(candidate, state.log)) send(from, { type: 'PreVote', term, granted: true });
}

export function preVote(
  state: Draft<State>,
  { term, granted }: Of<'PreVote'>,
  process: Receiver,
  config: Config,
): void {
  heedTerm(state, term, process);
  if (state.role.kind !== 'preCandidate' || term !== state.currentTerm || !granted) return;
  state.role.votes.add(process.from);
  campaignIfWelcome(state, process, config);
}

function campaignIfWelcome(state: Draft<State>, process: Self, config: Config): void {
  const { role } = state;
  if (role.kind !== 'preCandidate' || role.votes.size < config.rules.votesNeeded(process.processes.length)) return;
  campaign(state, process, config);
}

/** Check-quorum: a leader that has not been answered by a majority, itself included, for an election timeout steps down. */
export function checkQuorum(state: Draft<State>, process: Self, { rules }: Config): void {
  if (state.role.kind !== 'leader') return;
  const answered = state.role.heard.size + 1;
  if (answered < rules.votesNeeded(process.processes.length)) return stepDown(state, null, process);
  state.role.heard = new Set();
  process.setTimer('election');
}
