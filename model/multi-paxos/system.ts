/** What is checked of Multi-Paxos: several leaders, each in its epoch, and what atomic broadcast promises. */

import {
  always,
  choice,
  flag,
  integer,
  type ProcessId,
  type Snapshot,
  sometimes,
  system,
  type Verdict,
} from '../contract/index.ts';
import { broadcastHistory, type History } from './history.ts';
import type { Estimates } from './impose-phase.ts';
import { multiPaxos, type Rules, type State, soundRules } from './multi-paxos.ts';
import { NOOP, type Value } from './ordering.ts';
import { broadcastProperties, delivers, leaderOrders } from './properties.ts';
import { scenarios } from './scenarios.ts';
import { interchangeableIn, ledEpochs, requestsOf, workload } from './workload.ts';

/** What properties see of a process. */
interface View {
  readonly lastKnownEpoch: number;
  readonly estimates: Estimates;
  readonly leading: { readonly epoch: number; readonly seqno: number } | null;
  readonly delivered: number;
}

type Seen = Snapshot<View, History>;

export const multiPaxosSystem = system({
  name: 'multi-paxos',
  summary: 'Multi-Paxos as atomic broadcast: READ and GATHER, IMPOSE and ACK, noops in the holes',
  parameters: {
    nodes: integer({ default: 3, min: 1, max: 7, help: 'replicas, of which some are leaders' }),
    workload: workload(11),
    seqnos: integer({ default: 2, min: 1, max: 9, help: 'the highest sequence number that is explored' }),
    crashes: integer({
      default: 0,
      min: 0,
      max: 9,
      help: 'how many crashes, in all; each may be followed by a recovery',
    }),
    network: choice({ default: 'set', options: ['bag', 'set', 'fifo'], help: 'how messages travel' }),
    'leader-order': flag({ default: false, help: 'also check the leader orders, which Paxos does not keep' }),
  },
  rules: soundRules,
  scenarios,
  mutants: {
    'impose-no-raise': {
      help: 'A replica takes what a leader imposes without raising its last known epoch (as the slide has it).',
      rules: { knownAfterTaking: (known) => known },
      breaks: 'agreement',
      parameters: { workload: 110, seqnos: 1 },
    },
    'ack-by-value': {
      help: 'ACKs for one value count together, whatever their epochs.',
      rules: { countedBy: ({ value }) => value },
      breaks: 'agreement',
      parameters: { workload: 1100, seqnos: 1 },
    },
    'gather-minority': {
      help: 'A new leader goes on when it has heard one replica less than a majority.',
      rules: { gathersNeeded: (n) => soundRules.gathersNeeded(n) - 1 },
      breaks: 'agreement',
      parameters: { seqnos: 1 },
    },
    'minority-acks': {
      help: 'A value is ordered when one replica less than a majority has acknowledged it.',
      rules: { acksNeeded: (n) => soundRules.acksNeeded(n) - 1 },
      breaks: 'agreement',
      parameters: { seqnos: 1 },
    },
    'lowest-epoch': {
      help: 'A new leader imposes the value of the lowest epoch that it has gathered, not of the highest.',
      rules: { choose: (estimates) => estimates.toSorted((a, b) => a.epoch - b.epoch)[0]?.value },
      breaks: 'agreement',
      parameters: { workload: 110, seqnos: 1 },
    },
    'no-noop': {
      help: 'A new leader leaves holes as they are.',
      rules: { fill: null },
      breaks: 'a new leader leaves no hole',
      parameters: { workload: 20 },
    },
    'volatile-epoch': {
      help: 'A replica forgets in a crash what epoch it knew of.',
      rules: { durable: ['estimates', 'ordered', 'delivered'] },
      breaks: 'agreement',
      parameters: { seqnos: 1, crashes: 1 },
    },
    'volatile-estimates': {
      help: 'A replica forgets in a crash what was imposed on it.',
      rules: { durable: ['lastKnownEpoch', 'ordered', 'delivered'] },
      breaks: 'agreement',
      parameters: { seqnos: 1, crashes: 1 },
    },
  },

  build({ nodes, workload, seqnos: highest, crashes, network, 'leader-order': ordered }, rules: Rules) {
    const ids = Array.from({ length: nodes }, (_, index) => `n${index + 1}`);
    const epochs = ledEpochs(workload, ids);
    const values = epochs.flatMap(({ commands }) => commands);
    return {
      processes: ids.map((id) => ({ id, protocol: multiPaxos(rules) })),
      network,
      environment: { requests: requestsOf(epochs), crashes, recoveries: crashes },
      bounds: {
        local: {
          [`sequence numbers up to ${highest}`]: ({ leading }: State) => leading === null || leading.seqno <= highest,
        },
      },
      view: ({ lastKnownEpoch, estimates, leading, delivered }: State): View => ({
        lastKnownEpoch,
        estimates,
        leading,
        delivered,
      }),
      history: broadcastHistory<State>(({ leading }) => leading?.epoch ?? null),
      symmetry: interchangeableIn(epochs, ids),
      properties: [
        ...broadcastProperties(values),
        always('a new leader leaves no hole', noHole),
        ...(ordered ? leaderOrders : []),
        sometimes('a command is delivered', ({ history }: Seen) => delivers(history, (value) => value !== NOOP)),
        ...(epochs.length < 2
          ? []
          : [
              sometimes('a leader imposes what another has broadcast', ({ views, history }: Seen) =>
                Object.values(views).some(({ estimates }) =>
                  Object.values(estimates).some(({ epoch, value }) => epoch > epochOf(value, history)),
                ),
              ),
              sometimes('a command is delivered that an earlier leader has broadcast', ({ views, history }: Seen) =>
                Object.values(views).some(({ leading }) =>
                  delivers(history, (value) => leading !== null && epochOf(value, history) < leading.epoch),
                ),
              ),
            ]),
        ...(epochs.length < 2 || highest < 2 || network === 'fifo' || (epochs[0]?.commands.length ?? 0) < 2
          ? []
          : [sometimes('a noop is delivered', ({ history }: Seen) => delivers(history, (value) => value === NOOP))]),
      ],
      quiescence: (state: Seen): Verdict => crashes > 0 || everythingDelivered(state),
    };
  },
});

