/** A rotating coordinator: safe, never blocked, and it may go round for ever. */

import { integer, system } from '../contract/index.ts';
import {
  agreementHolds,
  consensusOn,
  inputsOf,
  inputsParameter,
  someoneDecides,
  validityHolds,
} from '../kernels/binary-consensus.ts';
import { isLate, rotatingCoordinator, type State, soundRules } from './rotating-coordinator.ts';

export const rotatingCoordinatorSystem = system({
  name: 'rotating-coordinator',
  summary: 'A rotating coordinator (Chandra and Toueg): safe and never blocked, and it may go round for ever',
  parameters: {
    inputs: inputsParameter(),
    rounds: integer({ default: 2, min: 1, max: 9, help: 'check no further than this round' }),
    held: integer({ default: 2, min: 1, max: 9, help: 'flp: the most messages that are held back at once' }),
    spread: integer({
      default: 6,
      min: 1,
      max: 20,
      help: 'flp: how far apart the rounds may be of which anything is left',
    }),
    crashes: integer({ default: 0, min: 0, max: 1, help: 'how many crashes, in all' }),
  },
  rules: soundRules,
  mutants: {
    'any-estimate': {
      help: 'The coordinator proposes the estimate with the earliest stamp.',
      rules: { choose: (told) => told.toSorted((a, b) => a.stamp - b.stamp)[0]?.value },
      breaks: 'agreement',
    },
    'heed-earlier-rounds': {
      help: 'A process takes up a proposal of a round that it has left.',
      rules: { heedsEarlierRounds: true },
      breaks: 'agreement',
    },
    'decide-alone': {
      help: 'The coordinator decides with its own ack.',
      rules: { acksNeeded: () => 1 },
      breaks: 'agreement',
    },
  },
  build: ({ inputs, rounds, held, spread, crashes }, rules) => ({
    processes: Object.entries(inputsOf(inputs)).map(([id, input]) => ({
      id,
      protocol: rotatingCoordinator(input, rules),
    })),
    network: 'bag',
    environment: { crashes },
    bounds: { local: { [`rounds up to ${rounds}`]: ({ round }: State) => round <= rounds } },
    view: ({ decided }: State) => ({ decided }),
    properties: [agreementHolds, validityHolds(inputsOf(inputs)), someoneDecides],
    consensus: {
      ...consensusOn(inputsOf(inputs)),
      ordered: { fields: ['round', 'stamp'], modulus: inputs.length },
      ...(rules.heedsEarlierRounds ? {} : { isLate }),
      bounds: { inFlight: held, local: { [`rounds up to ${spread}`]: ({ round }: State) => round <= spread } },
    },
  }),
});
