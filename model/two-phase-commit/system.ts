/** What is checked of two-phase commit: one transaction, its consistency, and how a crash of the manager blocks it. */

import { agreement, type Decisions } from '../../spec/consensus.ts';
import type { Verdict } from '../../spec/property.ts';
import {
  always,
  eventually,
  type HistoryVariable,
  integer,
  type ObservedStep,
  type ProcessId,
  type Snapshot,
  sometimes,
  system,
  weaklyFair,
} from '../contract/index.ts';
import {
  decisionMutants,
  type Outcome,
  type Rules,
  resourceManager,
  type State,
  soundRules,
  transactionManager,
} from './two-phase-commit.ts';

/** What has become of the transaction at each RM: a crash does not erase it here. */
type History = Decisions<Outcome>;

interface Observation {
  readonly process: ProcessId;
  readonly outcomes: readonly Outcome[];
}

const history: HistoryVariable<State, History> = {
  initial: {},

  observe({ process, effects }: ObservedStep<State>): Observation | null {
    const outcomes = effects.flatMap((effect) =>
      effect.type === 'indicate' ? [effect.indication.type as Outcome] : [],
    );
    return outcomes.length === 0 ? null : { process, outcomes };
  },

  next: (decisions, { process, outcomes }: Observation): History => ({
    ...decisions,
    [process]: [...(decisions[process] ?? []), ...outcomes],
  }),
};

type Phase = State['phase'];

type Seen = Snapshot<Phase, History>;

export const twoPhaseCommitSystem = system({
  name: 'two-phase-commit',
  summary: 'Two-phase commit: one transaction manager, and resource managers that it can block',
  parameters: {
    rms: integer({ default: 3, min: 1, max: 9, help: 'resource managers' }),
    crashes: integer({ default: 0, min: 0, max: 9, help: 'how many crashes, in all' }),
    recoveries: integer({ default: 0, min: 0, max: 9, help: 'how many recoveries from them, in all' }),
  },
  rules: soundRules,
  mutants: {
    ...decisionMutants,
    'ignore-abort': {
      help: 'A resource manager that is prepared does not heed an Abort.',
      rules: { rmHeedsAbort: (phase) => phase !== 'prepared' },
      breaks: 'quiescence',
    },
    'patient-manager': {
      help: 'The transaction manager never gives up: it waits for resource managers that have aborted.',
      rules: { tmGivesUp: false },
      breaks: 'every resource manager finishes',
    },
    'volatile-decision': {
      help: 'The transaction manager forgets its decision in a crash.',
      rules: { tmDurable: [] },
      breaks: 'consistency',
      parameters: { crashes: 1, recoveries: 1 },
    },
    'volatile-preparation': {
      help: 'A resource manager forgets in a crash that it is prepared.',
      rules: { rmDurable: [] },
      breaks: 'consistency',
      parameters: { crashes: 1, recoveries: 1 },
    },
  },

  build({ rms, crashes, recoveries }, rules: Rules) {
    const tm = 'tm';
    const ids = Array.from({ length: rms }, (_, index) => `rm${index + 1}`);
    const all = (outcome: Outcome, { history }: Seen) => ids.every((rm) => history[rm]?.includes(outcome) ?? false);
    return {
      processes: [
        { id: tm, protocol: transactionManager(ids, rules) },
        ...ids.map((id) => ({ id, protocol: resourceManager(tm, rules) })),
      ],
      network: 'set',
      timers: { prepare: [10, 100], commit: [10, 50], abort: [500, 1000] },
      environment: { crashes, recoveries },
      view: ({ phase }: State): Phase => phase,
      history,
      symmetry: [ids],
      properties: [
        always('consistency', ({ history }: Seen) => agreement(history)),
        sometimes('all committed', (seen: Seen) => all('committed', seen)),
        sometimes('all aborted', (seen: Seen) => all('aborted', seen)),
        sometimes(
          'aborted although all are prepared',
          ({ views }: Seen) => views[tm] === 'aborted' && ids.every((rm) => views[rm] === 'prepared'),
        ),
        // A crash for good blocks whoever is prepared: that is what quiescence finds.
        ...(recoveries < crashes
          ? []
          : [
              eventually('every resource manager finishes', ({ views }: Seen) =>
                ids.every((rm) => views[rm] === 'committed' || views[rm] === 'aborted'),
              ),
            ]),
      ],
      fairness: [weaklyFair('receive'), weaklyFair('timeout', { per: 'process' }), weaklyFair('recover')],
      quiescence: ({ views }: Seen): Verdict => {
        const blocked = ids.find((rm) => views[rm] === 'prepared');
        return blocked === undefined || `${blocked} is prepared and can neither commit nor abort`;
      },
      // Nobody is given a vote: a working RM prepares or aborts of its own accord.
      consensus: { inputs: {}, decision: (phase) => (phase === 'committed' || phase === 'aborted' ? phase : null) },
    };
  },
});
