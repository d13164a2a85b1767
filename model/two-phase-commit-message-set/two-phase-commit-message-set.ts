/**
 * Two-phase commit as TLA+ has it: one state of all, actions, and a set of messages that only grows.
 *
 * Source: Lamport, module TwoPhase of the TLA+ examples, action for action; its counts are TLC's. The same protocol as
 * processes that a network connects is in model/two-phase-commit.
 * As in the module, an action that is enabled and changes nothing is a step: to receive a message once more.
 */

import { type Actions, always, each, integer, sometimes, transitionSystem, when } from '../contract/index.ts';
import { decisionMutants } from '../two-phase-commit/two-phase-commit.ts';

type Phase = 'working' | 'prepared' | 'committed' | 'aborted';

type Message = { readonly type: 'Prepared'; readonly rm: string } | { readonly type: 'Commit' | 'Abort' };

export interface State {
  readonly rmState: Readonly<Record<string, Phase>>;
  readonly tmState: 'init' | 'committed' | 'aborted';
  readonly tmPrepared: ReadonlySet<string>;
  readonly msgs: ReadonlySet<Message>;
}

export const soundRules = {
  /** TMCommit: how many of the resource managers must be prepared. */
  preparedNeeded: (rms: number): number => rms,
  /** TMAbort: when the transaction manager may abort. */
  tmMayAbort: (phase: State['tmState']): boolean => phase === 'init',
  /** RMChooseToAbort: when a resource manager may abort of its own accord. */
  rmMayAbort: (phase: Phase): boolean => phase === 'working',
};

export type Rules = typeof soundRules;

export const twoPhaseCommitMessageSetSystem = transitionSystem({
  name: 'two-phase-commit-message-set',
  summary: 'Two-phase commit as the TLA+ module has it, over a set of messages',
  parameters: { rms: integer({ default: 3, min: 1, max: 12, help: 'resource managers' }) },
  rules: soundRules,
  mutants: decisionMutants,

  build({ rms: count }, rules) {
    const rms = Array.from({ length: count }, (_, index) => `rm${index + 1}`);
    return {
      initial: (): State[] => [
        {
          rmState: Object.fromEntries(rms.map((rm) => [rm, 'working' as const])),
          tmState: 'init',
          tmPrepared: new Set(),
          msgs: new Set(),
        },
      ],

      actions: actions(rms, rules),
      symmetry: [rms],

      properties: [
        always('consistency', ({ rmState }: State) => {
          const phases = Object.values(rmState);
          return (
            !(phases.includes('committed') && phases.includes('aborted')) ||
            'one resource manager has committed, and another one has aborted'
          );
        }),
        sometimes('all committed', ({ rmState }: State) => Object.values(rmState).every((p) => p === 'committed')),
        sometimes('all aborted', ({ rmState }: State) => Object.values(rmState).every((p) => p === 'aborted')),
      ],
    };
  },
});

/** The actions of the module's `Next`, by their names there. */
function actions(rms: readonly string[], rules: Rules): Actions<State> {
  return {
    TMRcvPrepared: each([rms], (state, rm) => {
      when(state.tmState === 'init' && state.msgs.has({ type: 'Prepared', rm }));
      state.tmPrepared.add(rm);
    }),

    TMCommit(state) {
      when(state.tmState === 'init' && state.tmPrepared.size >= rules.preparedNeeded(rms.length));
      state.tmState = 'committed';
      state.msgs.add({ type: 'Commit' });
    },

    TMAbort(state) {
      when(rules.tmMayAbort(state.tmState));
      state.tmState = 'aborted';
      state.msgs.add({ type: 'Abort' });
    },

    RMPrepare: each([rms], (state, rm) => {
      when(state.rmState[rm] === 'working');
      state.rmState[rm] = 'prepared';
      state.msgs.add({ type: 'Prepared', rm });
    }),

    RMChooseToAbort: each([rms], (state, rm) => {
      when(rules.rmMayAbort(state.rmState[rm] ?? 'aborted'));
      state.rmState[rm] = 'aborted';
    }),

    RMRcvCommitMsg: each([rms], (state, rm) => {
      when(state.msgs.has({ type: 'Commit' }));
      state.rmState[rm] = 'committed';
    }),

    RMRcvAbortMsg: each([rms], (state, rm) => {
      when(state.msgs.has({ type: 'Abort' }));
      state.rmState[rm] = 'aborted';
    }),
  };
}
