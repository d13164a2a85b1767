/** Waiting for all: safe, and blocked by a single crash. */

import { integer, system } from '../contract/index.ts';
import {
  agreementHolds,
  inputsOf,
  inputsParameter,
  instanceOn,
  someoneDecides,
  validityHolds,
} from '../kernels/binary-consensus.ts';
import { majority } from '../kernels/quorum.ts';
import { exchange, waitingRules } from './wait-for-all.ts';

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
  build: ({ inputs, crashes }, rules) =>
    instanceOn(inputs, crashes, (input) => exchange(input, rules), [
      agreementHolds,
      validityHolds(inputsOf(inputs)),
      someoneDecides,
    ]),
});
