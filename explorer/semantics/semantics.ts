/**
 * The reference semantics: what a system can do, over plain data, as docs/semantics.md states it. The naive explorer,
 * simulation, replay and pictures run on this; the engine is a fast implementation of the same and is tested against it.
 */

import type { Effect } from '../../model/contract/step.ts';
import type { Instance, ObservedStep } from '../../model/contract/system.ts';
import type { TraceEvent } from '../../model/contract/trace.ts';
import { processSemantics } from './processes.ts';
import { transitionSemantics } from './transitions.ts';

/** One transition: what happened, and what it leads to. */
export interface Successor<S> {
  readonly event: TraceEvent;
  readonly state: S;
  /** The bound that the successor is beyond, if any: it is then not explored. */
  readonly beyond: string | null;
  /** What the process that took the step did to the world; empty for steps of the environment. */
  readonly effects: readonly Effect[];
}

/** What can be known of an instance without knowing of which kind it is. */
export interface Semantics<S> {
  /** The initial states, and what led to each of them. */
  initial(): readonly Initial<S>[];
  /** Every transition from a state, in a fixed order; those beyond a bound included and marked. */
  successors(state: S): readonly Successor<S>[];
  /** What properties read of a state. */
  seen(state: S): unknown;
  /** The same for the same state, different for different ones. */
  key(state: S): string;
}

export interface Initial<S> {
  readonly state: S;
  readonly beyond: string | null;
  /** The start steps of the processes, in order. */
  readonly starts: readonly ObservedStep<object>[];
}

/** The semantics of an instance, of either kind. */
export function semanticsOf(instance: Instance): Semantics<unknown> {
  const semantics = instance.kind === 'processes' ? processSemantics(instance) : transitionSemantics(instance);
  return semantics as Semantics<unknown>;
}
