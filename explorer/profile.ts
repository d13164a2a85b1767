/**
 * A profile of an exploration: what its actions did, how wide and how deep the state graph is, what states look like. It is
 * for whoever wonders where all the states come from, or whether the model does what it should.
 *
 * An *action* is a step in the protocol's words, whoever takes it and whatever it carries: the receipt of a kind of message, a
 * timer, a kind of request, an event of the environment; of a bare transition system an action without its parameters. All
 * counts depend on the state graph alone, not on the order of the work.
 */

import { fromCanonical } from '../model/contract/data.ts';
import type { Budget, Instance } from '../model/contract/system.ts';
import type { TraceEvent } from '../model/contract/trace.ts';

/** What an action did. */
export interface ActionCounts {
  /** The states in which it could be taken, if only beyond a bound. */
  readonly enabled: number;
  /** Its transitions. */
  readonly taken: number;
  /** Its transitions to a state one deeper, to which no shorter way leads: each finds it, if others did not before. */
  readonly deeper: number;
  /** Its transitions that were not explored, by the bound that they lead beyond. */
  readonly cut: Readonly<Record<string, number>>;
}

/** The counts of an exploration or of one worker's part of it. Parts are added up with {@link addProfiles}. */
export interface ProfileCounts {
  readonly actions: Readonly<Record<string, ActionCounts>>;
  /** How many states were found at each depth, from depth 1. */
  readonly levels: readonly number[];
  /** How many of the states that were expanded have 0, 1, 2, ... transitions. */
  readonly outDegrees: readonly number[];
  /** In how many of the states that were expanded properties see what, by its canonical text; null if it is not counted. */
  readonly views: Readonly<Record<string, number>> | null;
}

/** More different views than this are not told apart: views are then not counted. */
export const MOST_VIEWS = 1 << 18;

/** A bare system's properties see whole states, each of them once: there is nothing to count. */
export function countsViews({ kind }: Instance): boolean {
  return kind === 'processes';
}

export function emptyProfile(instance: Instance): ProfileCounts {
  return { actions: {}, levels: [], outDegrees: [], views: countsViews(instance) ? {} : null };
}

/** What two workers have counted, together. */
export function addProfiles(a: ProfileCounts, b: ProfileCounts): ProfileCounts {
  const actions = { ...a.actions };
  for (const [name, { enabled, taken, deeper, cut }] of Object.entries(b.actions)) {
    const known = actions[name] ?? { enabled: 0, taken: 0, deeper: 0, cut: {} };
    actions[name] = {
      enabled: known.enabled + enabled,
      taken: known.taken + taken,
      deeper: known.deeper + deeper,
      cut: addCounts(known.cut, cut),
    };
  }
  const views = a.views === null || b.views === null ? null : addCounts(a.views, b.views);
  return {
    actions,
    levels: addLists(a.levels, b.levels),
    outDegrees: addLists(a.outDegrees, b.outDegrees),
    views: views === null || Object.keys(views).length > MOST_VIEWS ? null : views,
  };
}

function addCounts(
  a: Readonly<Record<string, number>>,
  b: Readonly<Record<string, number>>,
): Readonly<Record<string, number>> {
  const sum = { ...a };
  for (const [name, count] of Object.entries(b)) sum[name] = (sum[name] ?? 0) + count;
  return sum;
}

function addLists(a: readonly number[], b: readonly number[]): number[] {
  return Array.from({ length: Math.max(a.length, b.length) }, (_, at) => (a[at] ?? 0) + (b[at] ?? 0));
}

/** The action that an event is of. */
export function actionName(event: TraceEvent): string {
  switch (event.type) {
    case 'receive':
      return `receive ${event.message.type}`;
    case 'request':
      return `request ${event.request.type}`;
    case 'timeout':
      return `timer ${event.timer}`;
    case 'action':
      return event.action.replace(/\(.*\)$/s, '');
    default:
      return event.type;
  }
}

/** The actions that an instance may be expected to take; of a bare transition system, none can be told. */
export function expectedActions(instance: Instance): string[] {
  if (instance.kind === 'transitions') return [];
  const { processes, environment } = instance;
  const { timeouts = Number.POSITIVE_INFINITY } = environment;
  const protocols = processes.map(({ protocol }) => protocol);
  const timers = protocols.flatMap((protocol) => protocol.timers);
  const faults = [
    ['crash', environment.crashes],
    ['recover', environment.recoveries],
    ['lose', environment.losses],
    ['duplicate', environment.duplications],
    ['cut', environment.linkCuts],
  ] as const;
  return [
    ...new Set([
      ...protocols.flatMap(({ handlers }) => Object.keys(handlers.receive).map((type) => `receive ${type}`)),
      ...timers.filter((timer) => allows(within(timeouts, timer))).map((timer) => `timer ${timer}`),
      ...(environment.requests ?? []).map(({ request }) => `request ${request.type}`),
      ...faults.flatMap(([name, budget = 0]) => (allows(budget) ? [name] : [])),
    ]),
  ];
}

/** What a budget leaves for one of its names. */
function within(budget: Budget, name: string): Budget {
  return typeof budget === 'number' ? budget : (budget[name] ?? 0);
}

function allows(budget: Budget): boolean {
  return typeof budget === 'number' ? budget > 0 : Object.values(budget).some(allows);
}

/** A profile as it is reported. */
export interface Profile {
  /** Those taken most often first. */
  readonly actions: readonly (ActionCounts & { readonly action: string })[];
  /** Actions that the instance has, and that were never enabled. If everything was visited, the model may be in error. */
  readonly neverEnabled: readonly string[];
  readonly levels: readonly number[];
  /** Null if no state was expanded. */
  readonly outDegree: OutDegree | null;
  /** Null if they were not counted. */
  readonly views: { readonly different: number; readonly commonest: readonly CommonView[] } | null;
}

/** How many transitions lead out of a state. */
export interface OutDegree {
  readonly min: number;
  readonly mean: number;
  readonly max: number;
  /** How many states have 0, 1, 2, ... transitions. */
  readonly states: readonly number[];
}

export interface CommonView {
  /** What properties see. */
  readonly seen: unknown;
  readonly states: number;
}

const COMMONEST = 10;

export function profileOf(instance: Instance, { actions, levels, outDegrees, views }: ProfileCounts): Profile {
  return {
    actions: Object.entries(actions)
      .map(([action, counts]) => ({ action, ...counts }))
      .sort((a, b) => b.taken - a.taken || (a.action < b.action ? -1 : 1)),
    neverEnabled: expectedActions(instance).filter((action) => actions[action] === undefined),
    levels,
    outDegree: outDegreeOf(outDegrees),
    views: views && {
      different: Object.keys(views).length,
      commonest: Object.entries(views)
        .sort(([a, many], [b, more]) => more - many || (a < b ? -1 : 1))
        .slice(0, COMMONEST)
        .map(([text, states]) => ({ seen: fromCanonical(text), states })),
    },
  };
}

function outDegreeOf(states: readonly number[]): OutDegree | null {
  const total = states.reduce((sum, count) => sum + count, 0);
  if (total === 0) return null;
  const transitions = states.reduce((sum, count, degree) => sum + count * degree, 0);
  return {
    min: states.findIndex((count) => count > 0),
    mean: transitions / total,
    max: states.findLastIndex((count) => count > 0),
    states,
  };
}
