/** The profile as the naive explorer would count it: the oracle of the engine's. */

import { canonical } from '../model/contract/data.ts';
import type { Instance } from '../model/contract/system.ts';
import { actionName, countsViews, MOST_VIEWS, type ProfileCounts } from './profile.ts';
import { semanticsOf } from './semantics/semantics.ts';

/** What an action did, while it is being counted. */
interface Counting {
  enabled: number;
  taken: number;
  deeper: number;
  readonly cut: Record<string, number>;
}

/** Expands so many levels of states, from the initial ones on, and counts. */
export function profileNaively(instance: Instance, levels: number): ProfileCounts {
  const semantics = semanticsOf(instance);
  const depths = new Map<string, number>();
  const actions: Record<string, Counting> = {};
  const countsOf = (action: string): Counting => {
    const counts = actions[action] ?? { enabled: 0, taken: 0, deeper: 0, cut: {} };
    actions[action] = counts;
    return counts;
  };
  const outDegrees: number[] = [];
  const views: Record<string, number> = {};

  const initial = semantics.initial().filter(({ beyond }) => beyond === null);
  let level = new Map(initial.map(({ state }) => [semantics.key(state), state]));
  const found = [level.size];
  for (const key of level.keys()) depths.set(key, 1);

  for (let depth = 1; depth <= levels && level.size > 0; depth++) {
    const next = new Map<string, unknown>();
    for (const state of level.values()) {
      const seen = canonical(semantics.seen(state));
      views[seen] = (views[seen] ?? 0) + 1;
      const successors = semantics.successors(state);
      for (const action of new Set(successors.map(({ event }) => actionName(event)))) countsOf(action).enabled++;
      for (const { event, state: after, beyond } of successors) {
        const counts = countsOf(actionName(event));
        if (beyond !== null) {
          counts.cut[beyond] = (counts.cut[beyond] ?? 0) + 1;
          continue;
        }
        const key = semantics.key(after);
        if (!depths.has(key)) {
          depths.set(key, depth + 1);
          next.set(key, after);
        }
        counts.taken++;
        if (depths.get(key) === depth + 1) counts.deeper++;
      }
      const degree = successors.filter(({ beyond }) => beyond === null).length;
      outDegrees[degree] = (outDegrees[degree] ?? 0) + 1;
    }
    if (next.size > 0) found.push(next.size);
    level = next;
  }
  const isCounted = countsViews(instance) && Object.keys(views).length <= MOST_VIEWS;
  return {
    actions,
    levels: found.filter((states) => states > 0),
    outDegrees: Array.from(outDegrees, (states) => states ?? 0),
    views: isCounted ? views : null,
  };
}
