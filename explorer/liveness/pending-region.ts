/**
 * Where a temporal property is still open: the states that a run can reach without having done what the property asks. A
 * run that stays there for ever violates it; one that leaves the bounds from there is not known.
 */

import type { TemporalProperty } from '../../spec/temporal.ts';
import type { StateGraph } from '../graph/state-graph.ts';
import { callModel } from '../semantics/observation.ts';

export interface PendingRegion {
  /** The states in which the property is open, in the order of their distance. */
  readonly states: Int32Array;
  /** By state: how many transitions a run needs to be there with the property open; -1 where that cannot be. */
  readonly distance: Int32Array;
  /** By state: the transition on such a shortest way that leads to it; -1 where the property begins to be open. */
  readonly by: Int32Array;
  /** 1 for the states of which a run that violates the property visits one again and again; null: it need not. */
  readonly visit: Uint8Array | null;
}

/** @throws ModelError when a predicate of the property throws. */
export function pendingRegion(graph: StateGraph, property: TemporalProperty<never>): PendingRegion {
  const where = (predicate: (seen: never) => boolean) =>
    callModel(`property '${property.name}'`, () => graph.where(predicate));
  switch (property.kind) {
    case 'eventually': {
      const isOpen = where((seen) => !property.check(seen));
      return { ...search(graph, isOpen, initialStates(graph)), visit: null };
    }
    case 'leadsTo': {
      const isOpen = where((seen) => !property.to(seen));
      return { ...search(graph, isOpen, where(property.from)), visit: null };
    }
    case 'eventuallyAlways':
      return {
        ...search(graph, new Uint8Array(graph.size).fill(1), initialStates(graph)),
        visit: where((seen) => !property.check(seen)),
      };
  }
}

function initialStates({ size, initial }: StateGraph): Uint8Array {
  const is = new Uint8Array(size);
  for (const state of initial) if (state >= 0) is[state] = 1;
  return is;
}

/** Breadth-first search from the states in which the property begins to be open, each at its own depth in the graph. */
function search(graph: StateGraph, isOpen: Uint8Array, begins: Uint8Array): Omit<PendingRegion, 'visit'> {
  const { size, offsets, targets } = graph;
  const depth = depths(graph);
  const distance = new Int32Array(size).fill(-1);
  const by = new Int32Array(size).fill(-1);
  const states = new Int32Array(size);
  let found = 0;
  let expanded = 0;
  // States are numbered by depth, so those that begin at a level come next, behind those of the level before.
  let next = 0;
  for (let level = 0; expanded < found || next < size; level++) {
    for (; next < size && (depth[next] as number) <= level; next++) {
      if (begins[next] === 0 || isOpen[next] === 0 || distance[next] !== -1) continue;
      distance[next] = level;
      states[found++] = next;
    }
    for (const end = found; expanded < end; expanded++) {
      const state = states[expanded] as number;
      for (let at = offsets[state] as number; at < (offsets[state + 1] as number); at++) {
        const target = targets[at] as number;
        if (isOpen[target] === 0 || distance[target] !== -1) continue;
        distance[target] = level + 1;
        by[target] = at;
        states[found++] = target;
      }
    }
  }
  return { states: states.subarray(0, found), distance, by };
}

/** By state: how many transitions from an initial state. */
function depths({ size, offsets, targets, foundBy }: StateGraph): Int32Array {
  const depth = new Int32Array(size);
  for (let state = 0; state < size; state++) {
    for (let at = offsets[state] as number; at < (offsets[state + 1] as number); at++) {
      const target = targets[at] as number;
      if (foundBy[target] === at) depth[target] = (depth[state] as number) + 1;
    }
  }
  return depth;
}
