/** Budgets of the environment: which counter an event draws on, and how much of it a run may use. */

import type { Budget } from '../../model/contract/system.ts';

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
