/**
 * Temporal properties by brute force: every set of states is tried as the set that a run visits again and again. There are
 * 2^n of them, and each is judged by the definitions alone. The oracle of the fast algorithm.
 */

import type { StateGraph } from '../../../explorer/graph/state-graph.ts';
import { type Fairness, isOwed } from '../../../model/contract/fairness.ts';
import type { TemporalProperty } from '../../../spec/temporal.ts';

interface Edge {
  readonly from: number;
  /** Null: beyond a bound. */
  readonly to: number | null;
  readonly event: number;
}

/** Whether a fair run violates the property. */
export function isViolatedNaively(
  graph: StateGraph,
  property: TemporalProperty<never>,
  fairness: readonly Fairness[],
): boolean {
  const edges = edgesOf(graph);
  const holds = (predicate: (seen: never) => boolean, state: number) => predicate(graph.seen(state) as never);
  const all = Array.from({ length: graph.size }, (_, state) => state);
  const initial = graph.initial.filter((state) => state >= 0);
  const canVisit = violating(property, all, initial, edges, holds);
  for (let bits = 1; bits < 2 ** graph.size; bits++) {
    const set = all.filter((state) => (bits >> state) % 2 === 1);
    if (canVisit(set) && isConnected(set, edges) && isFair(set, edges, graph, fairness)) return true;
  }
  return false;
}

/** Whether a run that visits exactly these states again and again can violate the property. */
function violating(
  property: TemporalProperty<never>,
  all: readonly number[],
  initial: readonly number[],
  edges: readonly Edge[],
  holds: (predicate: (seen: never) => boolean, state: number) => boolean,
): (set: readonly number[]) => boolean {
  switch (property.kind) {
    case 'eventually': {
      const open = new Set(all.filter((state) => !holds(property.check, state)));
      const reached = reachable(
        initial.filter((state) => open.has(state)),
        edges,
        open,
      );
      return (set) => set.every((state) => reached.has(state));
    }
    case 'leadsTo': {
      const open = new Set(all.filter((state) => !holds(property.to, state)));
      const begins = [...open].filter((state) => holds(property.from, state));
      const reached = reachable(begins, edges, open);
      return (set) => set.every((state) => reached.has(state));
    }
    case 'eventuallyAlways':
      return (set) => set.some((state) => !holds(property.check, state));
  }
}

function edgesOf(graph: StateGraph): Edge[] {
  const edges: Edge[] = [];
  for (let from = 0; from < graph.size; from++) {
    for (let at = graph.offsets[from] ?? 0; at < (graph.offsets[from + 1] ?? 0); at++)
      edges.push({ from, to: graph.targets[at] ?? -1, event: graph.eventOf[at] ?? -1 });
    const { offsets, events } = graph.cuts;
    for (let at = offsets[from] ?? 0; at < (offsets[from + 1] ?? 0); at++)
      edges.push({ from, to: null, event: events[at] ?? -1 });
  }
  return edges.filter(({ from, to }) => from !== to);
}

function reachable(from: readonly number[], edges: readonly Edge[], within: ReadonlySet<number>): Set<number> {
  const reached = new Set(from);
  for (let before = -1; before < reached.size; ) {
    before = reached.size;
    for (const { from, to } of edges) if (reached.has(from) && to !== null && within.has(to)) reached.add(to);
  }
  return reached;
}

function isConnected(set: readonly number[], edges: readonly Edge[]): boolean {
  const within = new Set(set);
  const inner = edges.filter(({ from }) => within.has(from));
  return set.every((state) => reachable([state], inner, within).size === within.size);
}

function isFair(
  set: readonly number[],
  edges: readonly Edge[],
  graph: StateGraph,
  fairness: readonly Fairness[],
): boolean {
  return fairness.every((owed) => {
    const classOf = (event: number): string | null => {
      const described = graph.events[event];
      if (described === undefined || !isOwed(owed, described)) return null;
      return owed.per === 'event' ? String(event) : owed.per === 'process' ? described.process : 'all';
    };
    const classes = new Set(edges.map(({ event }) => classOf(event)).filter((name) => name !== null));
    return [...classes].every((name) => {
      const ofClass = edges.filter(({ event, from }) => classOf(event) === name && set.includes(from));
      if (ofClass.some(({ to }) => to !== null && set.includes(to))) return true;
      const possible = set.filter((state) => ofClass.some(({ from }) => from === state));
      return owed.strength === 'weak' ? possible.length < set.length : possible.length === 0;
    });
  });
}
