/**
 * Deciding by the majority of the first answers: nobody waits for all, so a crash blocks nobody, and two processes that
 * have heard different answers disagree.
 */

import { integer, system } from '../contract/index.ts';
import {
  type Bit,
  disagreementIsReached,
  inputsOf,
  inputsParameter,
  instanceOn,
  someoneDecides,
  validityHolds,
} from '../kernels/binary-consensus.ts';
import { majority } from '../kernels/quorum.ts';
import { exchange } from '../wait-for-all/wait-for-all.ts';

const firstAnswerRules = {
  /** All but one: so many may be missing. */
  enough: (n: number): number => n - 1,
  /** What most of them say; 0 when as many say 0 as 1. */
  choose: (known: readonly Bit[]): Bit =>
    known.filter((value) => value === 1).length >= majority(known.length) ? 1 : 0,
};

export const firstAnswersSystem = system({
  name: 'first-answers',
  summary: 'Everybody decides by the majority of the first answers, all but one: never blocked, and not safe',
  parameters: {
    inputs: inputsParameter(),
    crashes: integer({ default: 1, min: 0, max: 1, help: 'how many crashes, in all' }),
  },
  rules: firstAnswerRules,
  build: ({ inputs, crashes }, rules) =>
    instanceOn(inputs, crashes, (input) => exchange(input, rules), [
      validityHolds(inputsOf(inputs)),
      someoneDecides,
      disagreementIsReached,
    ]),
});
