/**
 * Multi-Paxos as atomic broadcast: the impose phase, and a read phase in which a new leader learns what others have imposed.
 *
 * Source: the lecture on coordinating distributed systems (Eurecom), slides "Read phase" and "Paxos leader failover"; the
 * impose phase is in impose-phase.ts, with source, faults and differences. READ and GATHER are phase 1 of Paxos, once for
 * all sequence numbers; IMPOSE and ACK are phase 2 (Lamport, "Paxos Made Simple", section 3).
 * Faults: as for the impose phase; a minority of the processes may be down.
 * Left out: retransmission, refusals, forwarding of clients' requests to the leader, catching up of a replica that has
 * missed ACKs, and not imposing again what is known to be ordered. They matter for progress only.
 */

import { type Draft, type Process, type ProcessId, protocol, type Tagged } from '../contract/index.ts';
import { majority } from '../kernels/quorum.ts';
import * as impose from './impose-phase.ts';
import { Epoch, type Estimate, Estimates, lastOf, requests } from './impose-phase.ts';
import { indications, NOOP, type Value } from './ordering.ts';

export const messages = {
  ...impose.messages,
  /** New leader to all: asks what has been imposed before its epoch. */
  Read: { epoch: Epoch },
  /** Replica to the new leader: everything that it has taken; it will take nothing more from earlier epochs. */
  Gather: { epoch: Epoch, estimates: Estimates },
};

export interface State extends impose.State {
  /** The epoch that it is about to lead in, and what it has gathered for it. */
  readonly reading: { readonly epoch: number; readonly gathers: Readonly<Record<ProcessId, Estimates>> } | null;
}

export const born: State = { ...impose.born, reading: null };

export type Self = Process<Tagged<typeof messages>, never, never, Tagged<typeof indications>>;

/** The rules on which the total order rests, each in one place. A mutant replaces one. */
export const soundRules = {
  ...impose.soundRules,
  /** What a replica must not forget in a crash. */
  durable: impose.durableFields as readonly (typeof impose.durableFields)[number][],
  /** Whether a replica that knows of an epoch answers the READ of another one. */
  mayRead: (known: number, epoch: number): boolean => known < epoch,
  /** What epoch it knows of after it has. */
  knownAfterReading: (_known: number, epoch: number): number => epoch,
  /** How many of `n` replicas a new leader must have heard. */
  gathersNeeded: (n: number): number => majority(n),
  /** What a new leader imposes where something has been imposed before: the value of the highest epoch. */
  choose: (estimates: readonly Estimate[]): Value | undefined =>
    estimates.toSorted((a, b) => b.epoch - a.epoch)[0]?.value,
  /** What it imposes at a missing sequence number, below others that are not. */
  fill: NOOP as Value | null,
};

export type Rules = typeof soundRules;

export const handlers = (rules: Rules) => {
  const { broadcast, Impose, Ack } = impose.imposePhase(rules);
  return {
    request: {
      broadcast,

      /** Slide "Read phase": upon elected leader. */
      elected(state: Draft<State>, { epoch }: { epoch: number }, { broadcast }: Self): void {
        if (epoch <= state.lastKnownEpoch) return;
        state.leading = null;
        state.reading = { epoch, gathers: {} };
        broadcast({ type: 'Read', epoch });
      },
    },

    receive: {
      /** Upon receive READ. */
      Read(state: Draft<State>, { epoch }: { epoch: number }, { from, send }: Self & { from: ProcessId }): void {
        if (!rules.mayRead(state.lastKnownEpoch, epoch)) return;
        state.lastKnownEpoch = rules.knownAfterReading(state.lastKnownEpoch, epoch);
        send(from, { type: 'Gather', epoch, estimates: state.estimates });
      },

      /** Upon receive GATHER from a majority: goes on to the impose phase, for every sequence number. */
      Gather(
        state: Draft<State>,
        { epoch, estimates }: { epoch: number; estimates: Estimates },
        { from, processes, broadcast }: Self & { from: ProcessId },
      ): void {
        if (state.reading?.epoch !== epoch) return;
        state.reading.gathers[from] = estimates;
        const gathers = Object.values(state.reading.gathers);
        if (gathers.length < rules.gathersNeeded(processes.length)) return;
        const last = Math.max(...gathers.map(lastOf));
        state.reading = null;
        state.leading = { epoch, seqno: last };
        for (let seqno = 1; seqno <= last; seqno++) {
          const value = rules.choose(gathers.flatMap((gathered) => gathered[seqno] ?? [])) ?? rules.fill;
          if (value !== null) broadcast({ type: 'Impose', seqno, epoch, value });
        }
      },

      Impose,
      Ack,
    },
  };
};

export const multiPaxos = (rules: Rules) =>
  protocol({
    name: 'multi-paxos',
    version: 1,
    messages,
    requests,
    indications,
    durable: rules.durable,
    init: (): State => born,
    ...handlers(rules),
  });
