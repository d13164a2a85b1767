/** Multi-Paxos led by the election of heartbeats, for the comparison under partial connectivity. */

import type { ProcessId } from '../contract/index.ts';
import { heartbeatRules, type Rules } from '../heartbeat-election/heartbeat-election.ts';
import { electedMultiPaxos, type State } from '../multi-paxos/elected.ts';
import { soundRules } from '../multi-paxos/multi-paxos.ts';
import { type Contender, contender } from './contender.ts';
import { closedGaps } from './gaps.ts';

export function multiPaxosWith(name: string, help: string, election: Partial<Rules> = {}): Contender {
  return contender<State>({
    name,
    help,
    protocol: electedMultiPaxos({ election: { ...heartbeatRules, ...election }, paxos: soundRules }),
    heartbeats: ['heartbeat'],
    waits: 'random',
    request: (command) => ({ type: 'broadcast', value: command }),
    isDecided: (indication, command) =>
      indication.type === 'deliver' && 'value' in indication && indication.value === command,
    leads: ({ paxos: { leading, lastKnownEpoch } }) => leading?.epoch === lastKnownEpoch,
    describe: ({ election: { leader }, paxos: { leading, lastKnownEpoch } }) => {
      if (leading === null) return `follows ${leader?.proposer ?? 'nobody'}, knows of epoch ${lastKnownEpoch}`;
      return `leads epoch ${leading.epoch}${leading.epoch < lastKnownEpoch ? ' in vain' : ''}`;
    },
    normal: withSmallBallots,
  });
}

/**
 * Ballots are compared, and rounds count up by one: see `gaps.ts`; an epoch is the place of a ballot in their order. Between
 * steps nothing is in flight: no GATHER or ACK will come to be counted with those that have.
 */
function withSmallBallots(states: Readonly<Record<ProcessId, State>>): Readonly<Record<ProcessId, State>> {
  const processes = Object.keys(states).sort();
  const all = Object.values(states);
  const roundOf = (epoch: number) => Math.ceil(epoch / processes.length);
  const epochs = all.flatMap(({ paxos }) => [
    paxos.lastKnownEpoch,
    ...(paxos.leading === null ? [] : [paxos.leading.epoch]),
    ...Object.values(paxos.estimates).map(({ epoch }) => epoch),
  ]);
  const rounds = all.flatMap(({ election }) => (election.leader === null ? [] : [election.leader.round]));
  const small = closedGaps([...rounds, ...epochs.map(roundOf)]);
  const smallEpoch = <T extends { readonly epoch: number }>(led: T): T => ({
    ...led,
    epoch: led.epoch - (roundOf(led.epoch) - small(roundOf(led.epoch))) * processes.length,
  });
  return Object.fromEntries(
    Object.entries(states).map(([id, { election, paxos }]) => [
      id,
      {
        election: {
          ...election,
          leader: election.leader && { ...election.leader, round: small(election.leader.round) },
        },
        paxos: {
          ...paxos,
          lastKnownEpoch: smallEpoch({ epoch: paxos.lastKnownEpoch }).epoch,
          estimates: Object.fromEntries(
            Object.entries(paxos.estimates).map(([seqno, estimate]) => [seqno, smallEpoch(estimate)]),
          ),
          leading: paxos.leading && smallEpoch(paxos.leading),
          reading: null,
          acks: {},
        },
      },
    ]),
  );
}
