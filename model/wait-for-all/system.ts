/** Waiting for all: safe, and blocked by a single crash. */

import { integer, system } from '../contract/index.ts';
import {
  agreementHolds,
  consensusOn,
  inputsOf,
  inputsParameter,
  nobodyIsBlocked,
  someoneDecides,
  validityHolds,
} from '../kernels/binary-consensus.ts';
import { majority } from '../kernels/quorum.ts';
import { exchange, type State, waitingRules } from './wait-for-all.ts';

export const waitForAllSystem = system({
  name: 'wait-for-all',
  summary: 'Everybody decides when it knows all inputs: safe, and one crash blocks it',
  parameters: {
    inputs: inputsParameter(),
    crashes: integer({ default: 0, min: 0, max: 4, help: 'how many crashes, in all' }),
  },
  rules: waitingRules,
  mutants: {
    'wait-for-majority': {
      help: 'A process decides when it knows a majority of the inputs.',
      rules: { enough: majority },
      breaks: 'agreement',
    },
  },
  build: ({ inputs, crashes }, rules) => ({
    processes: Object.entries(inputsOf(inputs)).map(([id, input]) => ({ id, protocol: exchange(input, rules) })),
    network: 'bag',
    environment: { crashes },
    view: ({ decided }: State) => ({ decided }),
    properties: [agreementHolds, validityHolds(inputsOf(inputs)), someoneDecides],
    quiescence: nobodyIsBlocked,
    consensus: consensusOn(inputsOf(inputs)),
  }),
});
