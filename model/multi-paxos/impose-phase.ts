/**
 * Multi-Paxos, the impose phase: leaders number commands and impose them on the replicas, each in its own epoch.
 *
 * Source: the lecture on coordinating distributed systems (Eurecom), slides "Simplified Paxos", "Accounting for multiple
 * leaders" and "Multi-leader Paxos: Impose phase". Epochs are output by a leader election module, unique and increasing;
 * for some time several processes may believe to lead, each in its epoch. Here the module is an oracle: the request `elected`.
 * Faults: crashes (with recovery from durable state), and messages lost, delayed and reordered. No process lies.
 * On its own, this is the lecture's second stage and **unsafe**: a new leader does not learn what others have imposed. The
 * read phase (multi-paxos.ts) mends that.
 * Differences: on IMPOSE a replica raises its last known epoch, which the slide forgets: without it, a late IMPOSE of a lower
 * epoch overwrites the estimate of a higher one (mutant `impose-no-raise`). ACKs are counted per epoch, not per value (mutant
 * `ack-by-value`). Whether a command has been ordered is looked at when an ACK arrives. `leading` is the slide's "leader".
 * A leader that learns of a higher epoch goes on imposing, in vain, until it is told otherwise: as on the slide.
 */

import { type Draft, type Process, type ProcessId, protocol, type Tagged, z } from '../contract/index.ts';
import { majority } from '../kernels/quorum.ts';
import {
  indications,
  NOOP,
  nothingOrdered,
  type Ordering,
  order,
  soundRules as orderingRules,
  Seqno,
  Value,
} from './ordering.ts';

export const Epoch = z.int().min(1);

/** What a replica holds for a sequence number: the value last imposed on it, and the epoch of the leader that did. */
export const Estimate = z.strictObject({ epoch: Epoch, value: Value });
export type Estimate = Readonly<z.infer<typeof Estimate>>;

/** By sequence number. */
export const Estimates = z.record(z.string(), Estimate);
export type Estimates = Readonly<z.infer<typeof Estimates>>;

export const messages = {
  /** Leader to all: take this value at this sequence number. */
  Impose: { seqno: Seqno, epoch: Epoch, value: Value },
  /** Replica to all: has taken it. */
  Ack: { seqno: Seqno, epoch: Epoch, value: Value },
};

export const requests = {
  /** From a client, to a leader: broadcast a value in total order. */
  broadcast: { value: Value.refine((value) => value !== NOOP) },
  /** From the leader election module: lead in this epoch. */
  elected: { epoch: Epoch },
};

export interface State extends Ordering {
  /** Durable: the highest epoch that the replica has heard of, 0 for none. It takes nothing from a lower one. */
  readonly lastKnownEpoch: number;
  /** Durable: the lecture's myestimates. */
  readonly estimates: Estimates;
  /** Its epoch and last sequence number while it believes to be the leader. */
  readonly leading: { readonly epoch: number; readonly seqno: number } | null;
  /** Who has acknowledged what, for each sequence number that is not ordered yet. */
  readonly acks: Readonly<Record<string, Readonly<Record<string, ReadonlySet<ProcessId>>>>>;
}

export const durableFields = ['lastKnownEpoch', 'estimates', 'ordered', 'delivered'] as const;

export const born: State = { lastKnownEpoch: 0, estimates: {}, leading: null, acks: {}, ...nothingOrdered };

/** What the handlers use of their process. */
export type Self = Process<Tagged<typeof messages>, never, never, Tagged<typeof indications>>;

/** The rules of the phase, each in one place. A mutant replaces one. */
export const soundRules = {
  ...orderingRules,
  /** Whether a replica that knows of an epoch takes what is imposed in another one. */
  mayTake: (known: number, epoch: number): boolean => known <= epoch,
  /** What epoch it knows of after it has. */
  knownAfterTaking: (_known: number, epoch: number): number => epoch,
  /** ACKs for a sequence number count together when this is the same: one leader imposes one value there in its epoch. */
  countedBy: ({ epoch }: Estimate): string => `epoch ${epoch}`,
  /** How many of `n` replicas must have acknowledged a value for it to be ordered. */
  acksNeeded: (n: number): number => majority(n),
};

export type Rules = typeof soundRules;

export const imposePhase = (rules: Rules) => ({
  /** Slide "Multi-leader Paxos: Impose phase": upon tobroadcast(val) by leader. */
  broadcast(state: Draft<State>, { value }: { value: Value }, { broadcast }: Self): void {
    if (state.leading === null) return;
    state.leading.seqno++;
    broadcast({ type: 'Impose', ...state.leading, value });
  },

  /** Upon receive IMPOSE. */
  Impose(state: Draft<State>, { seqno, epoch, value }: Imposed, { broadcast }: Self): void {
    if (!rules.mayTake(state.lastKnownEpoch, epoch)) return;
    state.lastKnownEpoch = rules.knownAfterTaking(state.lastKnownEpoch, epoch);
    state.estimates[seqno] = { epoch, value };
    broadcast({ type: 'Ack', seqno, epoch, value });
  },

  /** Upon receive ACK from a majority, and having taken the value itself. */
  Ack(state: Draft<State>, { seqno, epoch, value }: Imposed, self: Self & { readonly from: ProcessId }): void {
    if (state.ordered[seqno] !== undefined) return;
    const acks = state.acks[seqno] ?? {};
    const kind = rules.countedBy({ epoch, value });
    const from = new Set(acks[kind]).add(self.from);
    state.acks[seqno] = { ...acks, [kind]: from };
    if (from.size < rules.acksNeeded(self.processes.length) || state.estimates[seqno]?.value !== value) return;
    delete state.acks[seqno];
    order(state, seqno, value, self, rules);
  },
});

export type Imposed = { readonly seqno: number } & Estimate;

/** The lecture's second stage: a new leader starts to impose at once. */
export const imposeOnly = (rules: Rules) => {
  const { broadcast, ...receive } = imposePhase(rules);
  return protocol({
    name: 'multi-paxos-impose-only',
    version: 1,
    messages,
    requests,
    indications,
    durable: durableFields,
    init: (): State => born,
    request: {
      broadcast,
      /** Continues after the sequence numbers that it knows of. */
      elected(state, { epoch }) {
        if (epoch <= state.lastKnownEpoch) return;
        state.leading = { epoch, seqno: lastOf(state.estimates) };
      },
    },
    receive,
  });
};

/** The highest sequence number among the estimates, 0 when there are none. */
export function lastOf(estimates: Estimates): number {
  return Math.max(0, ...Object.keys(estimates).map(Number));
}
