/**
 * Single-decree Paxos: processes agree on one value.
 *
 * Source: Lamport, "Paxos Made Simple" (2001), section 2; the lecture on Paxos and Raft, slides "Basic Paxos", whose
 * n_highest, n_accepted and v_accepted are `promised` and `vote` here.
 * Faults: crashes (with recovery from durable state), and messages lost, delayed, reordered and duplicated. A minority of
 * the processes may be down; no process lies.
 * Left out: a leader election that keeps proposers from duelling for ever. It matters for progress only.
 * Differences: every process is proposer, acceptor and learner. Refusals carry the promised ballot, so that a proposer
 * can outbid it (a hint for progress). The proposer learns the decision and announces it with Decided.
 */

import { type Draft, type Process, type ProcessId, protocol, type Tagged, z } from '../contract/index.ts';
import { Ballot, compareBallots, sameBallot } from '../kernels/ballot.ts';
import { majority } from '../kernels/quorum.ts';

export const Value = z.string();
export type Value = z.infer<typeof Value>;

/** What an acceptor has accepted: a value at a ballot. */
export const Vote = z.strictObject({ ballot: Ballot, value: Value });
export type Vote = Readonly<z.infer<typeof Vote>>;

export const messages = {
  /** Proposer to acceptors, phase 1a: asks for a promise at its ballot. */
  Prepare: { ballot: Ballot },
  /** Acceptor to proposer, phase 1b: will accept nothing below the ballot; reports its vote so far. */
  Promise: { ballot: Ballot, vote: Vote.nullable() },
  /** Proposer to acceptors, phase 2a: asks them to accept a value. */
  Accept: { ballot: Ballot, value: Value },
  /** Acceptor to proposer, phase 2b: has accepted it. */
  Accepted: { ballot: Ballot },
  /** Acceptor to proposer: has promised a higher ballot. */
  Refused: { ballot: Ballot, promised: Ballot },
  /** Proposer to learners: a majority has accepted the value. */
  Decided: { value: Value },
};

/** From a client: proposes a value. */
const requests = { propose: { value: Value } };

/** To the user: this process has decided. */
const indications = { decide: { value: Value } };

export interface State {
  /** Durable: the highest ballot that this acceptor has promised or accepted at. */
  readonly promised: Ballot | null;
  /** Durable: the acceptor's latest vote. */
  readonly vote: Vote | null;
  /** The proposer's own value, once a client has given it one. */
  readonly proposal: Value | null;
  readonly attempt: Attempt | null;
  /** The highest round that a refusal has shown to the proposer. */
  readonly seenRound: number;
  /** Durable: what this learner has told its user. */
  readonly decided: Value | null;
}

/** A proposer's current ballot, and who has answered it. */
type Attempt = Preparing | Accepting;

interface Preparing {
  readonly phase: 'prepare';
  readonly ballot: Ballot;
  readonly promises: Readonly<Record<ProcessId, Vote | null>>;
}

interface Accepting {
  readonly phase: 'accept';
  readonly ballot: Ballot;
  readonly value: Value;
  readonly accepted: ReadonlySet<ProcessId>;
}

type Self = Process<Tagged<typeof messages>, 'retry', never, Tagged<typeof indications>>;

/** The rules on which agreement rests, each in one place. A mutant replaces one. */
export const soundRules = {
  /** What an acceptor and a learner must not forget in a crash. */
  durable: ['promised', 'vote', 'decided'] as readonly ('promised' | 'vote' | 'decided')[],
  /** How many promises, out of `n` acceptors, end phase 1. */
  promisesNeeded: (n: number): number => majority(n),
  /** How many votes, out of `n` acceptors, decide. */
  votesNeeded: (n: number): number => majority(n),
  /** A ballot of the proposer's own, above every one that it has seen. */
  nextBallot: (highestRound: number, self: ProcessId): Ballot => ({ round: highestRound + 1, proposer: self }),
  /** Phase 1b: an acceptor promises only above all its earlier promises. */
  mayPromise: (promised: Ballot | null, ballot: Ballot): boolean => compareBallots(ballot, promised) > 0,
  /** What an acceptor has promised after a Prepare. */
  promiseOnPrepare: (_promised: Ballot | null, ballot: Ballot): Ballot | null => ballot,
  /** Phase 2b: an acceptor accepts unless it has promised a higher ballot. */
  mayAccept: (promised: Ballot | null, ballot: Ballot): boolean => compareBallots(ballot, promised) >= 0,
  /** What an acceptor has promised after accepting. */
  promiseOnAccept: (_promised: Ballot | null, ballot: Ballot): Ballot | null => ballot,
  /** Phase 2a: the value of the highest-numbered vote among the promises; the proposer's own if there is no vote. */
  choose: (votes: readonly Vote[], own: Value): Value =>
    votes.toSorted((a, b) => compareBallots(b.ballot, a.ballot))[0]?.value ?? own,
  /** Who is told of a decision: every learner. */
  told: (processes: readonly ProcessId[], _self: ProcessId): readonly ProcessId[] => processes,
};

