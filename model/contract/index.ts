/** The contract: what a protocol file imports. */

export { z } from 'zod';
export { always, alwaysStep, type Property, type Snapshot, sometimes, type Verdict } from '../../spec/property.ts';
export { refines, type Specification } from '../../spec/refinement.ts';
export { eventually, eventuallyAlways, leadsTo, type TemporalProperty } from '../../spec/temporal.ts';
export { type Action, type Actions, each, when } from './action.ts';
export type { Consensus } from './consensus.ts';
export { canonical, type Data, equal, fromCanonical, inCanonicalOrder, snapshot, withMember } from './data.ts';
export { current, type Draft, freeze, undrafted } from './draft.ts';
export { ModelError, UsageError } from './errors.ts';
export { type Fairness, type FairnessOptions, type FairnessPer, stronglyFair, weaklyFair } from './fairness.ts';
export { choice, flag, inputs, integer } from './parameter.ts';
export { type Part, partOf } from './part.ts';
export {
  type AnyTagged,
  type Durable,
  type Identity,
  type Process,
  type ProcessId,
  type Protocol,
  protocol,
  type Tagged,
} from './protocol.ts';
export * from './scenario.ts';
export type { Interchangeable } from './symmetry.ts';
export {
  type Budget,
  type ClientRequest,
  type Environment,
  type HistoryVariable,
  type Hosted,
  type Monitor,
  type Mutant,
  type Network,
  type ObservedStep,
  type System,
  system,
  type TimerRanges,
  transitionSystem,
} from './system.ts';
