/**
 * Checks a lasso from first principles: the run is replayed through the reference semantics, and each claim is tested on
 * the states themselves. Nothing of the graph or the search is believed.
 */

import { type Fairness, fairnessText, isOwed } from '../../model/contract/fairness.ts';
import type { Instance } from '../../model/contract/system.ts';
import { eventKey, type TraceEvent } from '../../model/contract/trace.ts';
import type { TemporalProperty } from '../../spec/temporal.ts';
import { graphEvent } from '../graph/state-graph.ts';
import { type Run, replay } from '../replay.ts';
import type { LassoRun } from './judge-temporal.ts';

/** @throws UsageError when the lasso is none; Error when it does not violate the property, or is unfair. */
export function checkLasso(
  instance: Instance,
  property: TemporalProperty<never>,
  fairness: readonly Fairness[],
  lasso: LassoRun,
): void {
  const run = replay(instance, lasso);
  const why = notViolated(run, lasso.loop, property) ?? notFair(run, lasso.loop, fairness);
  if (why !== null) throw new Error(`the lasso found for '${property.name}' is wrong: ${why}`);
}

/** The states of a run, the first one included. */
function statesOf({ initial, steps }: Run): unknown[] {
  return [initial.state, ...steps.map(({ after }) => after)];
}

/** Why a run that goes on like this for ever does not violate a property; null when it does. */
export function notViolated(run: Run, loop: number, property: TemporalProperty<never>): string | null {
  const seen = statesOf(run).map((state) => run.semantics.seen(state) as never);
  const repeated = seen.slice(loop);
  switch (property.kind) {
    case 'eventually':
      return seen.some(property.check) ? 'it has a state in which the property holds' : null;
    case 'leadsTo': {
      const answered = seen.findLastIndex(property.to);
      const isOpen = !repeated.some(property.to) && seen.findLastIndex(property.from) > answered;
      return isOpen ? null : 'whatever is to lead to something does';
    }
    case 'eventuallyAlways':
      return repeated.every(property.check) ? 'the property holds throughout the loop' : null;
  }
}

/** Why the loop of a run is not fair; null when it is. */
export function notFair(run: Run, loop: number, fairness: readonly Fairness[]): string | null {
  const { key, successors } = run.semantics;
  const repeated = statesOf(run).slice(loop);
  const possible = repeated.map((state) =>
    successors(state).flatMap(({ event, state: after }) => (key(after) === key(state) ? [] : [event])),
  );
  const happened = run.steps
    .slice(loop)
    .flatMap(({ event, before, after }) => (key(before) === key(after) ? [] : [event]));
  for (const owed of fairness) {
    const classesIn = (events: readonly TraceEvent[]) => new Set(events.flatMap((event) => classIn(owed, event)));
    const happens = classesIn(happened);
    const inEach = possible.map(classesIn);
    for (const of of new Set(inEach.flatMap((classes) => [...classes]))) {
      const always = inEach.every((classes) => classes.has(of));
      if ((owed.strength === 'strong' || always) && !happens.has(of)) return `unfair: ${fairnessText(owed)}: ${of}`;
    }
  }
  return null;
}

/** The class of an event, if something is owed of it. */
function classIn(owed: Fairness, event: TraceEvent): string[] {
  const described = graphEvent(event);
  if (!isOwed(owed, described)) return [];
  if (owed.per === 'event') return [eventKey(described.event)];
  return [owed.per === 'process' ? (described.process ?? '') : 'all'];
}
