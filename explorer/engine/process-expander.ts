/**
 * Expands states of processes. A row is, behind its header, the *slots*: the local id of each process, the id of the
 * budgets, the id of the history; then what is in flight, which differs by network.
 */

import { canonical, fromCanonical } from '../../model/contract/data.ts';
import type { ProcessInstance } from '../../model/contract/system.ts';
import type { TraceEvent } from '../../model/contract/trace.ts';
import { callModel, foldHistory } from '../semantics/observation.ts';
import type { SymmetryGroup } from '../semantics/symmetry-group.ts';
import { EnvironmentPlan } from './environment-plan.ts';
import { type Expander, ROW_HEADER, ROW_HI, ROW_LENGTH, ROW_LO, type Work } from './expander.ts';
import { Interning, type SharedInterner } from './interning.ts';
import { Judge } from './judge.ts';
import type { Orbits, Parts } from './orbits.ts';
import { PairTable } from './pair-table.ts';
import { ProcessSymmetry } from './process-symmetry.ts';
import { HISTORY, VIEWS } from './questions.ts';
import type { RenamedIds } from './renamed-ids.ts';
import { DISABLED, StepMemo } from './step-memo.ts';
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
  protected readonly histories: SharedInterner<unknown>;
  /** How many processes there are; their slots come first. */
  protected readonly processes: number;
  /** Where in a row the budgets and the history are. */
  protected readonly budgetsAt: number;
  protected readonly historyAt: number;
  protected readonly inFlightBound: number;
  protected readonly boundNames: readonly string[];
  /** Transitions out of the state that is being expanded, those beyond a bound included. */
  protected moves = 0;
  /** Null: every state stands for itself. */
  protected symmetry: ProcessSymmetry | null = null;
  /** The parts that step properties were known to read when a step that changes none of them was last judged; 0: not in this state. */
  #unreadJudged = 0;
  readonly #paranoid: boolean;
  readonly #afterObservation = new PairTable();
  readonly #tuple: Int32Array;
  readonly #tupleBefore: Int32Array;
  /** The tuples of views that somebody asked to see. */
  readonly #looks: TupleTable;

  constructor(instance: ProcessInstance, paranoid: boolean) {
    this.instance = instance;
    this.#paranoid = paranoid;
    this.processes = instance.processes.length;
    this.budgetsAt = ROW_HEADER + this.processes;
    this.historyAt = this.budgetsAt + 1;
    this.inFlightBound = instance.bounds.inFlight ?? Number.POSITIVE_INFINITY;
    this.boundNames = Object.keys(instance.bounds.local ?? {});
    this.histories = this.interning.interner((_place, text) => fromCanonical(text));
    this.judge = new Judge(instance, (id) => this.histories.value(id));
    this.memo = new StepMemo(instance, this.interning, this.judge, paranoid);
    this.plan = new EnvironmentPlan(instance, this.interning, this.memo);
    this.#tuple = new Int32Array(this.processes + 1);
    this.#tupleBefore = new Int32Array(this.processes + 1);
    this.#looks = new TupleTable(this.processes + 1);
  }

  /**
   * From now on one state stands for all that the group's renamings make of it.
   *
   * @param linksOf the parts that are in flight over `fifo`, by what messages become; null: messages are
   */
  protected reduceBy(group: SymmetryGroup, linksOf: ((messages: RenamedIds) => Parts) | null): void {
    const { instance, memo, plan, judge, histories } = this;
    const internHistory = (record: unknown) => this.internHistory(record);
    const historyAfter = (history: number, observation: number) => this.historyAfter(history, observation);
    const renameable = { instance, memo, plan, judge, histories, internHistory, historyAfter };
    this.symmetry = new ProcessSymmetry(group, renameable, linksOf, this.#paranoid);
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
    this.#unreadJudged = 0;
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
    const { memo, histories } = this;
    const budgets = this.plan.unspent();
    const locals: number[] = [];
    const sent: (readonly number[])[] = [];
    let history = this.internHistory(this.instance.history.initial);
    let beyond: string | null = null;
    let [lo, hi] = [this.plan.budgets.lo.at(budgets), this.plan.budgets.hi.at(budgets)];
    for (let process = 0; process < this.processes; process++) {
      const started = memo.start(process);
      locals.push(started.local);
      sent.push(started.sent);
      lo += memo.locals.lo.at(started.local);
      hi += memo.locals.hi.at(started.local);
      const observation = memo.internObservation(started.observed);
      if (observation !== 0) history = this.historyAfter(history, observation);
      beyond ??= this.boundNames[memo.beyondOf.at(started.local) - 1] ?? null;
    }
    const [allLo, allHi] = [(lo + histories.lo.at(history)) | 0, (hi + histories.hi.at(history)) | 0];
    return { slots: [...locals, budgets, history], sent, beyond, lo: allLo, hi: allHi };
  }

  protected historyAfter(history: number, observation: number): number {
    const known = this.#afterObservation.get(history, observation);
    if (known !== 0) return known;
    const record = foldHistory(
      this.instance.history,
      this.histories.value(history),
      this.memo.observations.value(observation),
    );
    const next = this.internHistory(record);
    this.#afterObservation.set(history, observation, next);
    this.symmetry?.folded(history, observation, next);
    return next;
  }

  protected internHistory(record: unknown): number {
    return this.histories.intern(
      'history',
      callModel('the history', () => canonical(record)),
    );
  }

  /**
   * Offers the state that stands for the orbit of the one that was reached, whose row it is.
   *
   * @param isSeen properties may see something new in it
   */
  protected offerChosen(
    { row, lo, hi, size }: Orbits,
    reached: Int32Array,
    parentLo: number,
    event: number,
    isSeen: boolean,
    to: Work,
  ): void {
    if (!to.sink.offer(lo, hi, parentLo, event)) return;
    to.tally.represented += size;
    const source = to.asReached === true ? reached : row;
    const length = source[ROW_LENGTH] as number;
    to.next.reserve(length);
    const { buffer, at } = to.next;
    for (let index = 0; index < length; index++) buffer[at + index] = source[index] as number;
    if (isSeen) this.judgeRow(buffer, at, to);
  }

  /** Judges the state of a row that has been written. */
  protected judgeRow(row: Int32Array, at: number, to: Work): void {
    const tuple = this.#tupleOf(row, at, this.#tuple);
    this.judge.judgeState(tuple, to.depth, row[at + ROW_LO] as number, row[at + ROW_HI] as number, to.tally);
  }

  /** The parts of what is seen of a state that a step of a process changes. */
  protected changedBy(oldLocal: number, newLocal: number, oldHistory: number, newHistory: number): number {
    const views = this.memo.viewOf.items;
    return (views[oldLocal] === views[newLocal] ? 0 : VIEWS) | (oldHistory === newHistory ? 0 : HISTORY);
  }

  /**
   * Whether a step out of the state that is being expanded, which changes these parts of what is seen, must be judged. Steps
   * that change only what no property reads look alike to all of them: one for each state is enough.
   */
  protected mustJudgeStep(changed: number): boolean {
    const { parts } = this.judge.ofSteps;
    if ((changed & parts) !== 0) return true;
    if (changed === 0 || this.#unreadJudged === parts) return false;
    this.#unreadJudged = parts;
    return true;
  }

  /** Judges a step of one process from the state of a row. */
  protected judgeStep(
    row: Int32Array,
    at: number,
    process: number,
    newLocal: number,
    history: number,
    lo: number,
    hi: number,
    to: Work,
  ): void {
    const before = this.#tupleOf(row, at, this.#tupleBefore);
    const after = this.#tuple;
    after.set(before);
    after[process] = this.memo.viewOf.at(newLocal);
    after[this.processes] = history;
    const source = { lo: row[at + ROW_LO] as number, hi: row[at + ROW_HI] as number };
    this.judge.judgeStep(before, after, { depth: to.depth, lo, hi, before: source }, to.tally);
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
