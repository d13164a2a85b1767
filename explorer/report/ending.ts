/** How a run ends: which property it violates or witnesses, and why. */

import type { Instance } from '../../model/contract/system.ts';
import type { Trace } from '../../model/contract/trace.ts';
import type { Verdict } from '../../spec/property.ts';
import type { TemporalProperty } from '../../spec/temporal.ts';
import { explain } from '../check.ts';
import { type FoundRun, QUIESCENCE } from '../exploration.ts';
import { explainLasso } from '../liveness/explain-lasso.ts';
import { notFair } from '../liveness/lasso-checker.ts';
import type { Run } from '../replay.ts';
import { callModel } from '../semantics/observation.ts';
import { propertyName } from './names.ts';

/** A run, with as much as is known of the trace that it is from: above all the property for which it is kept. */
export type ReportedRun = FoundRun & Partial<Omit<Trace, keyof FoundRun>>;

export interface Ending {
  /** `neither` when the run was kept for no property, or shows nothing about it. */
  readonly kind: 'violated' | 'witnessed' | 'neither';
  /** The verdict in a few words: `agreement is violated`. */
  readonly title: string;
  /** Why, in the property's own words; empty when there is nothing to add. */
  readonly reason: string;
}

export function endingOf(instance: Instance, reported: ReportedRun, run: Run): Ending {
  const name = reported.property ?? null;
  if (name === null) return { kind: 'neither', title: 'the run ends here', reason: '' };
  const temporal = instance.temporal.find((property) => property.name === name);
  if (temporal !== undefined) return endingOfLasso(instance, temporal as TemporalProperty<never>, run);
  const { kind, verdict } = callModel(`property '${name}'`, () => judged(instance, name, run));
  if (kind === 'unknown')
    return { kind: 'neither', title: 'the run ends here', reason: `the system has no property '${name}'` };
  if (kind === 'sometimes')
    return verdict === true
      ? { kind: 'witnessed', title: `${propertyName(name)} is reached`, reason: '' }
      : { kind: 'neither', title: `${propertyName(name)} is not reached`, reason: '' };
  if (verdict === true)
    return { kind: 'neither', title: `${propertyName(name)} holds at the end of this run`, reason: '' };
  const title = name === QUIESCENCE ? 'nothing can happen any more, and should' : `${propertyName(name)} is violated`;
  const reason = explain(instance, name, reported);
  return { kind: 'violated', title, reason: reason === `'${name}' does not hold` ? '' : reason };
}

/** A run that goes on for ever violates a temporal property, or not; one that just ends says nothing about it. */
function endingOfLasso({ fairness }: Instance, property: TemporalProperty<never>, run: Run): Ending {
  const { loop } = run;
  const name = propertyName(property.name);
  if (loop === null) return { kind: 'neither', title: 'the run ends here', reason: `it says nothing of ${name}` };
  const reason = callModel(`property '${property.name}'`, () => explainLasso(run, loop, property));
  if (reason === null) return { kind: 'neither', title: `${name} is not violated by this run`, reason: '' };
  const unfair = notFair(run, loop, fairness);
  if (unfair !== null) return { kind: 'neither', title: `${name} is not violated by this run`, reason: unfair };
  return { kind: 'violated', title: `${name} is violated`, reason };
}

function judged(
  instance: Instance,
  name: string,
  { semantics, initial, steps }: Run,
): { kind: 'always' | 'alwaysStep' | 'sometimes' | 'quiescence' | 'unknown'; verdict: Verdict } {
  const last = steps.at(-1);
  const state = last?.after ?? initial.state;
  const seen = semantics.seen(state) as never;
  const property = instance.properties.find((candidate) => candidate.name === name);
  if (property === undefined && name !== QUIESCENCE) return { kind: 'unknown', verdict: true };
  if (property === undefined)
    return { kind: 'quiescence', verdict: semantics.successors(state).length > 0 || instance.quiescence(seen) };
  if (property.kind !== 'alwaysStep') return { kind: property.kind, verdict: property.check(seen) };
  const verdict = last === undefined || property.check(semantics.seen(last.before) as never, seen);
  return { kind: 'alwaysStep', verdict };
}

/** The ending as lines below a picture. */
export function captionLines({ title, reason }: Ending): string[] {
  return reason === '' ? [title] : [title, reason];
}
