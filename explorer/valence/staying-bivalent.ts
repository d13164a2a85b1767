/**
 * Lemma 3: from a bivalent configuration, an applicable event can be taken later so that the configuration after it is still
 * bivalent.
 *
 * Source: Fischer, Lynch and Paterson (JACM 1985), lemma 3; the lecture, slide "FLP: Staying Bivalent". The lemma's proof
 * uses that the protocol is safe and never blocked. Where it fails, one of these has been given up, and the place is a
 * *critical* configuration: bivalent, and decided by whatever happens next.
 */

import { BEYOND, type Configurations, edgesOf, edgeWith, processOf, renamedBy } from './configurations.ts';
import type { Valences } from './valence.ts';
import { isBivalent } from './values.ts';
import { decidingWithout } from './without.ts';

/** A bivalent configuration and an event that is applicable in it, as the edge of that event. */
export interface Delay {
  /** The event's edge where it could be taken at once. */
  readonly at: number;
  /** The edges that are taken instead, without the event. */
  readonly way: readonly number[];
  /** The event's edge where it is taken in the end. */
  readonly taken: number;
}

/** A bivalent configuration in which every next event settles the decision. */
export interface Critical {
  readonly configuration: number;
  /** Two events that settle it differently, both of one process: the decider. */
  readonly edges: readonly [number, number];
  readonly decider: number;
  /** The events of a run from there on which somebody decides without the decider; null when nobody can. */
  readonly withoutDecider: readonly number[] | null | undefined;
  /** Whether the decider has a choice that is not the scheduler's: taking one of its timers withdraws the other. */
  readonly choice: boolean;
}

export interface StayingBivalent {
  /** Bivalent configurations without a decision. */
  readonly bivalent: number;
  /** Pairs of such a configuration and an event that is applicable in it. */
  readonly pairs: number;
  /** Pairs whose event can be taken at once. */
  readonly atOnce: number;
  /** Pairs whose event must be delayed, and can be. */
  readonly delayed: number;
  /** One whose event must be delayed the longest. */
  readonly longest: Delay | null;
  /** Pairs of which nothing is known, since the ways lead beyond a bound. */
  readonly open: number;
  /** Pairs that the lemma fails for. */
  readonly failed: number;
  /** The first critical configuration, when the lemma fails. */
  readonly critical: Critical | null;
  /** Whether it fails for an event that another one withdraws: a timer that is disarmed. */
  readonly withdrawn: boolean;
}

const UNREACHED = -1;

export function stayingBivalent(graph: Configurations, valences: Valences): StayingBivalent {
  const { decided, reachable } = valences;
  const isOpen = (at: number) => decided[at] === 0 && isBivalent(reachable[at] as number);
  const configurations = [...graph.configurations.keys()].filter(isOpen);
  const pairs = configurations.flatMap((at) => edgesOf(graph, at));
  const steps = new Map(pairs.map((edge) => [edge, delaysOf(graph, edge, isOpen)]));
  const stays = pairs.filter((edge) => isBivalent(reachable[graph.target[edge] as number] ?? 0));
  const near = distances(pairs, steps, stays);
  const unknown = distances(
    pairs,
    steps,
    pairs.filter((edge) =>
      edgesOf(graph, graph.source[edge] as number).some((other) => graph.target[other] === BEYOND),
    ),
  );
  const length = (edge: number) => near.get(edge)?.length ?? UNREACHED;
  const failing = pairs.filter((edge) => length(edge) === UNREACHED);
  const failed = failing.filter((edge) => !unknown.has(edge));
  const farthest = pairs.reduce((best, edge) => (length(edge) > length(best) ? edge : best), pairs[0] ?? UNREACHED);
  return {
    bivalent: configurations.length,
    pairs: pairs.length,
    atOnce: stays.length,
    delayed: pairs.length - stays.length - failing.length,
    longest: farthest === UNREACHED || length(farthest) === UNREACHED ? null : delayOf(farthest, near),
    open: failing.length - failed.length,
    failed: failed.length,
    critical: failed.length === 0 ? null : criticalOf(graph, valences, configurations),
    withdrawn: failed.some((edge) => isWithdrawn(graph, edge)),
  };
}

/** How an event that is not taken is applicable one event later: by which edge that other event is, and its edge then. */
interface Step {
  readonly by: number;
  readonly edge: number;
}

function delaysOf(graph: Configurations, edge: number, isOpen: (at: number) => boolean): Step[] {
  const event = graph.event[edge] as number;
  return edgesOf(graph, graph.source[edge] as number).flatMap((by) => {
    const to = graph.target[by] as number;
    if (by === edge || to === BEYOND || !isOpen(to)) return [];
    const later = edgeWith(graph, to, renamedBy(graph, by, event));
    return later === null ? [] : [{ by, edge: later }];
  });
}

/** Whether another event makes that of the edge inapplicable. */
function isWithdrawn(graph: Configurations, edge: number): boolean {
  const event = graph.event[edge] as number;
  return edgesOf(graph, graph.source[edge] as number).some((by) => {
    const to = graph.target[by] as number;
    return by !== edge && to !== BEYOND && edgeWith(graph, to, renamedBy(graph, by, event)) === null;
  });
}

/** By pair from which a goal can be reached: how many other events are taken first, and the first of those steps. */
function distances(
  pairs: readonly number[],
  steps: ReadonlyMap<number, readonly Step[]>,
  goals: readonly number[],
): Map<number, { readonly length: number; readonly step: Step | null }> {
  const before = new Map<number, { readonly pair: number; readonly step: Step }[]>();
  for (const pair of pairs) {
    for (const step of steps.get(pair) ?? []) {
      const known = before.get(step.edge) ?? [];
      known.push({ pair, step });
      before.set(step.edge, known);
    }
  }
  const found = new Map<number, { readonly length: number; readonly step: Step | null }>(
    goals.map((goal) => [goal, { length: 0, step: null }]),
  );
  for (const [edge, { length }] of found)
    for (const { pair, step } of before.get(edge) ?? [])
      if (!found.has(pair)) found.set(pair, { length: length + 1, step });
  return found;
}

function delayOf(at: number, near: ReturnType<typeof distances>): Delay {
  const way: number[] = [];
  let edge = at;
  for (let next = near.get(edge)?.step; next !== null && next !== undefined; next = near.get(edge)?.step) {
    way.push(next.by);
    edge = next.edge;
  }
  return { at, way, taken: edge };
}

/** The first bivalent configuration all of whose events settle the decision; two that settle it differently. */
function criticalOf(
  graph: Configurations,
  { reachable }: Valences,
  configurations: readonly number[],
): Critical | null {
  for (const configuration of configurations) {
    const edges = edgesOf(graph, configuration);
    const settles = (edge: number) => {
      const to = graph.target[edge] as number;
      return to !== BEYOND && !isBivalent(reachable[to] as number);
    };
    if (!edges.every(settles)) continue;
    const valence = (edge: number) => reachable[graph.target[edge] as number];
    const first = edges[0] as number;
    const second = edges.find((edge) => valence(edge) !== valence(first));
    if (second === undefined) continue;
    const decider = processOf(graph, first);
    const withoutDecider = decidingWithout(graph.world, graph.configurations[configuration] ?? [], decider);
    const choice = isWithdrawn(graph, first) && isWithdrawn(graph, second);
    return { configuration, edges: [first, second], decider, withoutDecider, choice };
  }
  return null;
}
