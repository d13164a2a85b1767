/** Ben-Or's randomised consensus: with coins that an adversary picks it may not end, with fair coins it does. */

import { integer, system } from '../contract/index.ts';
import {
  agreementHolds,
  consensusOn,
  inputsOf,
  inputsParameter,
  someoneDecides,
  validityHolds,
} from '../kernels/binary-consensus.ts';
import { benOr, isLate, type State, soundRules } from './ben-or.ts';

export const benOrSystem = system({
  name: 'ben-or',
  summary: "Ben-Or's randomised consensus: an adversary that picks the coins keeps it from ending, chance does not",
  parameters: {
    inputs: inputsParameter(3),
    rounds: integer({ default: 1, min: 1, max: 9, help: 'check no further than this round' }),
    held: integer({ default: 6, min: 1, max: 9, help: 'flp: the most messages that are held back at once' }),
    early: integer({ default: 0, min: 0, max: 9, help: 'flp: the most messages of later rounds that a process keeps' }),
    crashes: integer({ default: 0, min: 0, max: 1, help: 'how many crashes, in all' }),
  },
  rules: soundRules,
  mutants: {
    'decide-on-one-proposal': {
      help: 'A single proposal decides.',
      rules: { proposalsNeeded: () => 1 },
      breaks: 'agreement',
      parameters: { rounds: 2 },
    },
    'propose-on-one-report': {
      help: 'A single report makes a proposal.',
      rules: { reportsNeeded: () => 1 },
      breaks: 'agreement',
      parameters: { rounds: 2 },
    },
  },
  build: ({ inputs, rounds, held, early, crashes }, rules) => ({
    processes: Object.entries(inputsOf(inputs)).map(([id, input]) => ({ id, protocol: benOr(input, rules) })),
    network: 'bag',
    environment: { crashes },
    bounds: { local: { [`rounds up to ${rounds}`]: ({ round }: State) => round <= rounds } },
    view: ({ decided }: State) => ({ decided }),
    properties: [agreementHolds, validityHolds(inputsOf(inputs)), someoneDecides],
    consensus: {
      ...consensusOn(inputsOf(inputs)),
      ordered: { fields: ['round'], modulus: 1 },
      isLate,
      bounds: {
        inFlight: held,
        local: {
          [`at most ${early} early messages`]: ({ round, heard }: State) =>
            [...heard].filter((one) => one.round > round).length <= early,
        },
      },
      coin: ['heads', 'tails'],
    },
  }),
});
