/**
 * What the service must know of a protocol that replicates a log: how to hand it an operation, what its answers say, and
 * what its state tells of who leads. No answer to a client is read off a state: that is the protocol's to give.
 */

import type { ParameterValue } from '../../model/contract/parameter.ts';
import type { AnyTagged, ProcessId } from '../../model/contract/protocol.ts';
import { lengthOf } from '../../model/kernels/log.ts';
import { leaderOf, type State as OmniPaxosState } from '../../model/omni-paxos-service/omni-paxos-service.ts';
import type { State as RaftState } from '../../model/raft/state.ts';
import { knownLeader } from '../../model/raft/terms.ts';

export interface ReplicatedLog {
  /** The parameters with which its system runs the key-value store, where they differ from the system's defaults. */
  readonly parameters: Readonly<Record<string, ParameterValue>>;
  /** The request to execute an operation as its client's number `seq`. */
  execute(seq: number, op: unknown): AnyTagged;
  answer(response: AnyTagged): Answer;
  standing(state: object, self: ProcessId): Standing;
}

export type Answer =
  | { readonly type: 'executed'; readonly seq: number; readonly result: unknown }
  /** The operation was not taken; this process leads. */
  | { readonly type: 'redirect'; readonly seq: number; readonly leader: ProcessId };

/** What a process tells of itself, for people and for clients that look for the leader. */
export interface Standing {
  readonly leader: ProcessId | null;
  readonly role: string;
  /** Its term, or the round of its ballot. */
  readonly term: number;
  readonly logLength: number;
  readonly committed: number;
}

/** By the name of the protocol. */
export const replicatedLogs: Readonly<Record<string, ReplicatedLog>> = {
  raft: {
    parameters: {
      machine: 'key-value',
      network: 'fifo',
      preVote: true,
      checkQuorum: true,
      noop: true,
      skipBack: true,
      parallelWrite: true,
      batch: 512,
    },
    execute: (seq, op) => ({ type: 'execute', seq, op }),
    answer: (response) => response as unknown as Answer,
    standing(state, self) {
      const { role, currentTerm, log, commitIndex } = state as RaftState;
      return {
        leader: knownLeader(state as RaftState, self),
        role: role.kind,
        term: currentTerm,
        logLength: lengthOf(log),
        committed: commitIndex,
      };
    },
  },
  'omni-paxos-service': {
    parameters: { machine: 'key-value' },
    execute: (seq, op) => ({ type: 'execute', seq, op }),
    answer: (response) => response as unknown as Answer,
    standing(state, self) {
      const { promised, role, log, decided } = (state as OmniPaxosState).stack.paxos;
      return {
        leader: leaderOf(state as OmniPaxosState, self),
        role: role.name === 'leader' && role.phase === 'prepare' ? 'preparing' : role.name,
        term: promised?.round ?? 0,
        logLength: lengthOf(log),
        committed: decided,
      };
    },
  },
};
