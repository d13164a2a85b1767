/**
 * Expands states of processes. A row is, behind its header, the *slots*: the local id of each process, the id of the
 * budgets, the id of the history; under a reduction, the step that led to the state; then what is in flight, which differs by
 * network.
 */

import type { ProcessInstance } from '../../model/contract/system.ts';
import type { TraceEvent } from '../../model/contract/trace.ts';
import type { SymmetryGroup } from '../semantics/symmetry-group.ts';
import { EnvironmentPlan } from './environment-plan.ts';
import { type Expander, ROW_HEADER, ROW_HI, ROW_LENGTH, ROW_LO, type Work } from './expander.ts';
import { HistoryMemo } from './history-memo.ts';
import { Independence, LAST_STEP } from './independence.ts';
import { Interning } from './interning.ts';
import { Judge } from './judge.ts';
import type { Orbits, Parts } from './orbits.ts';
import { ProcessSymmetry } from './process-symmetry.ts';
import type { RenamedIds } from './renamed-ids.ts';
import { SeenSteps } from './seen-steps.ts';
import { DISABLED, NEW_LOCAL, OBSERVATION, SHOWN, StepMemo } from './step-memo.ts';
import { TupleTable } from './tuple-table.ts';

/** The initial state without what is in flight. */
export interface Beginning {
  /** The slots of its row. */
  readonly slots: readonly number[];
  /** What each process has sent. */
  readonly sent: readonly (readonly number[])[];
  /** The bound that a process is beyond from the start, if any. */
  readonly beyond: string | null;
  /** The words of the slots' fingerprint. */
  readonly lo: number;
  readonly hi: number;
}

export abstract class ProcessExpander implements Expander {
  readonly interning = new Interning();
  protected readonly instance: ProcessInstance;
  protected readonly memo: StepMemo;
  protected readonly plan: EnvironmentPlan;
  protected readonly judge: Judge;
  protected readonly history: HistoryMemo;
  /** How many processes there are; their slots come first. */
  protected readonly processes: number;
  /** Where in a row the budgets and the history are. */
  protected readonly budgetsAt: number;
  protected readonly historyAt: number;
  /** Where the step that led to the state is, if it is known; and where what is in flight begins. */
  protected readonly lastStepAt: number;
  protected readonly inFlightAt: number;
  protected readonly inFlightBound: number;
  protected readonly boundNames: readonly string[];
  /** Transitions out of the state that is being expanded, those beyond a bound included. */
  protected moves = 0;
  /** Null: every state stands for itself. */
  protected symmetry: ProcessSymmetry | null = null;
  /** Null: every step is followed. */
  protected readonly independence: Independence | null;
  /** Whether the step that is being taken is redundant: it need only be judged. */
  protected isRedundant = false;
  /** Whether the step that is being taken has to be judged, and the state after it. */
  protected isUnsettled = false;
  readonly #seenSteps: SeenSteps;
  /** Whether the state that is being expanded has been made known there. */
  #isEntered = false;
  readonly #paranoid: boolean;
  readonly #tuple: Int32Array;
  readonly #tupleBefore: Int32Array;
  /** The tuples of views that somebody asked to see. */
  readonly #looks: TupleTable;

  /** @param reduces whether of two orders of independent steps only one is to be followed */
  constructor(instance: ProcessInstance, paranoid: boolean, reduces: boolean) {
    this.instance = instance;
    this.#paranoid = paranoid;
    this.processes = instance.processes.length;
    this.budgetsAt = ROW_HEADER + this.processes;
    this.historyAt = this.budgetsAt + 1;
    this.lastStepAt = this.historyAt + 1;
    this.inFlightAt = this.lastStepAt + (reduces ? LAST_STEP : 0);
    this.inFlightBound = instance.bounds.inFlight ?? Number.POSITIVE_INFINITY;
    this.boundNames = Object.keys(instance.bounds.local ?? {});
    this.judge = new Judge(instance, this.interning, (id) => this.history.records.value(id));
    this.history = new HistoryMemo(instance.history, this.interning);
    const { interning, judge } = this;
    this.memo = new StepMemo(instance, { interning, judge, history: this.history }, paranoid);
    const { memo, history } = this;
    this.independence = reduces ? new Independence({ memo, history, network: instance.network }) : null;
    this.plan = new EnvironmentPlan(instance, this.interning, this.memo);
    this.#tuple = new Int32Array(this.processes + 1);
    this.#tupleBefore = new Int32Array(this.processes + 1);
    this.#looks = new TupleTable(this.processes + 1);
    this.#seenSteps = new SeenSteps(this.processes + 1, interning);
  }

