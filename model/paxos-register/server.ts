/**
 * Paxos as a register: servers agree on the one value that the register will ever hold.
 *
 * Source: examples/paxos.rs of Stateright (0.30), whose state space this has, state for state; the algorithm is single-decree
 * Paxos (Lamport, "Paxos Made Simple", 2001).
 * Faults: messages delayed, reordered and lost. No crashes, so that nothing is durable.
 * Left out, as there: retries. A server makes one proposal in its life, and a client whose value is not chosen, or whose
 * server does not learn the decision, waits for ever. That matters for progress only.
 * Differences: a proposer's messages to itself are messages, handled in the same step; there each is acted out in the
 * proposer's handler. `prepares` is `promises`. Requests are not numbered: a client makes one of each type.
 */

import { type ProcessId, protocol } from '../contract/index.ts';
import { type Ballot, compareBallots, sameBallot } from '../kernels/ballot.ts';
import { majority } from '../kernels/quorum.ts';
import { messages, type Proposal, type Vote } from './messages.ts';

export interface Server {
  readonly role: 'server';
  /** The highest ballot that it has promised, accepted at, or prepares itself. */
  readonly ballot: Ballot | null;
  /** As a proposer: what it proposes, once a client has asked it to. */
  readonly proposal: Proposal | null;
  /** As a proposer: what the servers that have promised had accepted by then. */
  readonly promises: Readonly<Record<ProcessId, Vote | null>>;
  /** As a proposer: the servers that have accepted its proposal. */
  readonly accepts: ReadonlySet<ProcessId>;
  readonly accepted: Vote | null;
  /** Whether what it has accepted is decided. */
  readonly decided: boolean;
}

/** The rules on which linearizability rests, each in one place. A mutant replaces one. */
export const soundRules = {
  /** How many of `n` servers must promise before a value is proposed. */
  promisesNeeded: (n: number): number => majority(n),
  /** How many of `n` servers must accept a proposal to decide it. */
  votesNeeded: (n: number): number => majority(n),
  /** Phase 1b: a server promises only above all earlier promises. */
  mayPromise: (ballot: Ballot, promised: Ballot | null): boolean => compareBallots(ballot, promised) > 0,
  /** Phase 2b: a server accepts unless it has promised a higher ballot. */
  mayAccept: (ballot: Ballot, promised: Ballot | null): boolean => compareBallots(ballot, promised) >= 0,
  /** Phase 2a: the highest accepted proposal that was reported; the proposer's own if there is none. */
  choose: (votes: readonly Vote[], own: Proposal): Proposal =>
    votes.toSorted((a, b) => compareBallots(b.ballot, a.ballot))[0]?.proposal ?? own,
  /** Who is told of a decision: every server; the one that has counted the votes at once, as it acknowledges the write. */
  learners: (servers: readonly ProcessId[], _self: ProcessId): readonly ProcessId[] => servers,
  /** A server answers a Get only when it knows the decision. */
  mayAnswer: ({ decided }: Server): boolean => decided,
};

export type Rules = typeof soundRules;

export const server = (rules: Rules) =>
  protocol({
    name: 'paxos-register/server',
    version: 1,
    messages,

    init: (): Server => ({
      role: 'server',
      ballot: null,
      proposal: null,
      promises: {},
      accepts: new Set(),
      accepted: null,
      decided: false,
    }),

    receive: {
      /** Phase 1a, once in a server's life. */
      Put(state, { value }, { self, from, broadcast }) {
        if (state.decided || state.proposal !== null) return;
        state.proposal = { client: from, value };
        broadcast({ type: 'Prepare', ballot: { round: (state.ballot?.round ?? 0) + 1, proposer: self } });
      },

      Get(state, _message, { from, send }) {
        if (rules.mayAnswer(state)) send(from, { type: 'GetOk', value: state.accepted?.proposal.value ?? null });
      },

      /** Phase 1b. */
      Prepare(state, { ballot }, { from, send }) {
        if (state.decided || !rules.mayPromise(ballot, state.ballot)) return;
        state.ballot = ballot;
        send(from, { type: 'Prepared', ballot, accepted: state.accepted });
      },

      /** Phase 2a, when a majority has promised. Later promises are recorded, nothing more. */
      Prepared(state, { ballot, accepted }, { from, processes, broadcast }) {
        if (state.decided || !sameBallot(ballot, state.ballot) || state.proposal === null) return;
        state.promises[from] = accepted;
        const promises = Object.values(state.promises);
        if (promises.length !== rules.promisesNeeded(processes.length)) return;
        const votes = promises.filter((vote) => vote !== null);
        state.proposal = rules.choose(votes, state.proposal);
        broadcast({ type: 'Accept', ballot, proposal: state.proposal });
      },

      /** Phase 2b. */
      Accept(state, { ballot, proposal }, { from, send }) {
        if (state.decided || !rules.mayAccept(ballot, state.ballot)) return;
        state.ballot = ballot;
        state.accepted = { ballot, proposal };
        send(from, { type: 'Accepted', ballot });
      },

      /** A majority of votes at one ballot decides. Later ones find the server decided. */
      Accepted(state, { ballot }, { self, from, processes, send }) {
        if (state.decided || !sameBallot(ballot, state.ballot) || state.proposal === null) return;
        state.accepts.add(from);
        if (state.accepts.size !== rules.votesNeeded(processes.length)) return;
        const { proposal } = state;
        for (const learner of rules.learners(processes, self)) send(learner, { type: 'Decided', ballot, proposal });
        send(proposal.client, { type: 'PutOk' });
      },

      /** Whatever was promised meanwhile: what is decided does not change any more. */
      Decided(state, { ballot, proposal }) {
        if (state.decided) return;
        state.ballot = ballot;
        state.accepted = { ballot, proposal };
        state.decided = true;
      },
    },
  });
