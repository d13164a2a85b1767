/**
 * Random tests (fast-check) draw the same every time, so that a commit passes or fails whenever it is tested; under
 * `npm run check:full` they draw anew. LOCKSTEP_SEED is a seed to draw from instead, such as that of a test that failed.
 */

import fc from 'fast-check';

const { LOCKSTEP_SEED, LOCKSTEP_FULL } = process.env;

if (LOCKSTEP_SEED !== undefined && !/^-?\d+$/.test(LOCKSTEP_SEED)) {
  throw new Error(`LOCKSTEP_SEED=${LOCKSTEP_SEED} is not a whole number`);
}
if (LOCKSTEP_SEED !== undefined || LOCKSTEP_FULL !== '1') {
  fc.configureGlobal({ ...fc.readConfigureGlobal(), seed: Number(LOCKSTEP_SEED ?? 1) });
}
