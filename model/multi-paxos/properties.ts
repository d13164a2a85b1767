/** What must hold of the three stages of Multi-Paxos alike. */

import {
  gapFree,
  globalLeaderOrder,
  localLeaderOrder,
  noCreation,
  noDuplication,
  prefixAgreement,
  totalOrder,
} from '../../spec/broadcast.ts';
import { sequenceConsensus } from '../../spec/sequence-consensus.ts';
import { always, type Property, refines, type Snapshot } from '../contract/index.ts';
import { commands, type History, seqnos } from './history.ts';
import type { Value } from './ordering.ts';

type Recorded = Snapshot<unknown, History>;

/** What atomic broadcast promises (the lecture's slide "Atomic Broadcast (safety)"), and agreement at every sequence number. */
export function broadcastProperties(values: readonly Value[]): Property<Recorded>[] {
  return [
    always('agreement', ({ history }) => prefixAgreement(history.delivered)),
    refines(sequenceConsensus, ({ history }: Recorded) => Object.values(commands(history))),
    always('total order', ({ history }) => totalOrder(commands(history))),
    always('no creation', ({ history }) => noCreation(commands(history), values)),
    always('no duplication', ({ history }) => noDuplication(commands(history))),
    always('gap-free delivery', ({ history }) => gapFree(seqnos(history))),
  ];
}

/** What Paxos does not promise (the lecture's slide "Leader order"). */
export const leaderOrders: readonly Property<Recorded>[] = [
  always('local leader order', ({ history }) => localLeaderOrder(commands(history), history.broadcasts)),
  always('global leader order', ({ history }) => globalLeaderOrder(commands(history), history.broadcasts)),
];

/** Whether some process has delivered such a value. */
export function delivers({ delivered }: History, which: (value: Value) => boolean): boolean {
  return Object.values(delivered).some((all) => all.some(({ value }) => which(value)));
}
