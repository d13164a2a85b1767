/** The protocols that are compared. Zab, as it is here, leaves elections to an oracle, and is not. */

import { soundRules } from '../omni-paxos-stack/omni-paxos-stack.ts';
import type { Contender } from './contender.ts';
import { multiPaxosWith } from './multi-paxos.ts';
import { omniPaxos } from './omni-paxos.ts';
import { raftWith } from './raft.ts';

export const contenders: readonly Contender[] = [
  raftWith('raft', 'Raft as in the paper', { preVote: false, checkQuorum: false }),
  raftWith('raft-pre-vote', 'Raft: servers ask whether they would be elected before they stand', {
    preVote: true,
    checkQuorum: false,
  }),
  raftWith('raft-check-quorum', 'Raft: a leader that a majority does not answer steps down', {
    preVote: false,
    checkQuorum: true,
  }),
  raftWith('raft-both', 'Raft with pre-vote and check-quorum', { preVote: true, checkQuorum: true }),
  multiPaxosWith('multi-paxos', 'Multi-Paxos: who no longer hears the leader, but a majority, takes over'),
  multiPaxosWith('multi-paxos-qc', 'Multi-Paxos: a leader that hears no majority counts as silent', {
    showsLeader: (quorumConnected) => quorumConnected,
  }),
  multiPaxosWith('multi-paxos-no-gossip', 'Multi-Paxos: nobody tells who leads, but the leader itself', {
    told: (leader, self) => (leader?.proposer === self ? leader : null),
  }),
  omniPaxos('omni-paxos', 'Sequence Paxos led by Ballot Leader Election; heartbeat rounds last equally long'),
  omniPaxos(
    'omni-paxos-apart',
    'the election does not hear of promises; heartbeat rounds of any length',
    { ...soundRules, electionHearsPromise: false },
    'random',
  ),
  omniPaxos('omni-paxos-no-qc', 'a rule broken: who reaches no majority may be elected', {
    ...soundRules,
    election: { ...soundRules.election, mayLead: () => true },
  }),
];
