/** A state space for drawing: every state within the bounds, and every transition, by the reference semantics. */

import { canonical } from '../../model/contract/data.ts';
import type { Instance } from '../../model/contract/system.ts';
import type { TraceEvent } from '../../model/contract/trace.ts';
import type { Verdict } from '../../spec/property.ts';
import { QUIESCENCE } from '../exploration.ts';
import { callModel } from '../semantics/observation.ts';
import { semanticsOf } from '../semantics/semantics.ts';

/** A state, as it is met: in breadth-first order, each once. */
export interface Met {
  readonly index: number;
  readonly state: unknown;
  /** What properties read of it. */
  readonly seen: unknown;
  /** 1 for an initial state. */
  readonly depth: number;
  readonly initial: boolean;
}

/** A transition, as it is met: `to` is in the space, though perhaps not met yet. */
export interface Transition {
  readonly from: number;
  readonly to: number;
  readonly event: TraceEvent;
}

export interface Visitor {
  state(met: Met): void;
  transition(transition: Transition): void;
  /** No event is possible in the state (those beyond a bound count as possible); whether that is as it should be. */
  quiescent(met: Met, allowed: boolean): void;
}

/**
 * Visits the whole space, but stops when `most` states have been found.
 *
 * @returns how many states were found, at how many levels, and whether that was all.
 */
export function visitSpace(
  instance: Instance,
  most: number,
  visitor: Visitor,
): { readonly found: number; readonly depth: number; readonly complete: boolean } {
  const semantics = semanticsOf(instance);
  const known = new Map<string, number>();
  let level: Met[] = [];
  let next: Met[] = [];
  let depth = 0;

  function meet(state: unknown, initial: boolean): number {
    const key = semantics.key(state);
    const index = known.get(key);
    if (index !== undefined) return index;
    const met = { index: known.size, state, seen: semantics.seen(state), depth: depth + 1, initial };
    known.set(key, met.index);
    next.push(met);
    visitor.state(met);
    return met.index;
  }

  function expand(met: Met): void {
    const successors = semantics.successors(met.state);
    if (successors.length === 0) {
      const verdict = callModel(QUIESCENCE, () => instance.quiescence(met.seen as never));
      visitor.quiescent(met, verdict === true);
    }
    for (const { event, state, beyond } of successors) {
      if (beyond === null) visitor.transition({ from: met.index, to: meet(state, false), event });
    }
  }

  for (const { state, beyond } of semantics.initial()) if (beyond === null) meet(state, true);
  while (next.length > 0) {
    [level, next] = [next, []];
    depth++;
    for (const met of level) {
      expand(met);
      if (known.size > most) return { found: known.size, depth, complete: false };
    }
  }
  return { found: known.size, depth, complete: true };
}

/** The properties that a state violates, and those that it is a witness of. */
export function standingOf(instance: Instance, seen: unknown): { violated: string[]; witnessed: string[] } {
  const judged = instance.properties.flatMap(({ kind, name, check }) => {
    if (kind === 'alwaysStep') return [];
    const verdict: Verdict = callModel(`property '${name}'`, () => check(seen as never));
    return [{ kind, name, holds: verdict === true }];
  });
  return {
    violated: judged.filter(({ kind, holds }) => kind === 'always' && !holds).map(({ name }) => name),
    witnessed: judged.filter(({ kind, holds }) => kind === 'sometimes' && holds).map(({ name }) => name),
  };
}

/** The properties that a step violates; a step that changes nothing of what they read violates none. */
export function stepViolations(instance: Instance, before: unknown, after: unknown): string[] {
  const steps = instance.properties.filter((property) => property.kind === 'alwaysStep');
  if (steps.length === 0 || canonical(before) === canonical(after)) return [];
  return steps
    .filter(({ name, check }) => callModel(`property '${name}'`, () => check(before as never, after as never)) !== true)
    .map(({ name }) => name);
}
