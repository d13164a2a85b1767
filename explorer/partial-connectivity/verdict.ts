/**
 * Who recovers: what becomes of a cluster when links stay as they are and timeouts go on for ever.
 *
 * Whatever timer may expire next does so with some probability. So with probability one a run ends up in an *end
 * component*, a set of nodes that it never leaves and all of which it visits again and again. These are judged:
 * - in each of them commands are decided, always by the same leader: the protocol *recovers*;
 * - in one of them no command can be decided anywhere: *deadlock*;
 * - in one of them, but no deadlock, who decides changes for ever: *livelock*.
 * A protocol that recovers may do so within a fixed number of timeouts, whichever come first; or by luck only, when there is
 * a run that never gets there. That run must be one that real timers allow: a timer that may expire all along, and that
 * nobody sets anew, does expire.
 *
 * What is assumed of time: messages are faster than any timeout, so that two timeouts never race and no vote is split by one
 * message's being late; a leader's heartbeats reach all that it has a link to before any election timer expires; and either
 * any of the other timers may be next (randomised waits), or turns go round (equal waits, as of the heartbeat rounds of Ballot
 * Leader Election). Terms are abstracted from (`model/partial-connectivity/gaps.ts`); `witness.ts` makes each run again
 * without that.
 */

import type { ProcessId } from '../../model/contract/protocol.ts';
import type { Contender } from '../../model/partial-connectivity/contender.ts';
import type { ConnectivityScenario } from '../../model/partial-connectivity/scenarios.ts';
import { type ServerTimer, timerName } from './cluster.ts';
import { componentsOf } from './components.ts';
import { graphOf, type TimeoutGraph } from './graph.ts';
import { cycleThrough, shortestPath } from './paths.ts';
import { type Setting, settingOf } from './setting.ts';

export type Outcome = 'recovers' | 'recovers by luck' | 'livelock' | 'deadlock' | 'not finished';

export interface Verdict {
  readonly scenario: string;
  readonly protocol: string;
  readonly outcome: Outcome;
  /** Whether it comes to that in every run; else in some. */
  readonly isCertain: boolean;
  /** Who decides in the end: one leader, or several in turn. */
  readonly leaders: readonly ProcessId[];
  /** How many timeouts it takes to get there. `most` is null where there is no such number. */
  readonly timeouts: { readonly fewest: number; readonly most: number | null };
  readonly nodes: number;
  /** A shortest run to there. */
  readonly run: readonly ServerTimer[];
  /** What may go on for ever: behind the run of a livelock; or instead of recovering, when that takes luck. */
  readonly cycle: { readonly lead: readonly ServerTimer[]; readonly repeats: readonly ServerTimer[] } | null;
}

/** More nodes than this are not looked at. */
const MOST_NODES = 100_000;

export function verdictOf(contender: Contender, scenario: ConnectivityScenario, limit = MOST_NODES): Verdict {
  const setting = settingOf(contender, scenario);
  const graph = graphOf(setting, limit);
  return { scenario: scenario.name, protocol: contender.name, ...judged(setting, graph) };
}

type Judgement = Omit<Verdict, 'scenario' | 'protocol'>;

function judged(setting: Setting, graph: TimeoutGraph): Judgement {
  const nodes = graph.nodes.length;
  const nothing = { isCertain: false, leaders: [], timeouts: { fewest: 0, most: null }, run: [], cycle: null };
  if (graph.isCut) return { outcome: 'not finished', nodes, ...nothing };

  const components = componentsOf(graph.nodes.map(({ edges }) => edges.map(({ to }) => to)));
  const ends = components.filter((component) => isEnd(graph, component)).map((end) => ended(setting, graph, end));
  const worst =
    ends.find(({ outcome }) => outcome === 'deadlock') ?? ends.find(({ outcome }) => outcome === 'livelock');
  const judgedEnds = worst === undefined ? ends : [worst];
  const goals = new Set(judgedEnds.flatMap(({ end }) => end));
  const run = shortestPath(graph, 0, goals);
  const timeouts = { fewest: run.length, most: mostTimeouts(graph, components, goals) };
  const leaders = [...new Set(judgedEnds.flatMap(({ leaders }) => leaders))].sort();
  const isCertain = ends.every(({ outcome }) => outcome === judgedEnds[0]?.outcome);
  const common = { isCertain, leaders, timeouts, nodes, run: run.map(({ timer }) => timer) };

  if (worst !== undefined) {
    const at = run.at(-1)?.to ?? 0;
    const changes = worst.outcome === 'livelock' ? changeOf(graph, at, worst.deciders) : null;
    return { outcome: worst.outcome, ...common, cycle: changes && { lead: common.run, repeats: changes } };
  }
  const avoiding = components.find((component) => !isEnd(graph, component) && mayStay(graph, component));
  if (avoiding === undefined) return { outcome: 'recovers', ...common, cycle: null };
  return { outcome: 'recovers by luck', ...common, cycle: evasion(graph, avoiding) };
}

