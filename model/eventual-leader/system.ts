/**
 * The way out: the same Paxos with a failure detector that eventually stops erring.
 *
 * Source: Chandra, Hadzilacos and Toueg, "The Weakest Failure Detector for Solving Consensus" (JACM 1996): a detector that
 * eventually names one correct process to all; the lecture, slide "Circumventing FLP in Theory", idea 3.
 * The detector is told by whose attempts are tried again: n2 is the leader that it settles on, and tries as often as it is
 * refused; n1 takes itself for the leader too, but only so often.
 */

import { choice, eventually, inputs, integer, type Snapshot, system, weaklyFair } from '../contract/index.ts';
import { duelingProposer, isLate, type State, soundRules } from '../dueling-proposers/dueling-proposers.ts';
import {
  agreementHolds,
  consensusOn,
  inputsOf,
  nobodyIsBlocked,
  someoneDecides,
  type View,
  validityHolds,
} from '../kernels/binary-consensus.ts';

type Seen = Snapshot<View, null>;

export const eventualLeaderSystem = system({
  name: 'eventual-leader',
  summary: 'Paxos with a detector that errs only so often: the duel ends, and everybody decides',
  parameters: {
    inputs: inputs({ default: '01', min: 2, max: 2, help: 'what n1 and n2 propose' }),
    errors: integer({ default: 1, min: 0, max: 9, help: 'how often n1 takes itself for the leader' }),
    crash: choice({
      default: 'n3',
      options: ['none', 'n1', 'n3'],
      help: 'who may crash; n2 is the leader, and correct',
    }),
  },
  rules: soundRules,
  mutants: {
    'leader-gives-up': {
      help: 'A proposer that is refused does not try again, not even the leader.',
      rules: { triesAgain: false },
      breaks: 'everybody decides',
      parameters: { crash: 'n1' },
    },
    'own-value': {
      help: 'The proposer prefers its own value to one that may have been chosen.',
      rules: { choose: (_vote, own) => own },
      breaks: 'agreement',
    },
  },
  build({ inputs, errors, crash }, rules) {
    const proposed = inputsOf(inputs);
    return {
      processes: ['n1', 'n2', 'n3'].map((id) => ({ id, protocol: duelingProposer(proposed[id] ?? null, rules) })),
      network: 'fifo',
      environment: {
        timeouts: { prepare: { n1: errors, n2: Number.POSITIVE_INFINITY } },
        crashes: crash === 'none' ? 0 : { [crash]: 1 },
      },
      view: ({ decided }: State) => ({ decided }),
      properties: [
        agreementHolds,
        validityHolds(proposed),
        someoneDecides,
        eventually('everybody decides', (seen: Seen) => nobodyIsBlocked(seen) === true),
      ],
      fairness: [weaklyFair('receive'), weaklyFair('timeout')],
      quiescence: nobodyIsBlocked,
      consensus: {
        ...consensusOn(proposed),
        isLate,
        detector: {
          promise: `${erring(errors)}, and n2, the leader, does not crash`,
          correct: ['n2'],
        },
      },
    };
  },
});

function erring(errors: number): string {
  if (errors === 0) return 'n1 never takes itself for the leader';
  return `n1 takes itself for the leader at most ${errors === 1 ? 'once' : `${errors} times`}`;
}
