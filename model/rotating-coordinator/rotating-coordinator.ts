/**
 * Consensus with a rotating coordinator: in each round another process tries to get a majority behind one value, and
 * everybody goes on to the next round when it suspects that the coordinator has crashed.
 *
 * Source: Chandra and Toueg, "Unreliable Failure Detectors for Reliable Distributed Systems" (JACM 1996), section 6.2 and
 * figure 6, for a detector that may suspect anybody at any time.
 * Faults: a minority of the processes may crash; messages are delayed and reordered, not lost.
 * Differences: who suspects goes on without a nack, and a coordinator that is not answered suspects itself. A process that
 * hears of a later round joins it at once. The figure's phases 1 and 2 are Estimate and Proposal, phase 4 is Ack and
 * Decided.
 */

import { type Draft, type Process, type ProcessId, protocol, type Tagged, z } from '../contract/index.ts';
import { Bit } from '../kernels/binary-consensus.ts';
import { majority } from '../kernels/quorum.ts';

/** An estimate and the round in which a coordinator proposed it; 0 for an input. */
const Estimate = z.strictObject({ value: Bit, stamp: z.int().min(0) });
type Estimate = Readonly<z.infer<typeof Estimate>>;

export const messages = {
  /** To the coordinator of a round: the sender's estimate. Nothing of an earlier round will move the sender again. */
  Estimate: { round: z.int().min(1), estimate: Estimate },
  /** Coordinator to all. */
  Proposal: { round: z.int().min(1), value: Bit },
  /** To the coordinator: the sender has made the proposal its estimate. */
  Ack: { round: z.int().min(1) },
  /** Coordinator to all: a majority has. */
  Decided: { value: Bit },
};

const indications = { decide: { value: Bit } };

export interface State {
  /** 0 before its first step. */
  readonly round: number;
  readonly estimate: Estimate;
  /** As coordinator of the round: what it has been told, until it has proposed. */
  readonly told: Readonly<Record<ProcessId, Estimate>>;
  /** As coordinator of the round: who has made the proposal its estimate; null until it has proposed. */
  readonly acks: ReadonlySet<ProcessId> | null;
  readonly decided: Bit | null;
}

type Self = Process<Tagged<typeof messages>, 'suspect', never, Tagged<typeof indications>>;

/** The rules on which agreement rests. A mutant replaces one. */
export const soundRules = {
  /** The estimate that a coordinator proposes: one with the latest stamp. */
  choose: (told: readonly Estimate[]): Bit | undefined => told.toSorted((a, b) => b.stamp - a.stamp)[0]?.value,
  /** Whether a process heeds what belongs to a round before its own. */
  heedsEarlierRounds: false,
  /** How many acks, of `n`, decide. */
  acksNeeded: (n: number): number => majority(n),
};

export type Rules = typeof soundRules;

/** The protocol of a process with this input. */
export const rotatingCoordinator = (input: Bit, rules: Rules) =>
  protocol({
    name: 'rotating-coordinator',
    version: 1,
    messages,
    indications,
    timers: ['suspect'],

    init: (): State => ({ round: 0, estimate: { value: input, stamp: 0 }, told: {}, acks: null, decided: null }),

    start(_state, { setTimer }) {
      setTimer('suspect');
    },

    timeout: {
      /** Its first step; later, its patience with the coordinator is at an end. */
      suspect(state, process) {
        join(state, state.round + 1, process);
        process.send(coordinatorOf(state.round, process), estimateOf(state));
      },
    },

    receive: {
      /** Phase 2: a majority of estimates makes a proposal. */
      Estimate(state, { round, estimate }, process) {
        if (!heeds(state, round, process, rules)) return;
        const { self, from, processes, broadcast } = process;
        if (state.acks !== null) return;
        state.told[self] ??= state.estimate;
        state.told[from] = estimate;
        if (Object.keys(state.told).length < majority(processes.length)) return;
        const value = rules.choose(Object.values(state.told));
        if (value === undefined) return;
        state.told = {};
        state.acks = new Set();
        broadcast({ type: 'Proposal', round, value });
      },

      /** Phase 3: the proposal is the new estimate. */
      Proposal(state, { round, value }, process) {
        if (!heeds(state, round, process, rules)) return;
        state.estimate = { value, stamp: round };
        process.send(process.from, { type: 'Ack', round });
      },

      /** Phase 4: a majority of acks decides. */
      Ack(state, { round }, { from, processes, broadcast }) {
        if (round !== state.round || state.acks === null || state.decided !== null) return;
        state.acks.add(from);
        if (state.acks.size >= rules.acksNeeded(processes.length))
          broadcast({ type: 'Decided', value: state.estimate.value });
      },

      Decided(state, { value }, { cancelTimer, indicate }) {
        if (state.decided !== null) return;
        cancelTimer('suspect');
        state.decided = value;
        indicate({ type: 'decide', value });
      },
    },
  });

/** Whether a message will be ignored, whatever happens: it belongs to a round that the process has left. */
export function isLate(state: State, message: { readonly type: string; readonly round?: unknown }): boolean {
  return state.decided !== null || (typeof message.round === 'number' && message.round < state.round);
}

function coordinatorOf(round: number, { processes }: Self): ProcessId {
  return processes[(round - 1) % processes.length] ?? '';
}

function estimateOf({ round, estimate }: Draft<State>) {
  return { type: 'Estimate', round, estimate } as const;
}

/** Goes on to a round, and waits for its coordinator. */
function join(state: Draft<State>, round: number, { setTimer }: Self): void {
  state.round = round;
  state.told = {};
  state.acks = null;
  setTimer('suspect');
}

/** Whether a process that has decided nothing acts on a message of a round; it joins one that is later than its own. */
function heeds(state: Draft<State>, round: number, process: Self, rules: Rules): boolean {
  if (state.decided !== null) return false;
  if (round > state.round) join(state, round, process);
  return round === state.round || rules.heedsEarlierRounds;
}
