/**
 * Lemma 1: events of different processes commute.
 *
 * Source: Fischer, Lynch and Paterson (JACM 1985), lemma 1; the lecture, slide "FLP: Disjoint schedules are commutative".
 * Schedules of disjoint processes commute when single events do, so single events are what is checked: from every
 * configuration, every two events of different processes, in both orders.
 */

import { BEYOND, type Configurations, edgesOf, edgeWith, processOf, renamedBy } from './configurations.ts';

/** Two events of different processes, and the four configurations: before, after either, after both. */
export interface Diamond {
  readonly from: number;
  readonly first: number;
  readonly second: number;
  /** The edges that close it: the second event after the first, the first after the second. */
  readonly closing: readonly [number, number];
}

export interface Commutativity {
  /** How many diamonds there are, and close. */
  readonly diamonds: number;
  /** Two events that do not commute; null in a world where processes share nothing but messages. */
  readonly open: { readonly from: number; readonly first: number; readonly second: number } | null;
  /** How many diamonds have a corner beyond a bound or a budget: nothing is known of them. */
  readonly cut: number;
  /** One that can be drawn: with receipts, and four different corners, if there is such a one. */
  readonly example: Diamond | null;
}

export function commutativityOf(graph: Configurations): Commutativity {
  let diamonds = 0;
  let cut = 0;
  let example: Diamond | null = null;
  let open: Commutativity['open'] = null;
  for (const from of graph.configurations.keys()) {
    const edges = edgesOf(graph, from);
    for (const [index, first] of edges.entries()) {
      for (const second of edges.slice(index + 1)) {
        if (processOf(graph, first) === processOf(graph, second)) continue;
        const closing = [follow(graph, first, second), follow(graph, second, first)] as const;
        const [left, right] = closing;
        if (left === null || right === null || graph.target[left] === BEYOND || graph.target[right] === BEYOND) {
          cut++;
        } else if (graph.target[left] === graph.target[right]) {
          diamonds++;
          if (example === null || better(graph, { from, first, second, closing: [left, right] }, example))
            example = { from, first, second, closing: [left, right] };
        } else {
          open ??= { from, first, second };
        }
      }
    }
  }
  return { diamonds, open, cut, example };
}

/** The edge of the second event after the first; null when that is beyond a bound, or has drawn on the same budget. */
function follow(graph: Configurations, first: number, second: number): number | null {
  const after = graph.target[first] as number;
  if (after === BEYOND) return null;
  return edgeWith(graph, after, renamedBy(graph, first, graph.event[second] as number));
}

/** Receipts make the better picture; of equals the earlier one stays. */
function better(graph: Configurations, candidate: Diamond, than: Diamond): boolean {
  return receipts(graph, candidate) > receipts(graph, than);
}

function receipts(graph: Configurations, { first, second }: Diamond): number {
  return [first, second].filter((edge) => graph.world.events.value(graph.event[edge] as number).message !== null)
    .length;
}
