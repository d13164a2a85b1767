/**
 * Ben-Or's randomised consensus: who cannot tell what the others think tosses a coin.
 *
 * Source: Ben-Or, "Another Advantage of Free Choice: Completely Asynchronous Agreement Protocols" (PODC 1983), protocol A
 * for fail-stop processes; the lecture, slide "Circumventing FLP in Theory", idea 1.
 * Faults: t of more than 2t processes may crash; messages are delayed and reordered, not lost.
 * Differences: a coin is two timers, of which one fires: whoever picks which, the adversary or chance, picks the coin. Who
 * decides tells the others, and then stops. Messages of a later phase are kept until it begins.
 */

import { type Draft, type Process, type ProcessId, protocol, type Tagged, z } from '../contract/index.ts';
import { Bit } from '../kernels/binary-consensus.ts';

const Round = z.int().min(1);

export const messages = {
  /** To all, step 1 of a round: what the sender prefers. */
  Report: { round: Round, value: Bit },
  /** To all, step 2: what more than half of all processes have reported; null when the sender knows of no such value. */
  Proposal: { round: Round, value: Bit.nullable() },
  /** To all: the sender has decided. */
  Decided: { value: Bit },
};

const indications = { decide: { value: Bit } };

type Phase = 'report' | 'proposal';

/** A report or a proposal that has been received. */
interface Heard {
  readonly phase: Phase;
  readonly round: number;
  readonly from: ProcessId;
  readonly value: Bit | null;
}

export interface State {
  /** What it prefers: at first its input. */
  readonly value: Bit;
  /** 0 before its first step. */
  readonly round: number;
  /** What it waits for: reports, proposals, or its coin. */
  readonly phase: Phase | 'coin';
  /** What it has heard of this phase and of later ones. */
  readonly heard: ReadonlySet<Heard>;
  readonly decided: Bit | null;
}

type Self = Process<Tagged<typeof messages>, 'begin' | 'heads' | 'tails', never, Tagged<typeof indications>>;

/** The rules on which agreement rests. A mutant replaces one. `n` processes, of which `t` may crash. */
export const soundRules = {
  /** How many reports of a value make it a proposal. */
  reportsNeeded: (n: number): number => Math.floor(n / 2) + 1,
  /** How many proposals of a value decide it. */
  proposalsNeeded: (t: number): number => t + 1,
};

export type Rules = typeof soundRules;

/** How many of `n` processes may crash. */
const tolerated = (n: number): number => Math.ceil(n / 2) - 1;

/** The protocol of a process with this input. */
export const benOr = (input: Bit, rules: Rules) =>
  protocol({
    name: 'ben-or',
    version: 1,
    messages,
    indications,
    timers: ['begin', 'heads', 'tails'],

    init: (): State => ({ value: input, round: 0, phase: 'report', heard: new Set(), decided: null }),

    start(_state, { setTimer }) {
      setTimer('begin');
    },

    timeout: {
      begin(state, process) {
        beginRound(state, process);
      },

      heads(state, process) {
        toss(state, 1, process);
      },

      tails(state, process) {
        toss(state, 0, process);
      },
    },

    receive: {
      Report(state, { round, value }, process) {
        hear(state, { phase: 'report', round, from: process.from, value }, process, rules);
      },

      Proposal(state, { round, value }, process) {
        hear(state, { phase: 'proposal', round, from: process.from, value }, process, rules);
      },

      Decided(state, { value }, process) {
        decide(state, value, process);
      },
    },
  });

/** Step 1: reports what it prefers. */
function beginRound(state: Draft<State>, { broadcast }: Self): void {
  state.round++;
  enter(state, 'report');
  broadcast({ type: 'Report', round: state.round, value: state.value });
}

function hear(state: Draft<State>, heard: Heard, process: Self, rules: Rules): void {
  if (state.decided !== null || isOver(heard, state)) return;
  state.heard.add(heard);
  const all = [...state.heard].filter(({ phase, round }) => phase === state.phase && round === state.round);
  const n = process.processes.length;
  if (all.length < n - tolerated(n)) return;
  const named = ([0, 1] as const).find((value) => all.some((one) => one.value === value)) ?? null;
  const most = ([0, 1] as const).map((value) => all.filter((one) => one.value === value).length);
  if (state.phase === 'report') propose(state, most, process, rules);
  else conclude(state, named, most, process, rules);
}

/** Step 2: proposes what more than half of all have reported. */
function propose(state: Draft<State>, count: readonly number[], { processes, broadcast }: Self, rules: Rules): void {
  const value = ([0, 1] as const).find((bit) => (count[bit] ?? 0) >= rules.reportsNeeded(processes.length)) ?? null;
  enter(state, 'proposal');
  broadcast({ type: 'Proposal', round: state.round, value });
}

/** Step 3: decides what enough have proposed, adopts what anybody has proposed, or else tosses a coin. */
function conclude(state: Draft<State>, named: Bit | null, count: readonly number[], process: Self, rules: Rules): void {
  if (named !== null && (count[named] ?? 0) >= rules.proposalsNeeded(tolerated(process.processes.length))) {
    for (const peer of process.peers) process.send(peer, { type: 'Decided', value: named });
    return decide(state, named, process);
  }
  if (named !== null) {
    state.value = named;
    return beginRound(state, process);
  }
  state.phase = 'coin';
  process.setTimer('heads');
  process.setTimer('tails');
}

function toss(state: Draft<State>, value: Bit, process: Self): void {
  process.cancelTimer('heads');
  process.cancelTimer('tails');
  state.value = value;
  beginRound(state, process);
}

function decide(state: Draft<State>, value: Bit, { cancelTimer, indicate }: Self): void {
  if (state.decided !== null) return;
  for (const timer of ['begin', 'heads', 'tails'] as const) cancelTimer(timer);
  state.heard = new Set();
  state.decided = value;
  indicate({ type: 'decide', value });
}

/** Goes on to a phase of the round, and forgets what was heard of earlier ones. */
function enter(state: Draft<State>, phase: Phase): void {
  state.phase = phase;
  for (const heard of state.heard) if (isOver(heard, state)) state.heard.delete(heard);
}

function isOver({ round, phase }: Pick<Heard, 'round' | 'phase'>, now: State): boolean {
  if (round !== now.round) return round < now.round;
  return now.phase === 'coin' || (phase === 'report' && now.phase === 'proposal');
}

/** Whether a message will be ignored, whatever happens: it belongs to a phase that is over. */
export function isLate(state: State, { type, round }: { readonly type: string; readonly round?: unknown }): boolean {
  if (state.decided !== null) return true;
  if (typeof round !== 'number') return false;
  return isOver({ round, phase: type === 'Report' ? 'report' : 'proposal' }, state);
}
