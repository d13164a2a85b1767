/**
 * Expands states of bare transition systems. Behind its header a row has the atoms of the state (see cells.ts), in ascending
 * order.
 */

import { canonical, equal } from '../../model/contract/data.ts';
import { ModelError } from '../../model/contract/errors.ts';
import type { TransitionInstance } from '../../model/contract/system.ts';
import type { TraceEvent } from '../../model/contract/trace.ts';
import { QUIESCENCE } from '../exploration.ts';
import type { SymmetryGroup } from '../semantics/symmetry-group.ts';
import { transitionSemantics } from '../semantics/transitions.ts';
import { ActionMemo, DISABLED } from './action-memo.ts';
import { Cells } from './cells.ts';
import { type Expander, ROW_HEADER, ROW_HI, ROW_LENGTH, ROW_LO, type Work } from './expander.ts';
import { Interning } from './interning.ts';
import { Placement } from './placement.ts';
import { plainState } from './plain-state.ts';
import { ChangeLists, StateChanges } from './state-changes.ts';
import { Successor } from './successor.ts';
import { TransitionJudge } from './transition-judge.ts';
import { type Aspect, type Move, TransitionSymmetry } from './transition-symmetry.ts';

/** The first expansions by `next` are all done twice; later, one in this many. */
const FIRST_REPEATED = 64;
const REPEATED_ONE_IN = 64;

/** Is told of a transition, and of the bound that its successor is beyond, if any. */
type Taken = (event: number, beyond: string | null) => void;

export class TransitionExpander implements Expander {
  readonly interning = new Interning();
  readonly #instance: TransitionInstance;
  readonly #semantics;
  readonly #paranoid: boolean;
  readonly #cells = new Cells(this.interning);
  /** The state that is being expanded, and in between a successor of it; and while that is there, what it was before. */
  readonly #now = new Placement(this.#cells);
  readonly #before = new Placement(this.#cells);
  readonly #changes: StateChanges;
  readonly #actions: ActionMemo;
  readonly #judge: TransitionJudge;
  /** Null: every state stands for itself. */
  readonly #symmetry: TransitionSymmetry | null;
  /** What is different in a state that the model gave whole. */
  readonly #given = new ChangeLists();
  /** The row that is being expanded. */
  #row: Int32Array = new Int32Array(0);
  #at = 0;
  /** Transitions out of it, those beyond a bound included. */
  #moves = 0;
  readonly #successor = new Successor(this.#cells, this.#now);
  #action = '';
  /** The states before and after the transition, where `next` has given them. */
  #whole: { readonly before: unknown; readonly after: unknown } | null = null;
  /** The successor that is being made, where its orbit must be known before it is offered. */
  #reached = new Int32Array(64);
  readonly #expansions = { memoised: 0, repeated: 0 };
  /** The rows that somebody asked to see. */
  readonly #looks: Int32Array[] = [];

