/**
 * The stack of Omni-Paxos without reconfiguration: Ballot Leader Election below, Sequence Paxos above, in one process.
 *
 * Source: the lecture on reconfiguration (KTH), slide "Summary": Sequence Paxos for safely replicating a log, Ballot Leader
 * Election for liveness even in partial connectivity; Ng, Haridi and Carbone, "Omni-Paxos" (EuroSys 2023).
 * Faults: those of its parts. Links are FIFO within a session, for Sequence Paxos.
 * The parts share nothing but two words: the election tells Sequence Paxos who leads, and it hears from it, before it ends
 * a round, which ballot has been promised, so that a process which has promised a ballot unknown to its election bids above
 * it. The first is what the stack is for; the second matters for progress only. Neither part knows of the other.
 * Left out: the service layer, which reconfigures.
 */

import {
  ballotLeaderElection,
  type Rules as ElectionRules,
  type State as ElectionState,
  indications as electionIndications,
  messages as electionMessages,
  soundRules as soundElection,
} from '../ballot-leader-election/ballot-leader-election.ts';
import { type Draft, partOf, protocol } from '../contract/index.ts';
import { compareBallots } from '../kernels/ballot.ts';
import {
  type Rules as PaxosRules,
  type State as PaxosState,
  indications as paxosIndications,
  messages as paxosMessages,
  requests,
  sequencePaxos,
  soundRules as soundPaxos,
} from '../sequence-paxos/sequence-paxos.ts';

export interface State {
  readonly election: ElectionState;
  readonly paxos: PaxosState;
}

/** What the parts must not forget in a crash. */
interface Kept {
  readonly election: unknown;
  readonly paxos: unknown;
}

export const soundRules = {
  election: soundElection as ElectionRules,
  paxos: soundPaxos as PaxosRules,
  /** Before a round ends, the election hears of the ballot that has been promised. */
  electionHearsPromise: true,
};

export type Rules = typeof soundRules;

export const omniPaxosStack = (rules: Rules) => {
  const above = sequencePaxos(rules.paxos);
  const below = ballotLeaderElection(rules.election);

  const paxos = partOf(above, (whole: Draft<State>) => whole.paxos);
  const election = partOf(
    below,
    (whole: Draft<State>) => whole.election,
    (process, whole) => ({
      indicate(leader) {
        process.indicate(leader);
        paxos.request('leader')(whole, leader, { ...process, client: 'election' });
      },
    }),
  );

  return protocol({
    name: 'omni-paxos-stack',
    version: 2,
    messages: { ...electionMessages, ...paxosMessages },
    requests: { propose: requests.propose },
    indications: { ...electionIndications, ...paxosIndications },
    timers: ['heartbeat'],
    durable: {
      keep: ({ election, paxos }: State): Kept => ({
        election: below.durable.keep(election),
        paxos: above.durable.keep(paxos),
      }),
      restore: ({ election, paxos }: State, kept): State => ({
        election: below.durable.restore(election, (kept as Kept).election),
        paxos: above.durable.restore(paxos, (kept as Kept).paxos),
      }),
    },

    init: (identity): State => ({ election: below.init(identity), paxos: above.init(identity) }),

    start: election.start,
    receive: { ...election.receive, ...paxos.receive },

    request: { propose: paxos.request('propose') },

    timeout: {
      heartbeat(state, process) {
        if (rules.electionHearsPromise) hearPromise(state);
        election.timeout('heartbeat')(state, process);
      },
    },

    recover(state, process) {
      paxos.recover(state, process);
      election.recover(state, process);
    },

    linkUp: paxos.linkUp,
  });
};

function hearPromise({ election, paxos }: Draft<State>): void {
  if (compareBallots(paxos.promised, election.elected) > 0) election.elected = paxos.promised;
}
