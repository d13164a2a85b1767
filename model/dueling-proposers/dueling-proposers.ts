/**
 * Basic Paxos with proposers that never give up: whoever is refused tries again with a higher ballot.
 *
 * Source: Lamport, "Paxos Made Simple" (2001), sections 2.2 and 2.4: two proposers can keep issuing proposals with
 * increasing numbers, none of which is ever chosen. The lecture on Paxos, slides "Basic Paxos".
 * Faults: a minority of the processes may crash; messages are delayed and reordered, not lost.
 * Differences from model/paxos, all of them for a smaller graph: a proposer has its input from the start; one that is
 * refused makes the promise that it was refused for, as any acceptor may at any time, and so knows what to outbid; who has
 * decided forgets all else, and answers only with the decision.
 */

import {
  type AnyTagged,
  type Draft,
  type Process,
  type ProcessId,
  protocol,
  type Tagged,
  z,
} from '../contract/index.ts';
import { Ballot, compareBallots, sameBallot } from '../kernels/ballot.ts';
import { Bit } from '../kernels/binary-consensus.ts';
import { majority } from '../kernels/quorum.ts';

/** What an acceptor has accepted: a value at a ballot. */
const Vote = z.strictObject({ ballot: Ballot, value: Bit });
type Vote = Readonly<z.infer<typeof Vote>>;

export const messages = {
  /** Proposer to acceptors, phase 1a. */
  Prepare: { ballot: Ballot },
  /** Acceptor to proposer, phase 1b: will accept nothing below the ballot; reports its vote so far. */
  Promise: { ballot: Ballot, vote: Vote.nullable() },
  /** Proposer to acceptors, phase 2a. */
  Accept: { ballot: Ballot, value: Bit },
  /** Acceptor to proposer, phase 2b. */
  Accepted: { ballot: Ballot },
  /** Acceptor to proposer: has promised a higher ballot than the one that it was asked about. */
  Refused: { ballot: Ballot, promised: Ballot },
  /** To all others, from everyone who learns of it. */
  Decided: { value: Bit },
};

const indications = { decide: { value: Bit } };

/** A proposer's current ballot, who has answered it, and in phase 1 the highest vote that they have reported. */
interface Attempt {
  readonly phase: 'prepare' | 'accept';
  readonly ballot: Ballot;
  readonly answers: ReadonlySet<ProcessId>;
  readonly vote: Vote | null;
}

export interface State {
  /** The highest ballot that this acceptor has promised or accepted at. */
  readonly promised: Ballot | null;
  /** The acceptor's latest vote. */
  readonly vote: Vote | null;
  /** The proposer's attempt; null before its first and between two. */
  readonly attempt: Attempt | null;
  readonly decided: Bit | null;
}

type Self = Process<Tagged<typeof messages>, 'prepare', never, Tagged<typeof indications>>;

/** The rules on which agreement rests, and one on which termination does. A mutant replaces one. */
export const soundRules = {
  /** How many promises, or votes, of `n` acceptors are enough. */
  quorum: (n: number): number => majority(n),
  /** Phase 2b: an acceptor accepts unless it has promised a higher ballot. */
  mayAccept: (promised: Ballot | null, ballot: Ballot): boolean => compareBallots(ballot, promised) >= 0,
  /** Phase 2a: the value of the highest vote that was reported; the proposer's own if there is none. */
  choose: (vote: Vote | null, own: Bit): Bit => vote?.value ?? own,
  /** Whether a proposer that is refused tries again. */
  triesAgain: true,
};

export type Rules = typeof soundRules;

