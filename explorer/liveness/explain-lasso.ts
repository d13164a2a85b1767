/** Why a lasso violates a temporal property, in a sentence. */

import type { TemporalProperty } from '../../spec/temporal.ts';
import type { Run } from '../replay.ts';
import { notViolated } from './lasso-checker.ts';

/** Null when the run does not violate the property. */
export function explainLasso(run: Run, loop: number, property: TemporalProperty<never>): string | null {
  if (notViolated(run, loop, property) !== null) return null;
  const then = howItGoesOn(run, loop);
  switch (property.kind) {
    case 'eventually':
      return `it never comes about: ${then}`;
    case 'leadsTo': {
      const open = openSince(run, property);
      return `unanswered ${open === 0 ? 'from the beginning' : `since step ${open}`}: ${then}`;
    }
    case 'eventuallyAlways':
      return `it is not so for ever: ${then}`;
  }
}

/** How a run goes on for ever. */
export function howItGoesOn({ steps, semantics, initial }: Run, loop: number): string {
  const last = steps.length;
  if (loop < last)
    return loop + 1 === last ? `step ${last} repeats for ever` : `steps ${loop + 1} to ${last} repeat for ever`;
  const state = steps.at(-1)?.after ?? initial.state;
  const { key } = semantics;
  const possible = semantics.successors(state).some(({ state: after }) => key(after) !== key(state));
  const when = last === 0 ? 'from the beginning' : `after step ${last}`;
  return possible ? `${when} nothing more happens, and nothing must` : `${when} nothing can happen`;
}

/** After how many steps that began which is still to lead to something at the end. */
function openSince(
  { steps, semantics, initial }: Run,
  { from, to }: Extract<TemporalProperty<never>, { kind: 'leadsTo' }>,
): number {
  const seen = [initial.state, ...steps.map(({ after }) => after)].map((state) => semantics.seen(state) as never);
  const answered = seen.findLastIndex(to);
  return seen.findIndex((state, index) => index > answered && from(state));
}