  constructor(instance: TransitionInstance, paranoid: boolean, group: SymmetryGroup | null = null) {
    this.#instance = instance;
    this.#semantics = transitionSemantics(instance);
    this.#paranoid = paranoid;
    const [now, before] = [this.#now, this.#before];
    this.#changes = new StateChanges(this.#cells, [now, before], (state) => this.#semantics.key(state));
    this.#actions = new ActionMemo(instance.actions ?? [], now, before, this.#changes, paranoid);
    this.#judge = new TransitionJudge(instance, now, before, paranoid, {
      now: () => this.#whole?.after ?? this.#plainIn(now),
      before: () => this.#whole?.before ?? this.#plainIn(before),
    });
    this.#symmetry = group && new TransitionSymmetry(group, this.#cells, paranoid);
  }

  get isReduced(): boolean {
    return this.#symmetry !== null;
  }

  get handlerCalls() {
    const counts = [this.#expansions, this.#actions.calls, this.#judge.calls];
    const [memoised, repeated] = [counts.map((count) => count.memoised), counts.map((count) => count.repeated)];
    return { memoised: sum(memoised), repeated: sum(repeated) };
  }

  look(row: Int32Array, at: number): number {
    this.#looks.push(row.slice(at, at + (row[at + ROW_LENGTH] as number)));
    return this.#looks.length - 1;
  }

  seen(look: number): unknown {
    return this.plain(this.#looks[look] as Int32Array);
  }

  /** The state of a row. */
  plain(row: Int32Array): unknown {
    const placement = new Placement(this.#cells);
    placement.load(row, 0);
    return this.#plainIn(placement);
  }

  describe(): TraceEvent {
    return { type: 'action', action: this.#action, state: this.#plainIn(this.#now) };
  }

  /** What is memoised is repeated as it is found and used. */
  verifyPurity(): void {}

  start(to: Work): void {
    this.#begin(Int32Array.of(ROW_HEADER, 0, 0), 0);
    for (const [index, { state, beyond }] of this.#semantics.initial().entries()) {
      if (beyond !== null) {
        to.tally.cutBy(beyond, index);
        continue;
      }
      to.tally.generated++;
      this.#successor.make(this.#given, this.#given.setTo(this.#changes.whole(state)));
      this.#reach(0, index, to);
      this.#successor.takeBack();
    }
  }

  expand(row: Int32Array, at: number, to: Work): void {
    const { memoised } = this.#actions.calls;
    this.#place(row, at);
    this.#expandPlaced((event, beyond) => {
      if (beyond !== null) return to.tally.cutBy(beyond, event);
      to.tally.generated++;
      this.#reach(row[at + ROW_LO] as number, event, to);
    });
    if (this.#moves === 0) {
      to.tally.quiescent++;
      const found = { depth: to.depth - 1, lo: row[at + ROW_LO] as number, hi: row[at + ROW_HI] as number };
      this.#judge.judgeQuiescence({ ...found, before: null }, to.tally);
    }
    this.#unplace();
    if (this.#symmetry?.isTestDue(this.#actions.calls.memoised > memoised))
      this.#symmetry.test(row.slice(at, at + (row[at + ROW_LENGTH] as number)), this);
  }

  /** What a symmetry must leave as it is. */
  aspectOf(row: Int32Array): Aspect {
    const moves: Move[] = [];
    this.#place(row, 0);
    const verdicts = this.#judge.stateVerdicts();
    this.#expandPlaced((_, beyond) => {
      const length = this.#successor.measure();
      const reached = new Int32Array(length);
      this.#successor.write(reached, 0, length);
      moves.push({ row: reached, beyond, verdicts: this.#judge.stepVerdicts() });
    });
    if (this.#moves === 0) verdicts.set(QUIESCENCE, this.#judge.mayNotRest());
    this.#unplace();
    return { row, verdicts, moves };
  }

  #begin(row: Int32Array, at: number): void {
    this.#row = row;
    this.#at = at;
    this.#successor.begin(row, at);
  }

  #place(row: Int32Array, at: number): void {
    this.#begin(row, at);
    this.#now.load(row, at);
    if (this.#judge.judgesSteps) this.#before.load(row, at);
  }

  #unplace(): void {
    this.#now.clear(this.#row, this.#at);
    if (this.#judge.judgesSteps) this.#before.clear(this.#row, this.#at);
  }

  /** Takes each transition out of the state that is placed, and tells of it while its successor is there. */
  #expandPlaced(taken: Taken): void {
    this.#moves = 0;
    if (this.#instance.actions === null) this.#expandNext(taken);
    else this.#expandActions(this.#instance.actions, taken);
  }

  #expandActions(actions: readonly { readonly name: string }[], taken: Taken): void {
    for (let index = 0; index < actions.length; index++) {
      const result = this.#actions.result(index);
      if (result === DISABLED) continue;
      this.#action = (actions[index] as { readonly name: string }).name;
      this.#moves++;
      this.#successor.make(this.#actions.lists, result);
      taken(index, this.#judge.beyond());
      this.#successor.takeBack();
    }
  }

  /** All at once: there is nothing to be memoised, since a state is expanded once. */
  #expandNext(taken: Taken): void {
    const before = this.#plainIn(this.#now);
    const successors = this.#semantics.successors(before);
    const calls = ++this.#expansions.memoised;
    if (this.#paranoid || calls <= FIRST_REPEATED || calls % REPEATED_ONE_IN === 0) this.#repeat(before, successors);
    for (const { event, state: after, beyond } of successors) {
      this.#action = event.type === 'action' ? event.action : '';
      this.#whole = { before, after };
      this.#moves++;
      this.#successor.make(this.#given, this.#given.setTo(this.#changes.between(before, after)));
      taken(0, beyond);
      this.#successor.takeBack();
    }
    this.#whole = null;
  }

  /** Offers the state that is there now, or what stands for it. */
  #reach(parentLo: number, event: number, to: Work): void {
    if (this.#symmetry !== null) return this.#reachOrbit(this.#symmetry, parentLo, event, to);
    this.#judgeStep(this.#successor.lo, this.#successor.hi, to);
    if (!to.sink.offer(this.#successor.lo, this.#successor.hi, parentLo, event)) return;
    const length = this.#successor.measure();
    to.next.reserve(length);
    this.#successor.write(to.next.buffer, to.next.at, length);
    this.#judge.judgeState({ depth: to.depth, lo: this.#successor.lo, hi: this.#successor.hi, before: null }, to.tally);
  }

  #reachOrbit({ orbits }: TransitionSymmetry, parentLo: number, event: number, to: Work): void {
    const length = this.#successor.measure();
    if (this.#reached.length < length) this.#reached = new Int32Array(length * 2);
    this.#successor.write(this.#reached, 0, length);
    orbits.choose(this.#reached, 0);
    const { lo, hi, size } = orbits;
    this.#judgeStep(lo, hi, to);
    if (!to.sink.offer(lo, hi, parentLo, event)) return;
    to.tally.represented += size;
    const kept = to.asReached === true ? this.#reached : orbits.chosenRow();
    to.next.reserve(length);
    to.next.buffer.set(kept.subarray(0, length), to.next.at);
    this.#judge.judgeState({ depth: to.depth, lo, hi, before: null }, to.tally);
  }

  /** Judges the step to the state that is there now; `lo` and `hi` are the fingerprint under which it is found. */
  #judgeStep(lo: number, hi: number, to: Work): void {
    if (!this.#judge.judgesSteps || this.#row[this.#at + ROW_LENGTH] === ROW_HEADER) return;
    const before = { lo: this.#row[this.#at + ROW_LO] as number, hi: this.#row[this.#at + ROW_HI] as number };
    if (this.#successor.lo === before.lo && this.#successor.hi === before.hi) return;
    this.#judge.judgeStep({ depth: to.depth, lo, hi, before }, to.tally);
  }

  /** The state that is spread out. */
  #plainIn(placement: Placement): unknown {
    return plainState(placement, this.#instance.actions !== null);
  }

  #repeat(state: unknown, successors: readonly { readonly event: TraceEvent }[]): void {
    this.#expansions.repeated++;
    const again = this.#semantics.successors(state).map(({ event }) => event);
    const first = successors.map(({ event }) => event);
    if (equal(first, again)) return;
    throw new ModelError(
      `next is not a function of the state: called twice it listed different successors\n  state: ${canonical(state)}`,
    );
  }
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
