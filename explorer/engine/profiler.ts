/**
 * One worker's part of a profile. It stands between an expander and the visited set, so that a search without a profile
 * pays nothing for it: it counts what is offered, in typed arrays by the number of the action.
 */

import { canonical } from '../../model/contract/data.ts';
import type { Instance } from '../../model/contract/system.ts';
import { type ActionCounts, actionName, countsViews, MOST_VIEWS, type ProfileCounts } from '../profile.ts';
import type { Expander } from './expander.ts';
import { Tally } from './tally.ts';
import type { Sink, VisitedSet } from './visited-set.ts';

export class Profiler implements Sink {
  readonly tally: Tally;
  readonly #expander: Expander;
  readonly #visited: VisitedSet;
  /** Whether an event's number stands for it for ever, and not only until the next one is offered. */
  readonly #areInterned: boolean;
  readonly #names: string[] = [];
  readonly #numbers = new Map<string, number>();
  /** The action of an event, by its number; 0 when it has not been asked for, and so counted from 1. */
  readonly #actions = new CountList();
  readonly #enabled = new CountList();
  readonly #taken = new CountList();
  readonly #deeper = new CountList();
  readonly #cut = new Map<string, CountList>();
  /** By action: the last state in which it was enabled, counted as they were expanded, from 1. */
  readonly #lastIn = new CountList();
  readonly #levels = new CountList();
  readonly #outDegrees = new CountList();
  /** By look; null when there are too many. */
  #looks: CountList | null;
  #expanded = 0;
  #degree = 0;

  constructor(instance: Instance, expander: Expander, visited: VisitedSet) {
    this.#expander = expander;
    this.#visited = visited;
    this.#areInterned = instance.kind === 'processes';
    this.#looks = countsViews(instance) ? new CountList() : null;
    this.tally = new ProfiledTally((bound, event) => this.#noteCut(bound, event));
  }

  /** Before the row that begins there is expanded. */
  begin(buffer: Int32Array, at: number): void {
    this.#expanded++;
    this.#degree = 0;
    if (this.#looks === null) return;
    const look = this.#expander.look(buffer, at);
    if (look < MOST_VIEWS) this.#looks.add(look);
    else this.#looks = null;
  }

  /** After it has been. */
  end(): void {
    this.#outDegrees.add(this.#degree);
  }

  offer(lo: number, hi: number, parentLo: number, event: number): boolean {
    const isNew = this.#visited.offer(lo, hi, parentLo, event);
    if (isNew) this.#levels.add(this.#visited.depth - 1);
    // What is offered before any row is expanded are the initial states.
    if (this.#expanded === 0) return isNew;
    const action = this.#actionOf(event);
    this.#meet(action);
    this.#degree++;
    this.#taken.add(action);
    if (isNew || this.#visited.isNewest(lo, hi)) this.#deeper.add(action);
    return isNew;
  }

  counts(): ProfileCounts {
    const actions = this.#names.map((name, action): [string, ActionCounts] => {
      const cut = [...this.#cut].map(([bound, counts]) => [bound, counts.at(action)] as const);
      return [
        name,
        {
          enabled: this.#enabled.at(action),
          taken: this.#taken.at(action),
          deeper: this.#deeper.at(action),
          cut: Object.fromEntries(cut.filter(([, times]) => times > 0)),
        },
      ];
    });
    const views = this.#looks?.list().map((states, look) => [canonical(this.#expander.seen(look)), states] as const);
    return {
      actions: Object.fromEntries(actions),
      levels: this.#levels.list(),
      outDegrees: this.#outDegrees.list(),
      views: views === undefined ? null : Object.fromEntries(views),
    };
  }

  #noteCut(bound: string, event: number): void {
    if (this.#expanded === 0) return;
    const action = this.#actionOf(event);
    this.#meet(action);
    const counts = this.#cut.get(bound) ?? new CountList();
    this.#cut.set(bound, counts);
    counts.add(action);
  }

  #meet(action: number): void {
    if (this.#lastIn.at(action) === this.#expanded) return;
    this.#lastIn.set(action, this.#expanded);
    this.#enabled.add(action);
  }

  #actionOf(event: number): number {
    const known = this.#areInterned ? this.#actions.at(event) : 0;
    if (known > 0) return known - 1;
    const name = actionName(this.#expander.describe(event));
    const action = this.#numbers.get(name) ?? this.#names.push(name) - 1;
    this.#numbers.set(name, action);
    if (this.#areInterned) this.#actions.set(event, action + 1);
    return action;
  }
}

class ProfiledTally extends Tally {
  readonly #noted: (bound: string, event: number) => void;

  constructor(noted: (bound: string, event: number) => void) {
    super();
    this.#noted = noted;
  }

  override cutBy(bound: string, event: number): void {
    super.cutBy(bound, event);
    this.#noted(bound, event);
  }
}

/** A list of counts, as long as the highest index that was used. They may exceed 32 bits. */
class CountList {
  #counts = new Float64Array(64);
  #length = 0;

  at(index: number): number {
    return index < this.#length ? (this.#counts[index] as number) : 0;
  }

  set(index: number, count: number): void {
    if (index >= this.#length) this.#lengthen(index + 1);
    this.#counts[index] = count;
  }

  add(index: number): void {
    if (index >= this.#length) this.#lengthen(index + 1);
    this.#counts[index] = (this.#counts[index] as number) + 1;
  }

  list(): number[] {
    return [...this.#counts.subarray(0, this.#length)];
  }

  #lengthen(length: number): void {
    this.#length = length;
    if (length <= this.#counts.length) return;
    const longer = new Float64Array(Math.max(this.#counts.length * 2, length));
    longer.set(this.#counts);
    this.#counts = longer;
  }
}