/** The protocol of a process that proposes this input; null for one that only accepts. */
export const duelingProposer = (input: Bit | null, rules: Rules) =>
  protocol({
    name: 'dueling-proposers',
    version: 1,
    messages,
    indications,
    timers: ['prepare'],

    init: (): State => ({ promised: null, vote: null, attempt: null, decided: null }),

    start(_state, { setTimer }) {
      if (input !== null) setTimer('prepare');
    },

    timeout: {
      /** Phase 1a, the first time and after each refusal. */
      prepare(state, { self, broadcast }) {
        const ballot = { round: (state.promised?.round ?? 0) + 1, proposer: self };
        state.attempt = { phase: 'prepare', ballot, answers: new Set(), vote: null };
        broadcast({ type: 'Prepare', ballot });
      },
    },

    receive: {
      /** Phase 1b. Who has the promise from elsewhere, a refusal or the Accept that came first, gives it to its proposer too. */
      Prepare(state, { ballot }, { from, send }) {
        if (state.decided !== null) return send(from, { type: 'Decided', value: state.decided });
        if (compareBallots(ballot, state.promised) < 0) return refuse(state, ballot, from, send);
        state.promised = ballot;
        send(from, { type: 'Promise', ballot, vote: state.vote });
      },

      /** Phase 2a, when a majority has promised. */
      Promise(state, { ballot, vote }, { from, processes, broadcast }) {
        const { attempt } = state;
        if (attempt?.phase !== 'prepare' || !sameBallot(attempt.ballot, ballot) || input === null) return;
        attempt.answers.add(from);
        if (compareBallots(vote?.ballot ?? null, attempt.vote?.ballot ?? null) > 0) attempt.vote = vote;
        if (attempt.answers.size < rules.quorum(processes.length)) return;
        const value = rules.choose(attempt.vote, input);
        state.attempt = { phase: 'accept', ballot, answers: new Set(), vote: null };
        broadcast({ type: 'Accept', ballot, value });
      },

      /** Phase 2b. */
      Accept(state, { ballot, value }, { from, send }) {
        if (state.decided !== null) return send(from, { type: 'Decided', value: state.decided });
        if (!rules.mayAccept(state.promised, ballot)) return refuse(state, ballot, from, send);
        state.promised = ballot;
        state.vote = { ballot, value };
        send(from, { type: 'Accepted', ballot });
      },

      /** A majority of votes at one ballot decides. The proposer's own vote is among them, and so is the value. */
      Accepted(state, { ballot }, { self, from, processes, send }) {
        const { attempt, vote } = state;
        if (attempt?.phase !== 'accept' || !sameBallot(attempt.ballot, ballot) || vote === null) return;
        attempt.answers.add(from);
        if (attempt.answers.size >= rules.quorum(processes.length)) send(self, { type: 'Decided', value: vote.value });
      },

      Refused(state, { ballot, promised }, { setTimer }) {
        if (!sameBallot(state.attempt?.ballot ?? null, ballot)) return;
        if (compareBallots(promised, state.promised) > 0) state.promised = promised;
        state.attempt = null;
        if (rules.triesAgain) setTimer('prepare');
      },

      /** Passed on: whoever it came from may have crashed before all others heard of it. */
      Decided(state, { value }, { peers, send, cancelTimer, indicate }) {
        if (state.decided !== null) return;
        for (const peer of peers) send(peer, { type: 'Decided', value });
        Object.assign(state, { promised: null, vote: null, attempt: null, decided: value });
        cancelTimer('prepare');
        indicate({ type: 'decide', value });
      },
    },
  });

/** Whether a message will be ignored, whatever happens: it answers an attempt, or a phase of one, that is over. */
export function isLate({ attempt, decided }: State, message: AnyTagged): boolean {
  if (message.type === 'Decided') return decided !== null;
  if (!['Promise', 'Accepted', 'Refused'].includes(message.type)) return false;
  const isCurrent = sameBallot(attempt?.ballot ?? null, message.ballot as Ballot);
  return !isCurrent || (message.type === 'Promise' && attempt?.phase !== 'prepare');
}

function refuse({ promised }: Draft<State>, ballot: Ballot, from: ProcessId, send: Self['send']): void {
  if (promised !== null) send(from, { type: 'Refused', ballot, promised });
}
