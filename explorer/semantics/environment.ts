/** Budgets of the environment: which counter an event draws on, and how much of it a run may use. */

import { canonical } from '../../model/contract/data.ts';
import type { Budget, Environment } from '../../model/contract/system.ts';

/** The events that draw on a budget. */
export type Budgeted = 'timeouts' | 'crashes' | 'recoveries' | 'losses' | 'duplications' | 'linkCuts';

/** How often each counter has been drawn on. A counter that was not is absent. */
export type Spent = Readonly<Record<string, number>>;

/** A counter and its limit. */
export interface Allowance {
  readonly counter: string;
  readonly limit: number;
}

/**
 * The counter for an event: `names` narrow it down as far as the budget does, so that `{ retry: { n1: 2 } }` counts the
 * retries of n1, `{ retry: 2 }` all retries, and `2` all timeouts. What a budget does not name never happens.
 */
export function allowance(event: Budgeted, budget: Budget, names: readonly string[]): Allowance {
  let counter: string = event;
  let part: Budget = budget;
  for (const name of names) {
    if (typeof part === 'number') break;
    counter += ` ${name}`;
    part = (Object.hasOwn(part, name) ? part[name] : undefined) ?? 0;
  }
  return { counter, limit: typeof part === 'number' ? part : 0 };
}

/** Whether the counter allows one more; a limit of Infinity is not counted. */
export function allows(spent: Spent, { counter, limit }: Allowance): boolean {
  return limit === Number.POSITIVE_INFINITY || (spent[counter] ?? 0) < limit;
}

export function spend(spent: Spent, { counter, limit }: Allowance): Spent {
  return limit === Number.POSITIVE_INFINITY ? spent : { ...spent, [counter]: (spent[counter] ?? 0) + 1 };
}

/** A counter, and what it counts: the event, and plain data in which names may occur. */
export interface Counter {
  readonly name: string;
  readonly limit: number;
  readonly event: Budgeted | 'requests';
  readonly names: unknown;
  /** The same for people. */
  readonly text: string;
}

/** Every counter that may be drawn on, but for those without limit. */
export function countersOf(environment: Environment): Counter[] {
  const { requests = [], timeouts = Number.POSITIVE_INFINITY, crashes = 0, recoveries = 0 } = environment;
  const { losses = 0, duplications = 0, linkCuts = 0 } = environment;
  const budgets = Object.entries({ timeouts, crashes, recoveries, losses, duplications, linkCuts }) as [
    Budgeted,
    Budget,
  ][];
  const asked = new Map<string, number>();
  return [
    ...budgets.flatMap(([event, budget]) => countersWithin(event, budget, [])),
    ...requests.map(({ to, client = 'client', request }, index) => {
      const content = [new Set([to].flat()), client, request];
      const key = canonical(content);
      // Equal requests are told apart, so that the first of them becomes the first of their images.
      const earlier = asked.get(key) ?? 0;
      asked.set(key, earlier + 1);
      const text = `the request ${canonical(request)} of ${client} to ${[to].flat().join(' or ')}`;
      return { name: requestCounter(index), limit: 1, event: 'requests', names: [...content, earlier], text } as const;
    }),
  ];
}

/** The counter of the request with this index. */
export function requestCounter(index: number): string {
  return `request ${index}`;
}

/** The counters of a budget, named as {@link allowance} names them. */
function countersWithin(event: Budgeted, budget: Budget, names: readonly string[]): Counter[] {
  if (typeof budget === 'object')
    return Object.entries(budget).flatMap(([name, part]) => countersWithin(event, part, [...names, name]));
  if (budget === 0 || budget === Number.POSITIVE_INFINITY) return [];
  const text = `${budget} ${[event, ...names].join(' ')}`;
  return [{ name: [event, ...names].join(' '), limit: budget, event, names, text }];
}
