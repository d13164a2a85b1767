/**
 * Ballot Leader Election with quorum-connectedness: elects, with ever higher ballots, a process that reaches a majority.
 *
 * Sources: Ng, Haridi and Carbone, "Omni-Paxos" (EuroSys 2023), section on ballot leader election; Haridi, Kroll and
 * Carbone, "Lecture Notes on Leader-based Sequence Paxos and Total-order Broadcast" (arXiv 2008.13456); the lecture on
 * reconfiguration (KTH), recap "Ballot Leader Election and partial connectivity", "Quorum-connected Leader Election".
 * Names: r is `round`, b `ballot`, qc `quorumConnected`, l `elected`.
 * Faults: links lost one by one, so that two processes may not reach each other while a third reaches both; messages lost
 * or late; crashes with recovery. No process lies. Every process ends its heartbeat rounds by a timer.
 * Left out: how long a round lasts, and that it is lengthened when replies come late; priorities between processes. Both
 * matter for how soon a leader is elected, not for which may be.
 * Differences: rounds of ballots are counted from 1. A process that bids for the lead keeps what it has elected until it
 * elects again (the source forgets it): its own ballot is above that, so it elects the same. What it has elected is durable,
 * so that its ballots increase over a crash too; the sources assume that processes do not recover, or take it from what
 * Sequence Paxos has promised (see model/omni-paxos-stack).
 */

import { type Draft, type Process, type ProcessId, protocol, type Tagged, z } from '../contract/index.ts';
import { Ballot, compareBallots } from '../kernels/ballot.ts';
import { majority } from '../kernels/quorum.ts';

const Round = z.int().min(1);

export const messages = {
  /** To all peers, when a round begins: are you there? */
  HBRequest: { round: Round },
  /** The answer: one's ballot, and whether one has heard from a majority lately. Whom one has elected is nobody's business. */
  HBReply: { round: Round, ballot: Ballot, quorumConnected: z.boolean() },
};

/** To the user: the process that the ballot names is the leader. */
export const indications = { leader: { ballot: Ballot } };

/** What a process stands for in the election. */
export interface Standing {
  /** Its own ballot. */
  readonly ballot: Ballot;
  /** Whether it heard from a majority, itself included, in its last round. */
  readonly quorumConnected: boolean;
  /** Durable: the highest ballot that it has elected. */
  readonly elected: Ballot | null;
}

/** What others see of it. */
export type Reply = Pick<Standing, 'ballot' | 'quorumConnected'>;

export interface State extends Standing {
  /** Its heartbeat round. */
  readonly round: number;
  /** The answers in this round. */
  readonly replies: Readonly<Record<ProcessId, Reply>>;
}

type Self = Process<Tagged<typeof messages>, 'heartbeat', never, Tagged<typeof indications>>;

/** The rules, each in one place. A mutant replaces one. */
export const soundRules = {
  /** What a process must not forget in a crash. */
  durable: ['elected'] as readonly 'elected'[],
  /** A ballot names its process, so that no two have the same. */
  ownBallot: (round: number, self: ProcessId): Ballot => ({ round, proposer: self }),
  /** Only a process that reaches a majority elects. */
  mayElect: (quorumConnected: boolean): boolean => quorumConnected,
  /** Only a process that says that it reaches a majority may be elected. */
  mayLead: ({ quorumConnected }: Reply): boolean => quorumConnected,
};

export type Rules = typeof soundRules;

export const ballotLeaderElection = (rules: Rules) =>
  protocol({
    name: 'ballot-leader-election',
    version: 1,
    messages,
    indications,
    timers: ['heartbeat'],
    durable: rules.durable,

    init: ({ self }): State => ({ ...newcomer(self, rules), round: 0, replies: {} }),

    start: beginRound,
    recover: beginRound,

    timeout: {
      heartbeat(state, process) {
        const elects = endRound(state, Object.values(state.replies), process, rules);
        if (elects && state.elected !== null) process.indicate({ type: 'leader', ballot: state.elected });
        beginRound(state, process);
      },
    },

    receive: {
      HBRequest({ ballot, quorumConnected }, { round }, { from, send }) {
        send(from, { type: 'HBReply', round, ballot, quorumConnected });
      },

      /** An answer to an earlier round is too late. */
      HBReply(state, { round, ballot, quorumConnected }, { from }) {
        if (round === state.round) state.replies[from] = { ballot, quorumConnected };
      },
    },
  });

export function newcomer(self: ProcessId, rules: Rules): Standing {
  return { ballot: rules.ownBallot(1, self), quorumConnected: true, elected: null };
}

function beginRound(state: Draft<State>, { peers, send, setTimer }: Self): void {
  state.round += 1;
  state.replies = {};
  for (const peer of peers) send(peer, { type: 'HBRequest', round: state.round });
  setTimer('heartbeat');
}

/**
 * The end of a round: the highest ballot among the candidates is elected if it is new. If it is lower than what was elected
 * before, that leader is gone, and the process bids for the lead with a ballot above it.
 *
 * @returns whether a new leader was elected.
 */
export function endRound(
  state: Draft<Standing>,
  replies: readonly Reply[],
  { self, processes }: Pick<Self, 'self' | 'processes'>,
  rules: Rules,
): boolean {
  state.quorumConnected = replies.length + 1 >= majority(processes.length);
  if (!rules.mayElect(state.quorumConnected)) return false;
  const candidates = replies.filter(rules.mayLead).map(({ ballot }) => ballot);
  const top = [...candidates, state.ballot].reduce((a, b) => (compareBallots(a, b) >= 0 ? a : b));
  if (state.elected !== null && compareBallots(top, state.elected) < 0) {
    state.ballot = rules.ownBallot(state.elected.round + 1, self);
    return false;
  }
  if (compareBallots(top, state.elected) === 0) return false;
  state.elected = top;
  return true;
}
