/** The protocols that are compared. Multi-Paxos and Zab, as they are here, leave elections to an oracle, and are not. */

import { soundRules } from '../omni-paxos-stack/omni-paxos-stack.ts';
import type { Contender } from './contender.ts';
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
