/**
 * Loops that are fair in the theorem's sense: every process takes steps again and again, and every message to it is received.
 *
 * An event that is applicable somewhere on the loop must be taken on it, or cease to be applicable (a timer that is
 * disarmed). Where numbers are replaced, an event goes on under another id from one configuration to the next, so what is
 * owed is followed along the edges, event by event; a search that knows events by their ids alone would forget it.
 */

import type { Adjacency } from '../liveness/strong-components.ts';
import { StrongComponents } from '../liveness/strong-components.ts';
import { BEYOND, type Configurations, edgesOf, edgeWith, processOf, renamedBy } from './configurations.ts';

/** The configurations and processes that a run may use. */
export interface Region {
  has(configuration: number): boolean;
  /** The index of the process that takes no steps; null when all do. */
  readonly silent: number | null;
}

/** How many nodes a search for a shortest loop may visit in all, and from how many configurations it is tried. */
const MOST_VISITED = 400_000;
const STARTS = 60;

export class FairLoops {
  readonly #graph: Configurations;
  readonly #region: Region;
  #left = MOST_VISITED;

  constructor(graph: Configurations, region: Region) {
    this.#graph = graph;
    this.#region = region;
  }

  /** A configuration of the region in which no live process can take a step: all that is left is silence. */
  blocked(): number | null {
    const { configurations } = this.#graph;
    const found = configurations.findIndex((_, at) => this.#region.has(at) && this.#owed(at).length === 0);
    return found < 0 ? null : found;
  }

  /**
   * The edges of a short fair loop in the region, if there is one; the shortest one through any of the configurations that
   * are tried. Whether there is one is decided exactly.
   */
  shortest(): number[] | null {
    let best: number[] | null = null;
    for (const component of this.#components()) {
      const within = new Set(component);
      const [first] = component;
      if (first === undefined || !this.#isFair(first, within)) continue;
      best = this.#shorter(best, this.#grown(first, within));
      const fewest = component.toSorted((a, b) => this.#owed(a).length - this.#owed(b).length || a - b);
      for (const start of fewest.slice(0, STARTS)) best = this.#shorter(best, this.#through(start, within, best));
    }
    return best;
  }

  /** What the live processes are owed in a configuration: every event that they can take, beyond a bound or not. */
  #owed(configuration: number): number[] {
    return edgesOf(this.#graph, configuration)
      .filter((edge) => this.#isLive(edge))
      .map((edge) => this.#graph.event[edge] as number);
  }

  #isLive(edge: number): boolean {
    return processOf(this.#graph, edge) !== this.#region.silent;
  }

  /** The edges that stay within a component. */
  #inner(configuration: number, within: ReadonlySet<number>): number[] {
    return edgesOf(this.#graph, configuration).filter(
      (edge) => this.#isLive(edge) && within.has(this.#graph.target[edge] as number),
    );
  }

  /** The strongly connected parts of the region in which a run can go on for ever. */
  #components(): number[][] {
    const graph = this.#adjacency();
    const states = Int32Array.from([...this.#graph.configurations.keys()].filter((at) => this.#region.has(at)));
    const labels = new Int32Array(graph.size);
    for (const state of states) labels[state] = 1;
    const found: number[][] = [];
    new StrongComponents(graph).find(states, labels, 1, (component) => {
      const [only] = component;
      const loops = only !== undefined && this.#inner(only, new Set([only])).length > 0;
      if (component.length > 1 || loops) found.push([...component].sort((a, b) => a - b));
    });
    return found.sort((a, b) => (a[0] ?? 0) - (b[0] ?? 0));
  }

  #adjacency(): Adjacency {
    const { configurations, target } = this.#graph;
    const offsets = new Int32Array(configurations.length + 1);
    const targets: number[] = [];
    for (const at of configurations.keys()) {
      for (const edge of edgesOf(this.#graph, at))
        if (this.#isLive(edge) && target[edge] !== BEYOND) targets.push(target[edge] as number);
      offsets[at + 1] = targets.length;
    }
    return { size: configurations.length, offsets, targets: Int32Array.from(targets) };
  }

  /**
   * Whether a fair run can stay in a component: whatever is owed in one of its configurations can be discharged within.
   * One is enough, for what cannot be discharged from there stays owed wherever a run goes.
   */
  #isFair(configuration: number, within: ReadonlySet<number>): boolean {
    return this.#owed(configuration).every((event) => this.#discharge(configuration, event, within) !== null);
  }

  /** The shortest way within the component on which what is owed is taken, or ceases to be applicable. */
  #discharge(from: number, owed: number, within: ReadonlySet<number>): number[] | null {
    return this.#search(from, [owed], within, Number.POSITIVE_INFINITY, (_, left) => left.length === 0);
  }

  /** The shortest fair loop through a configuration, when it is shorter than the best so far. */
  #through(start: number, within: ReadonlySet<number>, best: readonly number[] | null): number[] | null {
    const longest = best === null ? Number.POSITIVE_INFINITY : best.length - 1;
    return this.#search(start, this.#owed(start), within, longest, (at, left) => at === start && left.length === 0);
  }

  /** A fair loop, not the shortest: what is owed is discharged one by one, and then the way back is taken. */
  #grown(start: number, within: ReadonlySet<number>): number[] {
    const loop: number[] = [];
    let at = start;
    let owed = this.#owed(start);
    const go = (way: readonly number[]): void => {
      for (const edge of way) {
        owed = this.#stillOwed(edge, owed);
        at = this.#graph.target[edge] as number;
        loop.push(edge);
      }
    };
    for (let [next] = owed; next !== undefined; [next] = owed) go(this.#discharge(at, next, within) ?? []);
    if (at !== start || loop.length === 0)
      go(this.#search(at, [], within, Number.POSITIVE_INFINITY, (to) => to === start, true) ?? []);
    return loop;
  }

  /** What of this is still owed after an edge, under the ids that it goes on with. */
  #stillOwed(edge: number, owed: readonly number[]): number[] {
    const { event, target } = this.#graph;
    return owed
      .filter((one) => one !== event[edge])
      .map((one) => renamedBy(this.#graph, edge, one))
      .filter((one) => edgeWith(this.#graph, target[edge] as number, one) !== null);
  }

  /** Breadth first over configurations together with what is owed in them. */
  #search(
    from: number,
    owed: readonly number[],
    within: ReadonlySet<number>,
    longest: number,
    done: (configuration: number, left: readonly number[]) => boolean,
    fromBudget = longest !== Number.POSITIVE_INFINITY,
  ): number[] | null {
    interface Node {
      readonly at: number;
      readonly left: readonly number[];
      readonly edge: number;
      readonly before: Node | null;
      readonly length: number;
    }
    const met = new Set<string>();
    const queue: Node[] = [{ at: from, left: owed, edge: -1, before: null, length: 0 }];
    for (const node of queue) {
      if (node.length >= longest || (fromBudget && this.#left-- <= 0)) return null;
      for (const edge of this.#inner(node.at, within)) {
        const at = this.#graph.target[edge] as number;
        const left = this.#stillOwed(edge, node.left);
        const next = { at, left, edge, before: node, length: node.length + 1 };
        if (done(at, left)) return wayOf(next);
        const key = `${at} ${[...left].sort((a, b) => a - b).join(' ')}`;
        if (met.has(key)) continue;
        met.add(key);
        queue.push(next);
      }
    }
    return null;
  }

  #shorter(best: number[] | null, other: number[] | null): number[] | null {
    if (other === null || other.length === 0) return best;
    return best === null || other.length < best.length ? other : best;
  }
}

function wayOf(last: { readonly edge: number; readonly before: unknown }): number[] {
  const edges: number[] = [];
  for (let at = last; at.edge >= 0; at = at.before as typeof last) edges.unshift(at.edge);
  return edges;
}
