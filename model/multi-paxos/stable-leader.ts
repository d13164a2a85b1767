/**
 * Multi-Paxos with a stable leader: the leader numbers commands, replicas acknowledge them to each other.
 *
 * Source: the lecture on coordinating distributed systems (Eurecom), slide "Simplified Paxos": its first stage, without
 * epochs. The leader is the process that clients address.
 * Faults: messages lost, delayed and reordered. The leader is correct and the only one; a minority of the others may be
 * down. With a second leader it is **unsafe** ("What if the leader is not stable?"): that is what epochs are for.
 * Differences: whether a command has been ordered is looked at when an ACK arrives.
 */

import type { ProcessId } from '../contract/index.ts';
import { protocol } from '../contract/index.ts';
import { majority } from '../kernels/quorum.ts';
import {
  indications,
  nothingOrdered,
  type Ordering,
  order,
  soundRules as orderingRules,
  Seqno,
  Value,
} from './ordering.ts';

export const messages = {
  /** Leader to all: take this value at this sequence number. */
  Impose: { seqno: Seqno, value: Value },
  /** Replica to all: has taken it. */
  Ack: { seqno: Seqno, value: Value },
};

/** From a client, to the leader: broadcast a value in total order. */
const requests = { broadcast: { value: Value } };

export interface State extends Ordering {
  /** The leader's last sequence number. */
  readonly seqno: number;
  /** The lecture's myestimates: the value last imposed at each sequence number. */
  readonly estimates: Readonly<Record<string, Value>>;
  /** Who has acknowledged which value, for each sequence number that is not ordered yet. */
  readonly acks: Readonly<Record<string, Readonly<Record<Value, ReadonlySet<ProcessId>>>>>;
}

/** The rules, each in one place. A mutant replaces one. */
export const soundRules = {
  ...orderingRules,
  /** The sequence number after the leader's last. */
  inc: (seqno: number): number => seqno + 1,
  /** How many of `n` replicas must have acknowledged a value for it to be ordered. */
  acksNeeded: (n: number): number => majority(n),
};

export type Rules = typeof soundRules;

export const stableLeader = (rules: Rules) =>
  protocol({
    name: 'multi-paxos-stable-leader',
    version: 1,
    messages,
    requests,
    indications,
    init: (): State => ({ seqno: 0, estimates: {}, acks: {}, ...nothingOrdered }),

    request: {
      /** Upon tobroadcast(val) by leader. */
      broadcast(state, { value }, { broadcast }) {
        state.seqno = rules.inc(state.seqno);
        broadcast({ type: 'Impose', seqno: state.seqno, value });
      },
    },

    receive: {
      /** Upon receive IMPOSE. */
      Impose(state, { seqno, value }, { broadcast }) {
        state.estimates[seqno] = value;
        broadcast({ type: 'Ack', seqno, value });
      },

      /** Upon receive ACK from a majority, and having taken the value itself. */
      Ack(state, { seqno, value }, self) {
        if (state.ordered[seqno] !== undefined) return;
        const acks = state.acks[seqno] ?? {};
        const from = new Set(acks[value]).add(self.from);
        state.acks[seqno] = { ...acks, [value]: from };
        if (from.size < rules.acksNeeded(self.processes.length) || state.estimates[seqno] !== value) return;
        delete state.acks[seqno];
        order(state, seqno, value, self, rules);
      },
    },
  });
