/** What is checked of Paxos Commit: that it is consistent, and that each instance chooses one value. */

import type { Verdict } from '../../spec/property.ts';
import { consistent, type RMState } from '../../spec/transaction-commit.ts';
import { always, integer, sometimes, transitionSystem } from '../contract/index.ts';
import {
  actions,
  type Constants,
  initial,
  isChosen,
  type Rules,
  type State,
  soundRules,
  type Value,
} from './paxos-commit.ts';

export const paxosCommitSystem = transitionSystem({
  name: 'paxos-commit',
  summary: 'Paxos Commit over its set of messages, as in the TLA+ examples',
  parameters: {
    rms: integer({ default: 1, min: 1, max: 4, help: 'resource managers' }),
    acceptors: integer({ default: 3, min: 1, max: 5, help: 'acceptors' }),
    ballots: integer({ default: 2, min: 1, max: 3, help: 'ballots, from 0' }),
  },
  rules: soundRules,
  mutants: {
    'abort-when-prepared': {
      help: 'A resource manager may abort of its own accord although it has said that it is prepared.',
      rules: { rmMayAbort: (rmState) => rmState === 'working' || rmState === 'prepared' },
      breaks: 'an instance chooses one value',
    },
    'ignore-votes': {
      help: 'A leader proposes to abort whatever votes are reported to it.',
      rules: { valueToPropose: (): Value => 'aborted' },
      breaks: 'an instance chooses one value',
    },
    'vote-below-promise': {
      help: 'An acceptor votes at a ballot below the one that it has promised.',
      rules: { mayVote: () => true },
      breaks: 'an instance chooses one value',
    },
    'early-commit': {
      help: 'The transaction commits when all instances but one have chosen prepared.',
      rules: { preparedNeeded: (rms) => rms - 1 },
      breaks: 'TCConsistent',
      parameters: { rms: 2, ballots: 1 },
    },
  },
  build({ rms, acceptors, ballots }, rules: Rules) {
    const constants: Constants = {
      rms: Array.from({ length: rms }, (_, index) => `r${index + 1}`),
      acceptors: Array.from({ length: acceptors }, (_, index) => `a${index + 1}`),
      ballots: Array.from({ length: ballots }, (_, index) => index),
    };
    const all = ({ rmState }: State, wanted: RMState) => Object.values(rmState).every((state) => state === wanted);
    return {
      initial: () => [initial(constants)],
      actions: actions(constants, rules),
      symmetry: [constants.rms, constants.acceptors],
      properties: [
        always('TCConsistent', ({ rmState }: State) => consistent(rmState)),
        always('an instance chooses one value', (state: State) => oneValueEach(state, constants)),
        sometimes('all committed', (state: State) => all(state, 'committed')),
        sometimes('all aborted', (state: State) => all(state, 'aborted')),
        ...(ballots < 2
          ? []
          : [
              sometimes(
                'aborted although all are prepared',
                (state: State) => all(state, 'prepared') && state.msgs.has({ type: 'Abort' }),
              ),
            ]),
      ],
    };
  },
});

function oneValueEach({ msgs }: State, constants: Constants): Verdict {
  const torn = constants.rms.find(
    (rm) => isChosen('prepared', rm, msgs, constants) && isChosen('aborted', rm, msgs, constants),
  );
  return torn === undefined || `in the instance for ${torn}, prepared and aborted are both chosen`;
}
