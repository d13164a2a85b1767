/** All that timeouts can lead to: a finite graph, whose nodes are what the servers are, up to numbers that only grow. */

import { canonical } from '../../model/contract/data.ts';
import type { ProcessId } from '../../model/contract/protocol.ts';
import type { Cluster, Servers, ServerTimer } from './cluster.ts';
import type { Setting } from './setting.ts';

export interface Edge {
  readonly timer: ServerTimer;
  readonly to: number;
  /** The timers that begin their wait anew on the way, by name. */
  readonly armed: ReadonlySet<string>;
}

export interface Node {
  readonly servers: Servers;
  readonly edges: readonly Edge[];
}

export interface TimeoutGraph {
  /** Node 0 is where the scenario begins; nodes are in the order of how many timeouts it takes to get there. */
  readonly nodes: readonly Node[];
  /** Whether there were too many nodes: nothing is known then. */
  readonly isCut: boolean;
}

/** The servers, and whose turns have been, the latest last, where all wait equally long. */
interface Point {
  readonly servers: Servers;
  readonly turns: readonly ProcessId[];
}

export function graphOf({ cluster, servers }: Setting, limit: number): TimeoutGraph {
  const found: Point[] = [];
  const numbers = new Map<string, number>();
  const numberOf = (point: Point): number => {
    const normal = { ...point, servers: cluster.normal(point.servers) };
    const key = canonical(normal);
    const known = numbers.get(key) ?? found.push(normal) - 1;
    numbers.set(key, known);
    return known;
  };

  const nodes: Node[] = [];
  numberOf({ servers, turns: [] });
  for (const { servers, turns } of found) {
    if (found.length > limit) return { nodes, isCut: true };
    const edges = nextTimers(cluster, servers, turns).map((timer): Edge => {
      const { servers: reached, armed } = cluster.expires(servers, timer);
      return { timer, armed, to: numberOf({ servers: reached, turns: turnsAfter(cluster, turns, timer) }) };
    });
    nodes.push({ servers, edges });
  }
  return { nodes, isCut: false };
}

function nextTimers(cluster: Cluster, servers: Servers, turns: readonly ProcessId[]): ServerTimer[] {
  const timers = cluster.mayExpire(servers);
  const first = timers.filter(({ server }) => !turns.includes(server));
  if (first.length > 0 || cluster.contender.waits === 'random') return first;
  const next = turns.find((id) => timers.some(({ server }) => server === id));
  return timers.filter(({ server }) => server === next);
}

function turnsAfter({ contender }: Cluster, turns: readonly ProcessId[], { server }: ServerTimer): ProcessId[] {
  return contender.waits === 'random' ? [] : [...turns.filter((id) => id !== server), server];
}