interface End {
  readonly end: readonly number[];
  readonly outcome: 'recovers' | 'livelock' | 'deadlock';
  readonly leaders: readonly ProcessId[];
  readonly deciders: ReadonlyMap<number, string>;
}

function ended({ cluster }: Setting, { nodes }: TimeoutGraph, end: readonly number[]): End {
  const all = end.map((node) => cluster.deciders(nodes[node]?.servers ?? {}));
  const deciders = new Map(end.map((node, at) => [node, all[at]?.join() ?? '']));
  const different = new Set(deciders.values());
  const leaders = [...new Set(all.flat())].sort();
  if (leaders.length === 0) return { end, outcome: 'deadlock', leaders, deciders };
  return { end, outcome: different.size === 1 ? 'recovers' : 'livelock', leaders, deciders };
}

/** Whether no edge leads out. */
function isEnd({ nodes }: TimeoutGraph, component: readonly number[]): boolean {
  const inside = new Set(component);
  return component.every((node) => nodes[node]?.edges.every(({ to }) => inside.has(to)));
}

/** Whether a run may stay for ever: each timer expires within, or is set anew within, or may not expire all along. */
function mayStay({ nodes }: TimeoutGraph, component: readonly number[]): boolean {
  const inside = new Set(component);
  const all = component.flatMap((node) => nodes[node] ?? []);
  const within = all.flatMap(({ edges }) => edges.filter(({ to }) => inside.has(to)));
  if (within.length === 0) return false;
  const satisfied = new Set(within.flatMap(({ timer, armed }) => [timerName(timer), ...armed]));
  const [first, ...others] = all.map(({ edges }) => new Set(edges.map(({ timer }) => timerName(timer))));
  return [...(first ?? [])].every((timer) => satisfied.has(timer) || others.some((other) => !other.has(timer)));
}

/** The length of the longest way to the goals; null when there are ways round and round before. */
function mostTimeouts(graph: TimeoutGraph, components: readonly number[][], goals: ReadonlySet<number>): number | null {
  const longest = new Map<number, number>();
  for (const component of components) {
    const [node = 0] = component;
    if (goals.has(node)) {
      for (const goal of component) longest.set(goal, 0);
      continue;
    }
    if (component.length > 1 || isEnd(graph, component) || mayStay(graph, component)) {
      for (const other of component) longest.set(other, Number.POSITIVE_INFINITY);
      continue;
    }
    const onward = graph.nodes[node]?.edges.filter(({ to }) => to !== node) ?? [];
    longest.set(node, 1 + Math.max(...onward.map(({ to }) => longest.get(to) ?? Number.POSITIVE_INFINITY)));
  }
  const most = longest.get(0) ?? Number.POSITIVE_INFINITY;
  return Number.isFinite(most) ? most : null;
}

/** A cycle within an end component on which who decides changes. */
function changeOf(graph: TimeoutGraph, from: number, deciders: ReadonlyMap<number, string>): ServerTimer[] {
  const others = new Set([...deciders].filter(([, who]) => who !== deciders.get(from)).map(([node]) => node));
  const there = shortestPath(graph, from, others);
  const back = shortestPath(graph, there.at(-1)?.to ?? from, new Set([from]));
  return [...there, ...back].map(({ timer }) => timer);
}

/** How to get into a component, and a way round in it on which no timer is left out that must expire. */
function evasion(graph: TimeoutGraph, component: readonly number[]): Verdict['cycle'] {
  const inside = new Set(component);
  const lead = shortestPath(graph, 0, inside);
  const repeats = cycleThrough(graph, lead.at(-1)?.to ?? 0, inside);
  return { lead: lead.map(({ timer }) => timer), repeats: repeats.map(({ timer }) => timer) };
}
