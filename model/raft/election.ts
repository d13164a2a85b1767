/** Leader election (section 5.2, with the restriction of section 5.4.1; lecture, slides 24 to 27 and 35). */

import type { Draft } from '../contract/index.ts';
import { lengthOf } from '../kernels/log.ts';
import { endOf } from '../kernels/raft-log.ts';
import { append } from './parallel-write.ts';
import { heartbeat, replicateToAll } from './replication.ts';
import type { Config, Of, Receiver, Self, State } from './state.ts';
import { heedTerm, knownLeader } from './terms.ts';

/** Candidates: "increment currentTerm, vote for self, reset election timer, send RequestVote RPCs to all other servers". */
export function campaign(state: Draft<State>, process: Self, config: Config): void {
  const { self, peers, send, setTimer } = process;
  state.currentTerm += 1;
  state.votedFor = self;
  state.role = { kind: 'candidate', votes: new Set([self]) };
  setTimer('election');
  for (const peer of peers) send(peer, { type: 'RequestVote', term: state.currentTerm, ...endOf(state.log) });
  leadIfElected(state, process, config);
}

/** RequestVote RPC, receiver. A refusal is sent only when it tells the candidate a higher term: others change nothing. */
export function requestVote(
  state: Draft<State>,
  { term, ...candidate }: Of<'RequestVote'>,
  process: Receiver,
  { rules, options }: Config,
): void {
  const { self, from, send, setTimer } = process;
  if (options.checkQuorum && knownLeader(state, self) !== null) return;
  heedTerm(state, term, process);
  if (term < state.currentTerm) return send(from, { type: 'Vote', term: state.currentTerm, granted: false });
  if (!rules.mayVote(state.votedFor, from) || !rules.isUpToDate(candidate, state.log)) return;
  state.votedFor = from;
  setTimer('election');
  send(from, { type: 'Vote', term, granted: true });
}

/** Candidates: "if votes received from majority of servers: become leader". */
export function vote(state: Draft<State>, { term, granted }: Of<'Vote'>, process: Receiver, config: Config): void {
  heedTerm(state, term, process);
  if (state.role.kind !== 'candidate' || term !== state.currentTerm || !granted) return;
  state.role.votes.add(process.from);
  leadIfElected(state, process, config);
}

function leadIfElected(state: Draft<State>, process: Self, config: Config): void {
  const { role } = state;
  if (role.kind !== 'candidate' || role.votes.size < config.rules.votesNeeded(process.processes.length)) return;
  lead(state, process, config);
}

/** Leaders: "upon election: send initial empty AppendEntries RPCs (heartbeat) to each server". */
function lead(state: Draft<State>, process: Self, config: Config): void {
  const { peers, setTimer, cancelTimer, indicate } = process;
  const next = lengthOf(state.log) + 1;
  state.role = {
    kind: 'leader',
    nextIndex: Object.fromEntries(peers.map((peer) => [peer, next])),
    matchIndex: Object.fromEntries(peers.map((peer) => [peer, 0])),
    heard: new Set(),
    awaited: {},
  };
  if (!config.options.checkQuorum) cancelTimer('election');
  setTimer('heartbeat');
  indicate({ type: 'lead', term: state.currentTerm });
  if (!config.options.noop) return heartbeat(state, process);
  append(state, { term: state.currentTerm, command: null }, process, config);
  replicateToAll(state, process, config);
}
