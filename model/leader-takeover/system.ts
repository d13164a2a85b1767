/** A leader with a deputy: never blocked, and not safe. */

import { integer, system } from '../contract/index.ts';
import {
  disagreementIsReached,
  inputsOf,
  inputsParameter,
  instanceOn,
  someoneDecides,
  validityHolds,
} from '../kernels/binary-consensus.ts';
import { leaderTakeover, takeoverRules } from './leader-takeover.ts';

export const leaderTakeoverSystem = system({
  name: 'leader-takeover',
  summary: 'A leader decides alone and a deputy takes over from it: never blocked, and not safe',
  parameters: {
    inputs: inputsParameter(),
    crashes: integer({ default: 1, min: 0, max: 1, help: 'how many crashes, in all' }),
  },
  rules: takeoverRules,
  mutants: {
    'no-takeover': {
      help: 'Nobody takes over: the leader that crashes before it decides blocks all others.',
      rules: { deputyTakesOver: false },
      breaks: 'quiescence',
    },
  },
  build: ({ inputs, crashes }, rules) =>
    instanceOn(inputs, crashes, (input) => leaderTakeover(input, rules), [
      validityHolds(inputsOf(inputs)),
      someoneDecides,
      disagreementIsReached,
    ]),
});
