/** The symmetry of a system of processes: what renamings make of the parts of its rows, and the tests that it is one. */

import { renamed } from '../../model/contract/symmetry.ts';
import type { ProcessInstance } from '../../model/contract/system.ts';
import { CounterNames, renamedEvent, renamedProcess, renamedSpent } from '../semantics/renaming.ts';
import type { SymmetryGroup } from '../semantics/symmetry-group.ts';
import type { EnvironmentPlan } from './environment-plan.ts';
import { asymmetry, EquivarianceTest, line } from './equivariance.ts';
import type { HistoryMemo } from './history-memo.ts';
import type { Judge } from './judge.ts';
import { Orbits, type Parts } from './orbits.ts';
import { type Arrangement, RenamedIds } from './renamed-ids.ts';
import { DISABLED, MESSAGES, NEW_LOCAL, OBSERVATION, SENT, type StepMemo } from './step-memo.ts';
import { VerdictSymmetry } from './verdict-symmetry.ts';

/** What an expander has that its symmetry is about. */
export interface Renameable {
  readonly instance: ProcessInstance;
  readonly memo: StepMemo;
  readonly plan: EnvironmentPlan;
  readonly judge: Judge;
  readonly history: HistoryMemo;
}

export class ProcessSymmetry {
  readonly orbits: Orbits;
  readonly #of: Renameable;
  readonly #group: SymmetryGroup;
  readonly #locals: RenamedIds;
  readonly #events: RenamedIds;
  readonly #observations: RenamedIds;
  readonly #histories: RenamedIds;
  readonly #views: RenamedIds;
  readonly #steps: EquivarianceTest;
  readonly #folds: EquivarianceTest;