  /**
   * From now on one state stands for all that the group's renamings make of it.
   *
   * @param linksOf the parts that are in flight over `fifo`, by what messages become; null: messages are
   */
  protected reduceBy(group: SymmetryGroup, linksOf: ((messages: RenamedIds) => Parts) | null): void {
    const { instance, memo, plan, judge, history } = this;
    const symmetry = new ProcessSymmetry(group, { instance, memo, plan, judge, history }, linksOf, this.#paranoid);
    history.onFold = (before, observation, next) => symmetry.folded(before, observation, next);
    this.symmetry = symmetry;
  }

  get isReduced(): boolean {
    return this.symmetry !== null;
  }

  get handlerCalls() {
    return this.memo.handlerCalls;
  }

  look(row: Int32Array, at: number): number {
    return this.#looks.intern(this.#tupleOf(row, at, this.#tuple));
  }

  seen(look: number): unknown {
    return this.judge.snapshot(this.#looks.tuple(look));
  }

  describe(event: number): TraceEvent {
    return this.memo.events.value(event);
  }

  verifyPurity(): void {
    this.memo.verifyPurity();
  }

  abstract start(to: Work): void;

  expand(row: Int32Array, at: number, to: Work): void {
    this.moves = 0;
    this.#isEntered = false;
    if (to.isComplete) this.independence?.enterUnknown();
    else this.independence?.enter(row, at + this.lastStepAt, this.#room(row, at));
    this.expandNetwork(row, at, to);
    const budgets = row[at + this.budgetsAt] as number;
    for (let process = 0; process < this.processes; process++) {
      const local = row[at + ROW_HEADER + process] as number;
      const timeouts = this.memo.timeoutsOf[local] as readonly number[];
      for (let index = 0; index < timeouts.length; index++) {
        const event = timeouts[index] as number;
        const next = this.plan.afterTimeout(budgets, event);
        if (next === 0) continue;
        const outcome = this.memo.outcome(local, event);
        if (outcome !== DISABLED) this.takeLocal(row, at, process, outcome, event, next, to);
      }
    }
    const { events } = this.plan.planFor(budgets);
    for (let index = 0; index < events.length; index++) {
      const planned = events[index] as (typeof events)[number];
      const outcome = this.memo.outcome(row[at + ROW_HEADER + planned.process] as number, planned.event);
      if (outcome === DISABLED) continue;
      if (planned.isCrash) this.takeCrash(row, at, planned.process, outcome, planned.event, planned.next, to);
      else this.takeLocal(row, at, planned.process, outcome, planned.event, planned.next, to);
    }
    if (this.moves > 0) return;
    to.tally.quiescent++;
    const found = { depth: to.depth - 1, lo: row[at + ROW_LO] as number, hi: row[at + ROW_HI] as number, before: null };
    this.judge.judgeQuiescence(this.#tupleOf(row, at, this.#tuple), found, to.tally);
  }

  /** How many messages more there may be in flight. */
  #room(row: Int32Array, at: number): number {
    const bound = this.inFlightBound;
    return bound === Number.POSITIVE_INFINITY ? bound : bound - this.inFlight(row, at);
  }

  /** How many messages are in flight. */
  protected abstract inFlight(row: Int32Array, at: number): number;

  /**
   * Whether a step is left out, and counted: it is redundant, and properties of steps need not be asked of it, since they
   * were of one that looks the same to them.
   */
  protected skips(row: Int32Array, at: number, process: number, outcome: number, event: number, to: Work): boolean {
    const { memo, independence } = this;
    const newLocal = memo.pool.at(outcome + NEW_LOCAL);
    const history = row[at + this.historyAt] as number;
    this.isRedundant =
      independence?.isRedundant(process, event, outcome, history) === true && memo.beyondOf.at(newLocal) === 0;
    if (!this.isRedundant) return false;
    this.historyAfter(row, at, outcome);
    if (this.isUnsettled) return false;
    to.tally.generated++;
    to.tally.skipped++;
    return true;
  }

  /** Writes which step led to a state to its row. An event of 0 stands for one that commutes with no other. */
  protected writeLastStep(row: Int32Array, at: number, event: number, local: number, history: number): void {
    if (this.independence === null) return;
    row[at + this.lastStepAt] = event;
    row[at + this.lastStepAt + 1] = local;
    row[at + this.lastStepAt + 2] = history;
  }

  /** Deliveries, and what else the network may do. */
  protected abstract expandNetwork(row: Int32Array, at: number, to: Work): void;

  /** A step of a process that consumes nothing in flight. */
  protected abstract takeLocal(
    row: Int32Array,
    at: number,
    process: number,
    outcome: number,
    event: number,
    budgets: number,
    to: Work,
  ): void;

  /** A process crashes: what else that does is the network's to say. */
  protected takeCrash(
    row: Int32Array,
    at: number,
    process: number,
    outcome: number,
    event: number,
    budgets: number,
    to: Work,
  ): void {
    this.takeLocal(row, at, process, outcome, event, budgets, to);
  }

  /** Starts every process, in order: the slots of the initial state, and what the processes sent. */
  protected begin(): Beginning {
    const { memo, history: histories } = this;
    const budgets = this.plan.unspent();
    const locals: number[] = [];
    const sent: (readonly number[])[] = [];
    let history = histories.intern(this.instance.history.initial);
    let beyond: string | null = null;
    let [lo, hi] = [this.plan.budgets.lo.at(budgets), this.plan.budgets.hi.at(budgets)];
    for (let process = 0; process < this.processes; process++) {
      const started = memo.start(process);
      locals.push(started.local);
      sent.push(started.sent);
      lo += memo.locals.lo.at(started.local);
      hi += memo.locals.hi.at(started.local);
      history = histories.after(history, memo.observationOf(started.observed));
      beyond ??= this.boundNames[memo.beyondOf.at(started.local) - 1] ?? null;
    }
    const { records } = histories;
    const [allLo, allHi] = [(lo + records.lo.at(history)) | 0, (hi + records.hi.at(history)) | 0];
    return { slots: [...locals, budgets, history], sent, beyond, lo: allLo, hi: allHi };
  }

  /** Offers the state that stands for the orbit of the one that was reached, whose row it is. */
  protected offerChosen(
    { row, lo, hi, size }: Orbits,
    reached: Int32Array,
    parentLo: number,
    event: number,
    to: Work,
  ): void {
    if (!to.sink.offer(lo, hi, parentLo, event)) return;
    to.tally.represented += size;
    const source = to.asReached === true ? reached : row;
    const length = source[ROW_LENGTH] as number;
    to.next.reserve(length);
    const { buffer, at } = to.next;
    for (let index = 0; index < length; index++) buffer[at + index] = source[index] as number;
  }

  /** Judges the initial state, whose row it is. */
  protected judgeStart(row: Int32Array, at: number, to: Work): void {
    const found = { depth: to.depth, lo: row[at + ROW_LO] as number, hi: row[at + ROW_HI] as number, before: null };
    this.judge.judgeState(this.#tupleOf(row, at, this.#tuple), found, to.tally);
  }

  /**
   * The history after a step. Says whether the step is unsettled: whether it and the state after it may look different, to
   * properties, from all that were judged.
   */
  protected historyAfter(row: Int32Array, at: number, outcome: number): number {
    const pool = this.memo.pool.items;
    const shown = pool[outcome + SHOWN] as number;
    const before = row[at + this.historyAt] as number;
    this.isUnsettled = false;
    if (shown === 0) return before;
    if (!this.#isEntered) {
      this.#seenSteps.enter(this.#tupleOf(row, at, this.#tupleBefore));
      this.#isEntered = true;
    }
    const known = this.#seenSteps.after(shown);
    if (known !== 0) return known;
    const observation = pool[outcome + OBSERVATION] as number;
    const told = this.#seenSteps.toldAfter(shown, this.#viewAfter(outcome), observation);
    if (told !== 0) return told;
    this.isUnsettled = true;
    return this.history.after(before, observation);
  }

  /**
   * Judges an unsettled step of a process from the state of a row, and the state after it: also where that is known already,
   * for others that look the same need then not be judged.
   *
   * @param lo and `hi`: the fingerprint of the state after it; under a symmetry, of the one that stands for it, which has
   * been chosen
   */
  protected judgeStep(
    row: Int32Array,
    at: number,
    process: number,
    outcome: number,
    history: number,
    lo: number,
    hi: number,
    to: Work,
  ): void {
    const { judge, memo, symmetry } = this;
    const [before, after] = [this.#tupleBefore, this.#tuple];
    const { depth, tally } = to;
    after.set(before);
    after[process] = this.#viewAfter(outcome);
    after[this.processes] = history;
    let isSettled = true;
    if (after.some((id, index) => id !== before[index])) {
      const from = { lo: row[at + ROW_LO] as number, hi: row[at + ROW_HI] as number };
      const isStepSettled = judge.judgeStep(before, after, { depth, lo, hi, before: from }, tally);
      const state = symmetry === null ? after : this.#tupleOf(symmetry.orbits.row, 0, after);
      isSettled = judge.judgeState(state, { depth, lo, hi, before: null }, tally) && isStepSettled;
    }
    if (!isSettled) return;
    const { pool } = memo;
    this.#seenSteps.settle(pool.at(outcome + SHOWN), this.#viewAfter(outcome), pool.at(outcome + OBSERVATION), history);
  }

  /** The view of the process that takes a step, after it. */
  #viewAfter(outcome: number): number {
    return this.memo.viewOf.at(this.memo.pool.at(outcome + NEW_LOCAL));
  }

  #tupleOf(row: Int32Array, at: number, tuple: Int32Array): Int32Array {
    const views = this.memo.viewOf.items;
    for (let process = 0; process < this.processes; process++) {
      tuple[process] = views[row[at + ROW_HEADER + process] as number] as number;
    }
    tuple[this.processes] = row[at + this.historyAt] as number;
    return tuple;
  }
}