/** The epoch in which a command was broadcast; of a noop, which nobody broadcasts, none that is below another. */
function epochOf(value: Value, { broadcasts }: History): number {
  return broadcasts.find(({ messages }) => messages.includes(value))?.epoch ?? Number.POSITIVE_INFINITY;
}

/** While a leader knows of no later epoch, it has itself taken a value at every sequence number that it has used. */
function noHole({ views }: Seen): Verdict {
  for (const [process, { lastKnownEpoch, estimates, leading }] of Object.entries(views)) {
    if (leading === null || leading.epoch < lastKnownEpoch) continue;
    const hole = Array.from({ length: leading.seqno }, (_, index) => index + 1).find(
      (seqno) => estimates[seqno] === undefined,
    );
    if (hole !== undefined) return `${process} leads epoch ${leading.epoch} and has imposed nothing as ${hole}`;
  }
  return true;
}

/** When nothing more can happen, every process has delivered all that the latest leader has imposed. */
function everythingDelivered({ views }: Seen): Verdict {
  const [latest] = Object.values(views)
    .flatMap(({ leading }) => leading ?? [])
    .sort((a, b) => b.epoch - a.epoch);
  const behind = Object.entries(views).find(([, { delivered }]) => delivered < (latest?.seqno ?? 0));
  if (behind === undefined || latest === undefined) return true;
  const [process, { delivered }]: [ProcessId, View] = behind;
  return `${process} has delivered ${delivered} of the ${latest.seqno} that the leader of epoch ${latest.epoch} has imposed`;
}
