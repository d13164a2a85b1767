/** What an exploration finds out, whichever explorer did it. */

import type { TraceEvent } from '../model/contract/trace.ts';

/** The name under which a state where nothing can happen, but should, is reported. */
export const QUIESCENCE = 'quiescence';

/** A run that violates a property or witnesses it: events from an initial state. */
export interface FoundRun {
  /** Which initial state, counted from 0. */
  readonly initial: number;
  readonly events: readonly TraceEvent[];
  /** Of a run that goes on for ever: where its loop begins, as in a trace. */
  readonly loop?: number;
}

/** Why an exploration ended before everything within its bounds was visited. */
export type Stop =
  | { readonly reason: 'interrupted' }
  | { readonly reason: 'depth'; readonly limit: number }
  | { readonly reason: 'states'; readonly limit: number }
  | { readonly reason: 'memory'; readonly limit: number }
  /** Rows or checkpoints could not be written; `error` is the system's word for why. */
  | { readonly reason: 'disk'; readonly error: string };

/**
 * Counting is TLC's: an initial state has depth 1; `generated` is the initial states plus every transition, those back to
 * known states included. The level in which a violation is found is explored to its end, so that counts and the choice of
 * the run that is shown do not depend on the order of the work.
 */
export interface Exploration {
  readonly distinct: number;
  /** How many states the distinct ones stand for: with symmetry, those that a renaming makes of them; else themselves. */
  readonly represented: number;
  readonly generated: number;
  readonly depth: number;
  /** Null when every state within the bounds was visited, or a violation was found. */
  readonly stopped: Stop | null;
  /** How many states have no successor at all. */
  readonly quiescent: number;
  /** How many successors were not explored because they are beyond a bound, by bound. */
  readonly cut: Readonly<Record<string, number>>;
  /** A shortest run for each property violated (`always`, `alwaysStep`, quiescence) or witnessed (`sometimes`). */
  readonly found: ReadonlyMap<string, FoundRun>;
}

/** Whether what has been found ends an exploration: any violation, or that of the property it goes on until. */
export function isEnough(found: ReadonlyMap<string, unknown>, violated: boolean, { until }: Limits): boolean {
  return until === undefined ? violated : found.has(until);
}

/** What an exploration must not exceed, and when it is done. */
export interface Limits {
  /** States deeper than this are not visited. */
  readonly depth?: number;
  /** Stop at the end of the level in which more distinct states than this have been found. */
  readonly states?: number;
  /** Go on past violations of other properties until this one is violated. */
  readonly until?: string;
  /** Of the states that the instance's symmetry makes of each other, visit one. */
  readonly symmetry?: boolean;
}
