/** Lockstep as a library: write a model, check it from a test of your own. */

export { type CheckOptions, type CheckResult, check, type PropertyResult } from './explorer/check.ts';
export { type SimulateOptions, type SimulateResult, simulate } from './explorer/simulate.ts';
export * from './model/contract/index.ts';
export { type AtomicObject, atomicObject } from './spec/atomic-object.ts';
export { consensus } from './spec/consensus.ts';
export { atomicRegister } from './spec/register.ts';
export { sequenceConsensus } from './spec/sequence-consensus.ts';
