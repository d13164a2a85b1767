/** Judges temporal properties on a state graph. */

import type { Fairness } from '../../model/contract/fairness.ts';
import type { TemporalProperty } from '../../spec/temporal.ts';
import type { FoundRun } from '../exploration.ts';
import type { StateGraph } from '../graph/state-graph.ts';
import { type FairClasses, fairClasses } from './fair-classes.ts';
import { FairComponents } from './fair-components.ts';
import { shortestLasso } from './lasso.ts';
import { checkLasso } from './lasso-checker.ts';
import { type PendingRegion, pendingRegion } from './pending-region.ts';

/** A run that goes on for ever. */
export type LassoRun = FoundRun & { readonly loop: number };

export type TemporalVerdict =
  /** Every fair run has the property. */
  | { readonly verdict: 'holds' }
  | { readonly verdict: 'violated'; readonly run: LassoRun }
  /** No run that stays within the bounds violates it, but some leave them while it is open. */
  | { readonly verdict: 'unknown'; readonly open: number; readonly bounds: readonly string[] };

/**
 * Judges each property under the same fairness. Sound and complete on the graph: a violation is a fair run, and `holds`
 * says that there is none, within the bounds or beyond. Of a transition that a bound cuts only its event is known: it is
 * possible, and it never happens in a loop.
 *
 * @throws UnknownName when fairness is stated of an action that never happens; ModelError when a property throws.
 */
export function judgeTemporal(
  graph: StateGraph,
  properties: readonly TemporalProperty<never>[],
  fairness: readonly Fairness[],
): TemporalVerdict[] {
  const classes = fairClasses(graph, fairness);
  return properties.map((property) => {
    const verdict = judgeOne(graph, property, classes);
    if (verdict.verdict === 'violated') checkLasso(graph.instance, property, fairness, verdict.run);
    return verdict;
  });
}

function judgeOne(graph: StateGraph, property: TemporalProperty<never>, classes: FairClasses): TemporalVerdict {
  const region = pendingRegion(graph, property);
  const fair = new FairComponents(graph, classes, region.visit);
  const components = fair.of(region.states);
  if (components.length > 0) {
    const { from, stem, loop } = shortestLasso(graph, classes, region, components, fair.labelOf);
    return { verdict: 'violated', run: { ...graph.run(from, [...stem, ...loop]), loop: stem.length } };
  }
  const open = openCuts(graph, property, region);
  return open === 0 ? { verdict: 'holds' } : { verdict: 'unknown', open, bounds: Object.keys(graph.cuts.by) };
}

/** In how many states a run can leave the bounds while the property is open. */
function openCuts(graph: StateGraph, { kind }: TemporalProperty<never>, { states }: PendingRegion): number {
  // A run that begins beyond the bounds is open for what must come to pass in every run; what leads to something has not
  // begun to be open there.
  let open = graph.cuts.initial && kind !== 'leadsTo' ? 1 : 0;
  for (const state of states) if (graph.isCut(state)) open++;
  return open;
}
