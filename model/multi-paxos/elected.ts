/**
 * Multi-Paxos led by an election, in one process: what the oracle says elsewhere, the election below says here.
 *
 * Sources: those of the parts (multi-paxos.ts, heartbeat-election.ts). The lecture asks of the election that epochs are unique
 * and increase; ballots, taken in their order, are such epochs.
 * The parts share one word: the election tells Multi-Paxos in which epoch it is elected. Neither knows of the other.
 */

import { type Draft, type ProcessId, partOf, protocol } from '../contract/index.ts';
import {
  type Rules as ElectionRules,
  type State as ElectionState,
  indications as electionIndications,
  messages as electionMessages,
  heartbeatElection,
} from '../heartbeat-election/heartbeat-election.ts';
import type { Ballot } from '../kernels/ballot.ts';
import { requests } from './impose-phase.ts';
import {
  multiPaxos,
  type Rules as PaxosRules,
  type State as PaxosState,
  messages as paxosMessages,
} from './multi-paxos.ts';
import { indications as paxosIndications } from './ordering.ts';

export interface State {
  readonly election: ElectionState;
  readonly paxos: PaxosState;
}

export const electedMultiPaxos = (rules: { readonly election: ElectionRules; readonly paxos: PaxosRules }) => {
  const above = multiPaxos(rules.paxos);
  const below = heartbeatElection(rules.election);

  const paxos = partOf(above, (whole: Draft<State>) => whole.paxos);
  const election = partOf(
    below,
    (whole: Draft<State>) => whole.election,
    (process, whole) => ({
      indicate(leader) {
        process.indicate(leader);
        const epoch = epochOf(leader.ballot as Ballot, process.processes);
        paxos.request('elected')(whole, { epoch }, { ...process, client: 'election' });
      },
    }),
  );

  return protocol({
    name: 'multi-paxos-elected',
    version: 1,
    messages: { ...electionMessages, ...paxosMessages },
    requests: { broadcast: requests.broadcast },
    indications: { ...electionIndications, ...paxosIndications },
    timers: ['heartbeat', 'suspect'],
    durable: {
      keep: ({ election, paxos }: State) => ({
        election: below.durable.keep(election),
        paxos: above.durable.keep(paxos),
      }),
      restore: ({ election, paxos }: State, kept): State => {
        const { election: fromElection, paxos: fromPaxos } = kept as Record<keyof State, unknown>;
        return {
          election: below.durable.restore(election, fromElection),
          paxos: above.durable.restore(paxos, fromPaxos),
        };
      },
    },

    init: (identity): State => ({ election: below.init(identity), paxos: above.init(identity) }),

    start: election.start,
    recover: election.recover,
    receive: { ...election.receive, ...paxos.receive },
    request: { broadcast: paxos.request('broadcast') },
    timeout: { heartbeat: election.timeout('heartbeat'), suspect: election.timeout('suspect') },
  });
};

/** The place of a ballot among all ballots of these processes, from 1: unique, and increasing with the ballot. */
export function epochOf({ round, proposer }: Ballot, processes: readonly ProcessId[]): number {
  return (round - 1) * processes.length + processes.toSorted().indexOf(proposer) + 1;
}