  /**
   * @param linksOf the parts that are in flight over `fifo`, by what messages become; null: messages are
   * @throws UsageError when the environment is not symmetric.
   */
  constructor(
    group: SymmetryGroup,
    of: Renameable,
    linksOf: ((messages: RenamedIds) => Parts) | null,
    isThorough: boolean,
  ) {
    const { instance, memo, plan, judge, history } = of;
    const histories = history.records;
    this.#of = of;
    this.#group = group;
    const counters = new CounterNames(instance);
    counters.mustBeSymmetric(group);
    this.#locals = new RenamedIds(group, {
      namesIn: (id) => {
        const { process, is } = memo.locals.value(id);
        return [instance.processes[process]?.id, is.up ? [is.local.state, new Set(is.local.timers)] : is.kept];
      },
      rename: (id, renaming, arrangement) => {
        const { process, is } = memo.locals.value(id);
        const name = instance.processes[process]?.id ?? '';
        const image = memo.internProcess(renaming.get(name) ?? name, renamedProcess(is, renaming));
        this.#compareLocals(id, image, arrangement);
        return image;
      },
    });
    this.#events = new RenamedIds(group, {
      namesIn: (id) => ({ ...memo.events.value(id), type: null }),
      rename: (id, renaming) => memo.internEvent(renamedEvent(memo.events.value(id), renaming)),
    });
    this.#observations = new RenamedIds(group, {
      namesIn: (id) => history.observations.value(id),
      rename: (id, renaming) => history.internObservation(renamed(history.observations.value(id), renaming)),
    });
    this.#histories = new RenamedIds(group, {
      namesIn: (id) => histories.value(id),
      rename: (id, renaming) => history.intern(renamed(histories.value(id), renaming)),
    });
    this.#views = new RenamedIds(group, judge.views);
    const budgets = new RenamedIds(group, {
      namesIn: (id) =>
        new Set(Object.entries(plan.budgets.value(id)).map(([counter, times]) => [counters.namesIn(counter), times])),
      rename: (id, renaming) => plan.internSpent(renamedSpent(plan.budgets.value(id), counters, renaming)),
    });
    this.#steps = new EquivarianceTest(group, {
      name: (_local, event) => memo.handlerText(event),
      imageOfArguments: (local, event, by) => [this.#locals.image(local, by), this.#events.image(event, by)],
      value: (local, event) => memo.outcome(local, event),
      isImage: (outcome, other, by) => this.#isImageOf(outcome, other, by),
      describe: (local, event, outcome) => this.#describeStep(local, event, outcome),
    });
    this.#folds = new EquivarianceTest(group, {
      name: () => 'the next of its history variable',
      imageOfArguments: (history, observation, by) => [
        this.#histories.image(history, by),
        this.#observations.image(observation, by),
      ],
      value: (before, observation) => history.after(before, observation),
      isImage: (next, other, by) => this.#histories.image(next, by) === other,
      describe: (before, observation, next) =>
        [
          line('history', histories.value(before)),
          line('observation', history.observations.value(observation)),
          line('history after it', histories.value(next)),
        ].join('\n'),
    });
    this.orbits = new Orbits(
      group,
      instance.processes.map(({ id }) => id),
      {
        locals: { renamed: this.#locals, keys: memo.locals },
        budgets: { renamed: budgets, keys: plan.budgets },
        histories: { renamed: this.#histories, keys: histories },
        inFlight: linksOf?.(this.#events) ?? { renamed: this.#events, keys: memo.events },
        isFifo: linksOf !== null,
      },
    );
    memo.onStep = (local, event, outcome) => this.#steps.met(local, event, outcome);
    judge.symmetry = new VerdictSymmetry(
      group,
      (tuple, by) => this.#imageOfTuple(tuple, by),
      (tuple) => judge.describe(tuple),
      isThorough,
    );
  }

  /** The history variable has taken a step that is new. */
  folded(history: number, observation: number, next: number): void {
    this.#folds.met(history, observation, next);
  }

  #isImageOf(outcome: number, other: number, by: Arrangement): boolean {
    if (outcome === DISABLED || other === DISABLED) return outcome === other;
    const { pool } = this.#of.memo;
    if (this.#locals.image(pool.at(outcome + NEW_LOCAL), by) !== pool.at(other + NEW_LOCAL)) return false;
    const observation = pool.at(outcome + OBSERVATION);
    const image = observation === 0 ? 0 : this.#observations.image(observation, by);
    if (image !== pool.at(other + OBSERVATION)) return false;
    const sent = this.#sentBy(outcome).map((message) => this.#events.image(message, by));
    const others = this.#sentBy(other);
    return sent.length === others.length && this.#inOrder(sent).every((id, at) => id === this.#inOrder(others)[at]);
  }

  #sentBy(outcome: number): number[] {
    const { pool } = this.#of.memo;
    return Array.from({ length: pool.at(outcome + SENT) }, (_, at) => pool.at(outcome + MESSAGES + at));
  }

  /** The messages of a step, with nothing left of their order but what the network keeps. */
  #inOrder(sent: readonly number[]): number[] {
    const { instance, memo } = this.#of;
    if (instance.network !== 'fifo') return sent.toSorted((a, b) => a - b);
    return sent.toSorted((a, b) => memo.eventProcess.at(a) - memo.eventProcess.at(b));
  }

  #describeStep(local: number, event: number, outcome: number): string {
    const { memo, history } = this.#of;
    const before = [line('event', memo.events.value(event)), line('state', memo.locals.value(local).is)];
    if (outcome === DISABLED) return [...before, 'nothing happens'].join('\n');
    const observation = memo.pool.at(outcome + OBSERVATION);
    return [
      ...before,
      line('state after it', memo.locals.value(memo.pool.at(outcome + NEW_LOCAL)).is),
      ...this.#sentBy(outcome).map((message) => line('sends', memo.events.value(message))),
      ...(observation === 0 ? [] : [line('observation', history.observations.value(observation))]),
    ].join('\n');
  }

  /** Of two processes of which one is the image of the other, views and bounds must be so too. */
  #compareLocals(local: number, image: number, by: Arrangement): void {
    const { instance, memo, judge } = this.#of;
    const state = (id: number) => line('state', memo.locals.value(id).is);
    const [view, other] = [memo.viewOf.at(local), memo.viewOf.at(image)];
    if (this.#views.image(view, by) !== other) {
      const text = (id: number, seen: number) => `${state(id)}\nview: ${judge.viewText(seen)}`;
      throw asymmetry(this.#group, by, 'the view of a process', text(local, view), text(image, other));
    }
    if (memo.beyondOf.at(local) === memo.beyondOf.at(image)) return;
    const bounds = Object.keys(instance.bounds.local ?? {});
    const text = (id: number) => {
      const bound = bounds[memo.beyondOf.at(id) - 1];
      return `${state(id)}\n${bound === undefined ? 'within all bounds' : `beyond the bound '${bound}'`}`;
    };
    throw asymmetry(this.#group, by, 'a bound', text(local), text(image));
  }

  /** What becomes of a tuple of views and history, or of two of them. */
  #imageOfTuple(tuple: Int32Array, by: Arrangement): Int32Array {
    const image = tuple.slice();
    const processes = this.#of.instance.processes.length;
    for (let begin = 0; begin < tuple.length; begin += processes + 1) {
      for (let process = 0; process < processes; process++)
        image[begin + this.orbits.placeUnder(process, by)] = this.#views.image(tuple[begin + process] as number, by);
      image[begin + processes] = this.#histories.image(tuple[begin + processes] as number, by);
    }
    return image;
  }
}
