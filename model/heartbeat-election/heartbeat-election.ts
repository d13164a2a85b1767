/**
 * Election by the leader's heartbeats: a process that no longer hears from the leader, but from a majority, takes over.
 *
 * Source: the leader election of Multi-Paxos as Ng, Haridi and Carbone compare it, "Omni-Paxos" (EuroSys 2023), sections on
 * partial connectivity; the failure detector is that of Lamport, "Paxos Made Simple" (2001), section 3, where a new leader
 * is elected when the old one is taken to have failed.
 * Faults: links lost one by one, messages lost or late, crashes with recovery. No process lies.
 * Differences: the sources leave the election open, as safety does not depend on it. What is fixed here is what they say that
 * implementations do: heartbeats tell who leads, so that all learn of a new leader; a leader is replaced when it falls silent,
 * whether or not it still reaches a majority; and who reaches none does not try. The variants of these rules are named in
 * model/partial-connectivity.
 * Left out: how long a timeout lasts, and that it grows when it was too short.
 */

import { type Draft, type Process, type ProcessId, protocol, type Tagged, z } from '../contract/index.ts';
import { Ballot, compareBallots } from '../kernels/ballot.ts';
import { majority } from '../kernels/quorum.ts';

export const messages = {
  /** To all peers, again and again: I am alive; who leads, as far as I may tell; whether I have heard from a majority. */
  Heartbeat: { leader: Ballot.nullable(), quorumConnected: z.boolean() },
};

/** To the user: this process leads, with this ballot. */
export const indications = { leader: { ballot: Ballot } };

export interface State {
  /** Durable: the highest ballot that it has heard of. It names the leader; null before there is one. */
  readonly leader: Ballot | null;
  /** The peers heard from in the last interval between two heartbeats of its own, and in this one. */
  readonly heardLast: ReadonlySet<ProcessId>;
  readonly heardNow: ReadonlySet<ProcessId>;
}

type Timer = 'heartbeat' | 'suspect';
type Self = Process<Tagged<typeof messages>, Timer, never, Tagged<typeof indications>>;

/** The rules, each in one place. A variant replaces one. */
export const heartbeatRules = {
  /** Which leader a process tells others of: the one that it knows, even if that is another one. */
  told: (leader: Ballot | null, _self: ProcessId): Ballot | null => leader,
  /** Whether a heartbeat of the leader shows that it can lead: that it is alive is enough. */
  showsLeader: (_quorumConnected: boolean): boolean => true,
};

export type Rules = typeof heartbeatRules;

export const heartbeatElection = (rules: Rules) =>
  protocol({
    name: 'heartbeat-election',
    version: 1,
    messages,
    indications,
    timers: ['heartbeat', 'suspect'],
    durable: ['leader'],

    /** Until a first interval has passed, a process takes itself to reach everyone. */
    init: ({ peers }): State => ({ leader: null, heardLast: new Set(peers), heardNow: new Set() }),

    start: begin,
    recover: begin,

    timeout: {
      heartbeat(state, { self, processes, peers, send, setTimer }) {
        state.heardLast = state.heardNow;
        state.heardNow = new Set();
        const leader = rules.told(state.leader, self);
        const quorumConnected = isQuorumConnected(state, processes);
        for (const peer of peers) send(peer, { type: 'Heartbeat', leader, quorumConnected });
        setTimer('heartbeat');
      },

      /** The leader has been silent for long. Itself a leader, a process waits for nobody. */
      suspect(state, { self, processes, indicate, setTimer }) {
        if (!isQuorumConnected(state, processes)) return setTimer('suspect');
        state.leader = { round: (state.leader?.round ?? 0) + 1, proposer: self };
        indicate({ type: 'leader', ballot: state.leader });
      },
    },

    receive: {
      /** The wait for the leader begins anew when it is heard from, and with each new leader. */
      Heartbeat(state, { leader, quorumConnected }, { from, setTimer }) {
        state.heardNow.add(from);
        const isNew = compareBallots(leader, state.leader) > 0;
        if (isNew) state.leader = leader;
        if (isNew || (state.leader?.proposer === from && rules.showsLeader(quorumConnected))) setTimer('suspect');
      },
    },
  });

function begin(_state: Draft<State>, { setTimer }: Self): void {
  setTimer('heartbeat');
  setTimer('suspect');
}

/** Whether a process has heard lately from a majority, itself included. */
function isQuorumConnected({ heardLast }: Pick<State, 'heardLast'>, processes: readonly ProcessId[]): boolean {
  return heardLast.size + 1 >= majority(processes.length);
}
