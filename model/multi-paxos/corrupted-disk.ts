/**
 * Multi-Paxos with a replica whose disk turns out to be corrupted: it has forgotten everything, and rebuilds its state as a
 * non-voting member until it may vote again.
 *
 * Source: the lecture on coordinating distributed systems (Eurecom), slide "Example: Corrupted disks"; Chandra, Griesemer and
 * Redstone, "Paxos Made Live" (PODC 2007). The replica answers neither READ nor IMPOSE, catches up, and waits until it has
 * observed one complete instance that was started after it began to rebuild, so "that this replica could not have reneged on
 * an earlier promise".
 * Faults: those of Multi-Paxos, and a disk that is found to be corrupted (the request `corrupted`).
 * Differences: the wait as the lecture has it (`wait=instance`) is unsafe, in two ways. What the replica had taken at lower
 * sequence numbers may have been chosen with its help, so it must have learned all of those too (`wait=below`; scenario
 * `one-instance`). And it may have promised another epoch than the one of the instance: with five replicas, no instance shows
 * that it has not (scenario `five-replicas`), so it must also have heard from all others which epochs they know of
 * (`wait=all`); the leader that it promised to is one of them. With three replicas that is not needed: without the replica,
 * the majority of an instance is both others, the leader that it promised to among them.
 * ACKs go to the leader, which announces what is ordered: fewer messages, the same instances. The leader of epoch 1 does not
 * read: before it there is nothing. How the replica knows that an instance was started after it began to rebuild: the leader
 * that announces it has said since that it had not got so far.
 */

import { type Draft, type Process, type ProcessId, protocol, type Tagged, z } from '../contract/index.ts';
import { Epoch, lastOf, requests as paxosRequests } from './impose-phase.ts';
import * as paxos from './multi-paxos.ts';
import { indications, order, Seqno, Value } from './ordering.ts';

export const messages = {
  ...paxos.messages,
  /** Leader to the others: a majority has taken this. */
  Ordered: { seqno: Seqno, epoch: Epoch, value: Value },
  /** Rebuilding replica to the others: what have I missed? */
  CatchUp: {},
  /** The answer: what is ordered, the epoch that the sender knows of (0: none), and the last sequence number it has seen. */
  Learn: { ordered: z.record(z.string(), Value), epoch: z.int().min(0), started: z.int().min(0) },
};

export const requests = {
  ...paxosRequests,
  /** From its storage, to a replica: everything on disk is lost. */
  corrupted: {},
};

export interface State extends paxos.State {
  /** Durable: set while it rebuilds, and does not vote. */
  readonly rebuilding: Rebuilding | null;
}

export interface Rebuilding {
  /** How far each replica had got when it first answered. */
  readonly started: Readonly<Record<ProcessId, number>>;
  /** The first complete instance that it has observed, of those that were started later. */
  readonly observed: number | null;
}

type Self = Process<Tagged<typeof messages>, never, never, Tagged<typeof indications>>;

/** The rules by which a replica votes again. A mutant replaces one. */
export const soundRules = {
  ...paxos.soundRules,
  /** It has observed a complete instance that was started after it began, and has learned everything below. */
  hasObserved: (observed: number | null, delivered: number): boolean => observed !== null && observed <= delivered,
  /** It has heard from this many of its `peers`. */
  hasHeard: (heard: number, peers: number): boolean => heard === peers,
};

export type Rules = typeof soundRules;

export const corruptedDisk = (rules: Rules) => {
  const { request, receive } = paxos.handlers(rules);
  return protocol({
    name: 'multi-paxos-corrupted-disk',
    version: 1,
    messages,
    requests,
    indications,
    durable: [...rules.durable, 'rebuilding'],
    init: (): State => ({ ...paxos.born, rebuilding: null }),

    request: {
      ...request,

      /** Starts to rebuild, from nothing. */
      corrupted(state, _request, self) {
        Object.assign(state, { ...paxos.born, rebuilding: { started: {}, observed: null } });
        for (const peer of self.peers) self.send(peer, { type: 'CatchUp' });
        voteAgain(state, self, rules);
      },

      /** Before epoch 1 there is nothing to read. */
      elected(state, { epoch }, self) {
        if (state.rebuilding !== null) return;
        if (epoch > 1) return request.elected(state, { epoch }, self);
        if (state.lastKnownEpoch > 0) return;
        state.lastKnownEpoch = epoch;
        state.leading = { epoch, seqno: 0 };
      },
    },

    receive: {
      ...receive,

      /** A non-voting member does not respond with GATHER. */
      Read(state, message, self) {
        if (state.rebuilding === null) receive.Read(state, message, self);
      },

      /** Nor with ACK. The others respond to the leader. */
      Impose(state, message, self) {
        if (state.rebuilding !== null) return;
        receive.Impose(state, message, { ...self, broadcast: (ack) => self.send(self.from, ack) });
      },

      /** The leader announces what is ordered. */
      Ack(state, { seqno, epoch, value }, self) {
        const known = state.ordered[seqno];
        receive.Ack(state, { seqno, epoch, value }, self);
        if (state.ordered[seqno] === known) return;
        for (const peer of self.peers) self.send(peer, { type: 'Ordered', seqno, epoch, value });
      },

      /** A rebuilding replica observes a complete instance; it asks again when that shows that it has missed something. */
      Ordered(state, { seqno, epoch, value }, self) {
        learn(state, seqno, epoch, value, self, rules);
        const { rebuilding } = state;
        if (rebuilding === null) return;
        const startedLater = seqno > (rebuilding.started[self.from] ?? Number.POSITIVE_INFINITY);
        if (startedLater) rebuilding.observed ??= seqno;
        if (state.delivered < seqno) self.send(self.from, { type: 'CatchUp' });
        voteAgain(state, self, rules);
      },

      CatchUp(state, _message, { from, send }) {
        if (state.rebuilding !== null) return;
        const { ordered, lastKnownEpoch: epoch, estimates, leading } = state;
        send(from, { type: 'Learn', ordered, epoch, started: Math.max(lastOf(estimates), leading?.seqno ?? 0) });
      },

      Learn(state, { ordered, epoch, started }, self) {
        if (state.rebuilding === null) return;
        state.rebuilding.started[self.from] ??= started;
        state.lastKnownEpoch = Math.max(state.lastKnownEpoch, epoch);
        for (const [seqno, value] of Object.entries(ordered)) learn(state, Number(seqno), epoch, value, self, rules);
        voteAgain(state, self, rules);
      },
    },
  });
};

/** What is ordered is final. For a replica that has forgotten what it took, it counts as taken in the latest epoch. */
function learn(
  state: Draft<State>,
  seqno: number,
  epoch: number,
  value: Value,
  self: Pick<Self, 'indicate'>,
  rules: Rules,
): void {
  state.lastKnownEpoch = Math.max(state.lastKnownEpoch, epoch);
  if (state.ordered[seqno] !== undefined) return;
  if (state.rebuilding !== null) state.estimates[seqno] = { epoch, value };
  delete state.acks[seqno];
  order(state, seqno, value, self, rules);
}

function voteAgain(state: Draft<State>, { peers }: Pick<Self, 'peers'>, rules: Rules): void {
  const { rebuilding, delivered } = state;
  if (rebuilding === null || !rules.hasObserved(rebuilding.observed, delivered)) return;
  if (rules.hasHeard(Object.keys(rebuilding.started).length, peers.length)) state.rebuilding = null;
}