export type Rules = typeof soundRules;

/** What a cluster may choose; none of it matters for safety. */
export interface Options {
  /** A proposer also tries again when it is not answered, for what it sent may be lost with a session. */
  readonly impatient: boolean;
}

export const paxos = (rules: Rules, options: Options = { impatient: false }) =>
  protocol({
    name: 'paxos',
    version: 1,
    messages,
    requests,
    indications,
    timers: ['retry'],
    durable: rules.durable,

    init: (): State => ({ promised: null, vote: null, proposal: null, attempt: null, seenRound: 0, decided: null }),

    request: {
      propose(state, { value }, process) {
        if (state.proposal !== null || state.decided !== null) return;
        state.proposal = value;
        prepare(state, process, rules, options);
      },
    },

    timeout: {
      /** A proposer that was refused, or is impatient, tries again at a higher ballot. */
      retry(state, process) {
        if (state.decided === null) prepare(state, process, rules, options);
      },
    },

    receive: {
      /** Phase 1b. */
      Prepare(state, { ballot }, { from, send }) {
        if (!rules.mayPromise(state.promised, ballot)) return refuse(state, ballot, from, send);
        state.promised = rules.promiseOnPrepare(state.promised, ballot);
        send(from, { type: 'Promise', ballot, vote: state.vote });
      },

      /** Phase 2a, when a majority has promised. Later promises find the attempt in its next phase. */
      Promise(state, { ballot, vote }, { from, processes, broadcast }) {
        const { attempt } = state;
        if (attempt?.phase !== 'prepare' || !sameBallot(attempt.ballot, ballot) || state.proposal === null) return;
        attempt.promises[from] = vote;
        const promises = Object.values(attempt.promises);
        if (promises.length < rules.promisesNeeded(processes.length)) return;
        const value = rules.choose(
          promises.filter((reported) => reported !== null),
          state.proposal,
        );
        state.attempt = { phase: 'accept', ballot, value, accepted: new Set() };
        broadcast({ type: 'Accept', ballot, value });
      },

      /** Phase 2b. */
      Accept(state, { ballot, value }, { from, send }) {
        if (!rules.mayAccept(state.promised, ballot)) return refuse(state, ballot, from, send);
        state.promised = rules.promiseOnAccept(state.promised, ballot);
        state.vote = { ballot, value };
        send(from, { type: 'Accepted', ballot });
      },

      /** A majority of votes at one ballot decides. */
      Accepted(state, { ballot }, { from, self, processes, send }) {
        const { attempt } = state;
        if (attempt?.phase !== 'accept' || !sameBallot(attempt.ballot, ballot)) return;
        attempt.accepted.add(from);
        if (attempt.accepted.size < rules.votesNeeded(processes.length)) return;
        const { value } = attempt;
        state.attempt = null;
        for (const learner of rules.told(processes, self)) send(learner, { type: 'Decided', value });
      },

      Decided(state, { value }, { cancelTimer, indicate }) {
        if (state.decided !== null) return;
        state.decided = value;
        cancelTimer('retry');
        indicate({ type: 'decide', value });
      },

      Refused(state, { ballot, promised }, { setTimer }) {
        if (state.attempt === null || !sameBallot(state.attempt.ballot, ballot)) return;
        state.seenRound = Math.max(state.seenRound, promised.round);
        state.attempt = null;
        setTimer('retry');
      },
    },
  });

/** Phase 1a: a new attempt, at a ballot of its own. */
function prepare(state: Draft<State>, { self, broadcast, setTimer }: Self, rules: Rules, options: Options): void {
  const ballot = rules.nextBallot(Math.max(state.seenRound, state.promised?.round ?? 0), self);
  state.attempt = { phase: 'prepare', ballot, promises: {} };
  if (options.impatient) setTimer('retry');
  broadcast({ type: 'Prepare', ballot });
}

function refuse(state: Draft<State>, ballot: Ballot, from: ProcessId, send: Self['send']): void {
  if (state.promised !== null) send(from, { type: 'Refused', ballot, promised: state.promised });
}
