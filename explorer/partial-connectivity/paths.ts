/** Ways through the graph of timeouts. */

import { timerName } from './cluster.ts';
import type { Edge, TimeoutGraph } from './graph.ts';

/** A shortest way from a node to one of the goals; empty when it is one. */
export function shortestPath(
  { nodes }: TimeoutGraph,
  from: number,
  goals: ReadonlySet<number>,
  isOpen: (edge: Edge) => boolean = () => true,
): Edge[] {
  if (goals.has(from)) return [];
  const cameBy = new Map<number, { readonly edge: Edge; readonly from: number }>();
  const queue = [from];
  for (const node of queue) {
    for (const edge of nodes[node]?.edges ?? []) {
      if (cameBy.has(edge.to) || edge.to === from || !isOpen(edge)) continue;
      cameBy.set(edge.to, { edge, from: node });
      if (goals.has(edge.to)) return wayTo(edge.to, cameBy);
      queue.push(edge.to);
    }
  }
  throw new Error('there is no way to the goals');
}

function wayTo(goal: number, cameBy: ReadonlyMap<number, { readonly edge: Edge; readonly from: number }>): Edge[] {
  const way: Edge[] = [];
  for (let last = cameBy.get(goal); last !== undefined; last = cameBy.get(last.from)) way.unshift(last.edge);
  return way;
}

/**
 * A way round through a component, back to where it began, on which every timer that may expire all along does, or is set
 * anew: one that real timers allow. (There is one: see `mayStay`.)
 */
export function cycleThrough(graph: TimeoutGraph, start: number, inside: ReadonlySet<number>): Edge[] {
  const isInside = ({ to }: Edge): boolean => inside.has(to);
  const way: Edge[] = [];
  let at = start;
  for (;;) {
    const neglected = way.length === 0 ? null : neglectedOn(graph, start, way);
    if (neglected?.length === 0 && at === start) return way;
    const edge = neglected === null || neglected.length > 0 ? towards(graph, at, inside, neglected) : undefined;
    const next = edge === undefined ? shortestPath(graph, at, new Set([start]), isInside) : [...edge.lead, edge.last];
    way.push(...next);
    at = way.at(-1)?.to ?? start;
  }
}

/** The timers that may expire at every node of the way, and neither expire nor are set anew on it. */
function neglectedOn({ nodes }: TimeoutGraph, start: number, way: readonly Edge[]): string[] {
  const done = new Set(way.flatMap(({ timer, armed }) => [timerName(timer), ...armed]));
  const passed = [start, ...way.map(({ to }) => to)];
  const options = passed.map((node) => new Set(nodes[node]?.edges.map(({ timer }) => timerName(timer))));
  return [...(options[0] ?? [])].filter((timer) => !done.has(timer) && options.every((other) => other.has(timer)));
}

/** The nearest edge within the component that helps one of the neglected timers; any edge when nothing is known of them. */
function towards(
  graph: TimeoutGraph,
  at: number,
  inside: ReadonlySet<number>,
  neglected: readonly string[] | null,
): { readonly lead: readonly Edge[]; readonly last: Edge } {
  const isInside = ({ to }: Edge): boolean => inside.has(to);
  const helps = (edge: Edge): boolean =>
    isInside(edge) &&
    (neglected === null || neglected.some((timer) => timerName(edge.timer) === timer || edge.armed.has(timer)));
  const spares = (node: number): boolean =>
    neglected?.some((timer) => !graph.nodes[node]?.edges.some((edge) => timerName(edge.timer) === timer)) ?? false;
  const goals = new Set([...inside].filter((node) => spares(node) || graph.nodes[node]?.edges.some(helps)));
  const lead = shortestPath(graph, at, goals, isInside);
  const there = lead.at(-1)?.to ?? at;
  const last = graph.nodes[there]?.edges.find(helps) ?? graph.nodes[there]?.edges.find(isInside);
  if (last === undefined) throw new Error('the component has no edge');
  return { lead, last };
}
