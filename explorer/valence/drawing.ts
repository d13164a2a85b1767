/** What `--picture` draws. */

import { UsageError } from '../../model/contract/errors.ts';
import { processDot } from '../report/space-time/dot.ts';
import { processDiagram } from '../report/space-time/svg.ts';
import { drawGraph, GRAPHS, type Graph } from './pictures.ts';
import type { Walk } from './walk.ts';
import { witnessOf } from './witness.ts';

/** `run` is the space-time diagram of the verdict's witness, the others are graphs. */
export const PICTURES = [...GRAPHS, 'run'] as const;
export type Picture = Graph | 'run';

/** A picture: finished, or for Graphviz to draw. */
export type Drawing = { readonly svg: string } | { readonly dot: string };

/**
 * The picture; graphs are for Graphviz in any case.
 *
 * @throws UsageError when the walk has nothing to show in it.
 */
export function drawing(walk: Walk, picture: Picture, format: 'svg' | 'dot'): Drawing {
  if (picture !== 'run') {
    const dot = drawGraph(walk, picture);
    if (dot === null)
      throw new UsageError('no two events of different processes are ever applicable: there is no diamond');
    return { dot };
  }
  const witness = witnessOf(walk);
  if (witness === null)
    throw new UsageError('nothing is lost within these bounds: there is no run that shows it. Draw --picture graph');
  const { instance, run, ending } = witness;
  return format === 'dot' ? { dot: processDot(instance, run, ending) } : { svg: processDiagram(instance, run, ending) };
}
