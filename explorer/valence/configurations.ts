/** The graph of all configurations that are reachable from an initial one, and of the events between them, as arrays. */

import type { Configuration } from './configuration.ts';
import type { TheoremWorld } from './world.ts';

/** An event that leads beyond a bound: it is applicable, and what it leads to is not explored. */
export const BEYOND = -1;

/** Configurations are numbered as they are met, breadth first; 0 is the initial one. */
export interface Configurations {
  readonly world: TheoremWorld;
  readonly configurations: readonly Configuration[];
  /** Where in the arrays below the events of a configuration begin; one more entry than there are configurations. */
  readonly first: readonly number[];
  /** By edge: the event, what it leads to or {@link BEYOND}, which renaming of events that is, if a new round begins. */
  readonly event: readonly number[];
  readonly target: readonly number[];
  readonly renaming: readonly number[];
  readonly newRound: readonly boolean[];
  /** By configuration: the edge by which it was met first; -1 for the initial one. */
  readonly metBy: readonly number[];
  /** By edge: the configuration that it leaves. */
  readonly source: readonly number[];
  /** How many events lead beyond a bound. */
  readonly cut: number;
  /** Whether every configuration was visited; otherwise the exploration stopped when there were too many. */
  readonly complete: boolean;
}

/** Configurations between two calls of `onProgress`. */
const PER_CALL = 256;

/** Visits all configurations, but stops when there are more than `most`. */
export function configurationsOf(
  world: TheoremWorld,
  most: number,
  onProgress?: (configurations: number, events: number) => void,
): Configurations {
  const known = new Map<string, number>();
  const configurations: Configuration[] = [];
  const first = [0];
  const event: number[] = [];
  const target: number[] = [];
  const renaming: number[] = [];
  const newRound: boolean[] = [];
  const source: number[] = [];
  const metBy: number[] = [];
  let cut = 0;

  function meet(configuration: Configuration, edge: number): number {
    const key = configuration.join(' ');
    const met = known.get(key);
    if (met !== undefined) return met;
    known.set(key, configurations.length);
    metBy.push(edge);
    return configurations.push(configuration) - 1;
  }

  meet(world.initial(), -1);
  let at = 0;
  for (; at < configurations.length && configurations.length <= most; at++) {
    if (at % PER_CALL === 0) onProgress?.(configurations.length, event.length);
    const from = configurations[at] as Configuration;
    for (const happened of world.applicable(from)) {
      const taken = world.take(from, happened);
      if (taken.beyond) cut++;
      const edge = event.push(happened) - 1;
      source.push(at);
      renaming.push(taken.renaming);
      newRound.push(taken.newRound);
      target.push(taken.beyond ? BEYOND : meet(taken.to, edge));
    }
    first.push(event.length);
  }
  const complete = at === configurations.length;
  return { world, configurations, first, event, target, renaming, newRound, metBy, source, cut, complete };
}

/** The edges that leave a configuration. */
export function edgesOf({ first }: Configurations, configuration: number): number[] {
  const [from, to] = [first[configuration] as number, first[configuration + 1] as number];
  return Array.from({ length: to - from }, (_, index) => from + index);
}

/** The edge by which a configuration is left with an event; null when the event is not applicable. */
export function edgeWith(graph: Configurations, configuration: number, event: number): number | null {
  const to = graph.first[configuration + 1] as number;
  for (let edge = graph.first[configuration] as number; edge < to; edge++) if (graph.event[edge] === event) return edge;
  return null;
}

/** The index of the process that takes the event of an edge. */
export function processOf({ world, event }: Configurations, edge: number): number {
  return world.events.value(event[edge] as number).process;
}

/** The event that goes on, after an edge, as which event was applicable before. */
export function renamedBy({ world, renaming }: Configurations, edge: number, event: number): number {
  const rename = world.renamings[renaming[edge] as number];
  return rename === undefined ? event : rename(event);
}

/** The edges of a shortest way from the initial configuration. */
export function wayTo({ metBy, source }: Configurations, configuration: number): number[] {
  const edges: number[] = [];
  for (let edge = metBy[configuration] as number; edge >= 0; edge = metBy[source[edge] as number] as number)
    edges.unshift(edge);
  return edges;
}
