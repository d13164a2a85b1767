/** Pictures of a run: the space-time diagram of processes, the chain of states of a bare transition system. */

import type { Instance } from '../../model/contract/system.ts';
import { replay } from '../replay.ts';
import { chainDot, chainSvg } from './chain.ts';
import { endingOf, type ReportedRun } from './ending.ts';
import { formatterOf } from './format.ts';
import { processDot } from './space-time/dot.ts';
import { processDiagram } from './space-time/svg.ts';

/**
 * The run as a self-contained SVG.
 *
 * @throws UsageError when the run does not fit the instance.
 */
export function spaceTimeSvg(instance: Instance, reported: ReportedRun): string {
  const run = replay(instance, reported);
  const ending = endingOf(instance, reported, run);
  if (instance.kind === 'processes') return processDiagram(instance, run, ending);
  return chainSvg(run, ending, formatterOf(instance));
}

/**
 * The run as a graph for Graphviz.
 *
 * @throws UsageError when the run does not fit the instance.
 */
export function spaceTimeDot(instance: Instance, reported: ReportedRun): string {
  const run = replay(instance, reported);
  const ending = endingOf(instance, reported, run);
  if (instance.kind === 'processes') return processDot(instance, run, ending);
  return chainDot(run, ending, formatterOf(instance));
}
