/**
 * Valence: which decisions can still be made.
 *
 * Source: Fischer, Lynch and Paterson (JACM 1985), section 3; the lecture, slides "FLP: Assumptions" and "FLP: Bivalent
 * Configurations". There are two values there; here a configuration has the set of all values that are decided by some
 * process in some configuration reachable from it.
 */

import { BEYOND, type Configurations } from './configurations.ts';

export interface Valences {
  /** By configuration: the values that some process has decided in it. */
  readonly decided: Uint32Array;
  /** By configuration: the values decided in it or in any configuration reachable from it. */
  readonly reachable: Uint32Array;
}

/** One pass backwards along the edges from every configuration with a decision: each gains each value once. */
export function valencesOf(graph: Configurations): Valences {
  const { world, configurations, target, source } = graph;
  const decided = Uint32Array.from(configurations, (configuration) =>
    world.ids.reduce((values, _, process) => {
      const value = world.decided(configuration, process);
      return value === null ? values : values | (1 << value);
    }, 0),
  );
  const reachable = decided.slice();
  const into = edgesInto(configurations.length, target);
  const pending = [...reachable.keys()].filter((configuration) => reachable[configuration] !== 0);
  for (let at = pending.pop(); at !== undefined; at = pending.pop()) {
    const values = reachable[at] as number;
    for (let index = into.first[at] as number; index < (into.first[at + 1] as number); index++) {
      const before = source[into.edges[index] as number] as number;
      const had = reachable[before] as number;
      if ((had | values) === had) continue;
      reachable[before] = had | values;
      pending.push(before);
    }
  }
  return { decided, reachable };
}

/** The edges by the configuration that they lead to. */
function edgesInto(configurations: number, target: readonly number[]) {
  const first = new Uint32Array(configurations + 1);
  for (const to of target) if (to !== BEYOND) first[to + 1] = (first[to + 1] as number) + 1;
  for (let at = 0; at < configurations; at++) first[at + 1] = (first[at + 1] as number) + (first[at] as number);
  const next = first.slice();
  const edges = new Uint32Array(first[configurations] as number);
  for (const [edge, to] of target.entries()) {
    if (to === BEYOND) continue;
    const place = next[to] as number;
    edges[place] = edge;
    next[to] = place + 1;
  }
  return { first, edges };
}
