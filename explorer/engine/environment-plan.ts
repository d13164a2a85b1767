/** What the environment may do in each state of its budgets, worked out once per state of the budgets. */

import { canonical, fromCanonical } from '../../model/contract/data.ts';
import type { ProcessInstance } from '../../model/contract/system.ts';
import { allowance, allows, type Budgeted, requestCounter, type Spent, spend } from '../semantics/environment.ts';
import type { Interning, SharedInterner } from './interning.ts';
import { PairTable } from './pair-table.ts';
import type { StepMemo } from './step-memo.ts';

/** An event that the environment brings about at one process, and the budgets after it. */
export interface PlannedEvent {
  readonly process: number;
  readonly event: number;
  readonly next: number;
  readonly isCrash: boolean;
}

/** What may happen with the budgets as they are; numbers are the ids of the budgets afterwards, 0 for what may not. */
export interface Plan {
  /** Requests, crashes and recoveries. */
  readonly events: readonly PlannedEvent[];
  readonly loss: number;
  readonly duplication: number;
  readonly linkCut: number;
}

/** No timeout is allowed any more. */
const NEVER = -1;

export class EnvironmentPlan {
  readonly budgets: SharedInterner<Spent>;
  readonly #instance: ProcessInstance;
  readonly #memo: StepMemo;
  readonly #plans: (Plan | undefined)[] = [];
  readonly #afterTimeouts = new PairTable();

  constructor(instance: ProcessInstance, interning: Interning, memo: StepMemo) {
    this.budgets = interning.interner((_place, text) => fromCanonical(text) as Spent);
    this.#instance = instance;
    this.#memo = memo;
  }

  /** The id of the budgets when nothing has been spent. */
  unspent(): number {
    return this.internSpent({});
  }

  planFor(budgets: number): Plan {
    const known = this.#plans[budgets];
    if (known !== undefined) return known;
    const plan = this.#plan(this.budgets.value(budgets));
    this.#plans[budgets] = plan;
    return plan;
  }

  /** The budgets after a timeout; 0 when it is not allowed. */
  afterTimeout(budgets: number, event: number): number {
    const known = this.#afterTimeouts.get(budgets, event);
    if (known !== 0) return known === NEVER ? 0 : known;
    const happened = this.#memo.events.value(event);
    const names = happened.type === 'timeout' ? [happened.timer, happened.process] : [];
    const next = this.#after(this.budgets.value(budgets), 'timeouts', names);
    this.#afterTimeouts.set(budgets, event, next === 0 ? NEVER : next);
    return next;
  }

  #plan(spent: Spent): Plan {
    const { processes, environment } = this.#instance;
    const planned = (event: Parameters<StepMemo['internEvent']>[0], next: number): PlannedEvent[] =>
      next === 0
        ? []
        : [
            {
              process: this.#memo.indexOf(event.process),
              event: this.#memo.internEvent(event),
              next,
              isCrash: event.type === 'crash',
            },
          ];
    const requests = (environment.requests ?? []).flatMap(({ to, client = 'client', request }, index) => {
      const once = { counter: requestCounter(index), limit: 1 };
      const next = allows(spent, once) ? this.internSpent(spend(spent, once)) : 0;
      return [to].flat().flatMap((process) => planned({ type: 'request', process, client, request }, next));
    });
    const faults = processes.flatMap(({ id: process }) => [
      ...planned({ type: 'crash', process }, this.#after(spent, 'crashes', [process])),
      ...planned({ type: 'recover', process }, this.#after(spent, 'recoveries', [process])),
    ]);
    return {
      events: [...requests, ...faults],
      loss: this.#after(spent, 'losses', []),
      duplication: this.#after(spent, 'duplications', []),
      linkCut: this.#after(spent, 'linkCuts', []),
    };
  }

  #after(spent: Spent, kind: Budgeted, names: readonly string[]): number {
    const budget = this.#instance.environment[kind] ?? (kind === 'timeouts' ? Number.POSITIVE_INFINITY : 0);
    const allowed = allowance(kind, budget, names);
    return allows(spent, allowed) ? this.internSpent(spend(spent, allowed)) : 0;
  }

  /** The id of the budgets when this has been spent. */
  internSpent(spent: Spent): number {
    return this.budgets.intern('budgets', canonical(spent));
  }
}
