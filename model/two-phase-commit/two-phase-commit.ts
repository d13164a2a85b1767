/**
 * Two-phase commit: a transaction manager (TM) gets resource managers (RMs) to commit a transaction all together or not at
 * all.
 *
 * Source: Gray and Lamport, "Consensus on Transaction Commit" (TODS 2006), section 3; module TwoPhase of the TLA+ examples,
 * whose actions are the handlers here, one for one.
 * Faults: crashes, with recovery from the log, and messages lost, delayed, reordered and duplicated. A crash of the TM
 * blocks the RMs that are prepared until it recovers: the weakness for which the protocol is known.
 * Left out, as in the module: the TM's request to prepare, and the message of an RM that aborts. RMs prepare, and the TM
 * aborts, at any time of their own accord, so that neither message would add to what can happen.
 * Differences: `rmState` and `tmState` are `phase`, `tmPrepared` is `prepared`. What a process does of its own accord is a
 * timer, armed exactly while the module's action is enabled. A message says who sent it by its envelope. Recovery is added:
 * the phase is in the log, and who recovers repeats what it may have failed to say.
 */

import { type Draft, type Process, type ProcessId, protocol, type Tagged } from '../contract/index.ts';

export const messages = {
  /** RM to TM: is prepared to commit, and will neither commit nor abort before the TM says so. */
  Prepared: {},
  /** TM to RMs: the transaction is committed. */
  Commit: {},
  /** TM to RMs: the transaction is aborted. */
  Abort: {},
};

/** To the user of an RM: what has become of the transaction. */
const indications = { committed: {}, aborted: {} };

export interface TransactionManager {
  readonly role: 'tm';
  /** Durable: its decision. */
  readonly phase: 'init' | 'committed' | 'aborted';
  /** The RMs that are known to be prepared. */
  readonly prepared: ReadonlySet<ProcessId>;
}

export interface ResourceManager {
  readonly role: 'rm';
  /** Durable. */
  readonly phase: 'working' | 'prepared' | 'committed' | 'aborted';
}

export type State = TransactionManager | ResourceManager;

export type Outcome = 'committed' | 'aborted';

/** The rules on which consistency rests, each in one place. A mutant replaces one. */
export const soundRules = {
  tmDurable: ['phase'] as readonly 'phase'[],
  rmDurable: ['phase'] as readonly 'phase'[],
  /** TMCommit: how many of the RMs must be prepared. */
  preparedNeeded: (rms: number): number => rms,
  /** Whether the TM gives up waiting at all. */
  tmGivesUp: true,
  /** TMAbort: when the TM may abort. */
  tmMayAbort: (phase: TransactionManager['phase']): boolean => phase === 'init',
  /** RMChooseToAbort: when an RM may abort of its own accord. */
  rmMayAbort: (phase: ResourceManager['phase']): boolean => phase === 'working',
  /** RMRcvAbortMsg: when an RM aborts because the TM says so. */
  rmHeedsAbort: (_phase: ResourceManager['phase']): boolean => true,
};

export type Rules = typeof soundRules;

/** Mutants of when it may be decided; those of the same protocol over a set of messages (two-phase-commit-message-set), too. */
export const decisionMutants = {
  'early-commit': {
    help: 'The transaction manager commits when all resource managers but one are prepared.',
    rules: { preparedNeeded: (rms: number) => rms - 1 },
    breaks: 'consistency',
  },
  'abort-after-commit': {
    help: 'The transaction manager may still abort after it has committed.',
    rules: { tmMayAbort: (phase: TransactionManager['phase']) => phase !== 'aborted' },
    breaks: 'consistency',
  },
  'abort-when-prepared': {
    help: 'A resource manager may abort of its own accord although it has said that it is prepared.',
    rules: { rmMayAbort: (phase: ResourceManager['phase']) => phase === 'working' || phase === 'prepared' },
    breaks: 'consistency',
  },
};

type Tm = Process<Tagged<typeof messages>, 'commit' | 'abort'>;
type Rm = Process<Tagged<typeof messages>, 'prepare' | 'abort', never, Tagged<typeof indications>>;

export const transactionManager = (rms: readonly ProcessId[], rules: Rules) =>
  protocol({
    name: 'two-phase-commit/tm',
    version: 1,
    messages,
    timers: ['commit', 'abort'],
    durable: rules.tmDurable,

    init: (): TransactionManager => ({ role: 'tm', phase: 'init', prepared: new Set() }),

    start(_state, { setTimer }) {
      if (rules.tmGivesUp) setTimer('abort');
    },

    receive: {
      /** TMRcvPrepared. */
      Prepared(state, _message, { from, setTimer }) {
        if (state.phase !== 'init') return;
        state.prepared.add(from);
        if (state.prepared.size >= rules.preparedNeeded(rms.length)) setTimer('commit');
      },
    },

    timeout: {
      /** TMCommit. */
      commit(state, process) {
        state.phase = 'committed';
        if (!rules.tmMayAbort(state.phase)) process.cancelTimer('abort');
        announce(state, rms, process);
      },

      /** TMAbort. */
      abort(state, process) {
        state.phase = 'aborted';
        process.cancelTimer('commit');
        announce(state, rms, process);
      },
    },

    recover(state, process) {
      if (state.phase !== 'init') announce(state, rms, process);
      else if (rules.tmGivesUp) process.setTimer('abort');
    },
  });

export const resourceManager = (tm: ProcessId, rules: Rules) =>
  protocol({
    name: 'two-phase-commit/rm',
    version: 1,
    messages,
    indications,
    timers: ['prepare', 'abort'],
    durable: rules.rmDurable,

    init: (): ResourceManager => ({ role: 'rm', phase: 'working' }),

    start(_state, process) {
      work(process);
    },

    timeout: {
      /** RMPrepare. */
      prepare(state, { send, cancelTimer }) {
        state.phase = 'prepared';
        if (!rules.rmMayAbort(state.phase)) cancelTimer('abort');
        send(tm, { type: 'Prepared' });
      },

      /** RMChooseToAbort. */
      abort(state, process) {
        finish(state, 'aborted', process);
      },
    },

    receive: {
      /** RMRcvCommitMsg. */
      Commit(state, _message, process) {
        finish(state, 'committed', process);
      },

      /** RMRcvAbortMsg. */
      Abort(state, _message, process) {
        if (rules.rmHeedsAbort(state.phase)) finish(state, 'aborted', process);
      },
    },

    recover(state, process) {
      if (state.phase === 'working') work(process);
      if (state.phase === 'prepared') process.send(tm, { type: 'Prepared' });
    },
  });

function announce({ phase }: Draft<TransactionManager>, rms: readonly ProcessId[], { send }: Tm): void {
  for (const rm of rms) send(rm, { type: phase === 'committed' ? 'Commit' : 'Abort' });
}

/** A working RM may prepare or abort at any time. */
function work({ setTimer }: Rm): void {
  setTimer('prepare');
  setTimer('abort');
}

function finish(state: Draft<ResourceManager>, outcome: Outcome, { cancelTimer, indicate }: Rm): void {
  if (state.phase === outcome) return;
  state.phase = outcome;
  cancelTimer('prepare');
  cancelTimer('abort');
  indicate({ type: outcome });
}
