/** Judges the temporal properties of an instance that has been explored. */

import type { Instance } from '../../model/contract/system.ts';
import type { Stop } from '../exploration.ts';
import { buildGraph, type GraphOptions } from '../graph/build.ts';
import { GraphIncomplete } from '../graph/limits.ts';
import { buildGraphNaively } from '../graph/naive-graph.ts';
import { judgeTemporal, type TemporalVerdict } from './judge-temporal.ts';

export interface LivenessOptions extends GraphOptions {
  readonly naive: boolean;
}

export interface Liveness {
  /** A verdict for each property; null for all of them when the graph could not be built. */
  readonly verdicts: readonly (TemporalVerdict | null)[];
  /** Why it could not. */
  readonly stopped: Stop | null;
}

/**
 * Builds the state graph and judges every temporal property.
 *
 * @throws UnknownName when fairness is stated of an action that never happens; ModelError when the model is at fault.
 */
export async function checkLiveness(instance: Instance, { naive, ...options }: LivenessOptions): Promise<Liveness> {
  const { temporal, fairness } = instance;
  try {
    const graph = naive ? buildGraphNaively(instance, options) : await buildGraph(instance, options);
    return { verdicts: judgeTemporal(graph, temporal, fairness), stopped: null };
  } catch (thrown) {
    if (!(thrown instanceof GraphIncomplete)) throw thrown;
    return { verdicts: temporal.map(() => null), stopped: thrown.stop };
  }
}
