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
import { Cells, NONE } from './cells.ts';
import { type Expander, ROW_HEADER, ROW_HI, ROW_LENGTH, ROW_LO, type Work } from './expander.ts';
import { IntList } from './growable.ts';
import { Interning } from './interning.ts';
import { Placement } from './placement.ts';
import { plainState } from './plain-state.ts';
import { ChangeLists, StateChanges } from './state-changes.ts';
import { TransitionJudge } from './transition-judge.ts';
import { type Aspect, type Successor, TransitionSymmetry } from './transition-symmetry.ts';

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
  /** What the transition changed that is there now: cells, and the atoms that were in them; and the fingerprint. */
  readonly #undo = new IntList();
  #lo = 0;
  #hi = 0;
  /** The atoms that it added, ascending. */
  readonly #added = new IntList();
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
    this.#row = Int32Array.of(ROW_HEADER, 0, 0);
    this.#at = 0;
    for (const [index, { state, beyond }] of this.#semantics.initial().entries()) {
      if (beyond !== null) {
        to.tally.cutBy(beyond, index);
        continue;
      }
      to.tally.generated++;
      this.#apply(this.#given, this.#given.setTo(this.#changes.whole(state)));
      this.#reach(0, index, to);
      this.#takeBack();
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
    const successors: Successor[] = [];
    this.#place(row, 0);
    const verdicts = this.#judge.stateVerdicts();
    this.#expandPlaced((_, beyond) => {
      const length = this.#lengthReached();
      const reached = new Int32Array(length);
      this.#writeReached(reached, 0, length);
      successors.push({ row: reached, beyond, verdicts: this.#judge.stepVerdicts() });
    });
    if (this.#moves === 0) verdicts.set(QUIESCENCE, this.#judge.mayNotRest());
    this.#unplace();
    return { row, verdicts, successors };
  }

  #place(row: Int32Array, at: number): void {
    this.#row = row;
    this.#at = at;
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
      this.#apply(this.#actions.lists, result);
      taken(index, this.#judge.beyond());
      this.#takeBack();
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
      this.#apply(this.#given, this.#given.setTo(this.#changes.between(before, after)));
      taken(0, beyond);
      this.#takeBack();
    }
    this.#whole = null;
  }

  /** Offers the state that is there now, or what stands for it. */
  #reach(parentLo: number, event: number, to: Work): void {
    if (this.#symmetry !== null) return this.#reachOrbit(this.#symmetry, parentLo, event, to);
    this.#judgeStep(this.#lo, this.#hi, to);
    if (!to.sink.offer(this.#lo, this.#hi, parentLo, event)) return;
    const length = this.#lengthReached();
    to.next.reserve(length);
    this.#writeReached(to.next.buffer, to.next.at, length);
    this.#judge.judgeState({ depth: to.depth, lo: this.#lo, hi: this.#hi, before: null }, to.tally);
  }

  #reachOrbit({ orbits }: TransitionSymmetry, parentLo: number, event: number, to: Work): void {
    const length = this.#lengthReached();
    if (this.#reached.length < length) this.#reached = new Int32Array(length * 2);
    this.#writeReached(this.#reached, 0, length);
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
    if (this.#lo === before.lo && this.#hi === before.hi) return;
    this.#judge.judgeStep({ depth: to.depth, lo, hi, before }, to.tally);
  }

  /** Puts what a transition changes into its place. */
  #apply({ items: changes }: ChangeLists, begins: number): void {
    const { lo: keyLo, hi: keyHi } = this.#cells.atoms;
    const now = this.#now;
    const undo = this.#undo;
    let lo = this.#row[this.#at + ROW_LO] as number;
    let hi = this.#row[this.#at + ROW_HI] as number;
    const end = begins + 1 + 2 * (changes[begins] as number);
    undo.length = 0;
    for (let index = begins + 1; index < end; index += 2) {
      const cell = changes[index] as number;
      const atom = changes[index + 1] as number;
      const old = now.atoms[cell] as number;
      if (old === atom) continue;
      undo.push(cell);
      undo.push(old);
      lo = (lo + (keyLo.items[atom] as number) - (keyLo.items[old] as number)) | 0;
      hi = (hi + (keyHi.items[atom] as number) - (keyHi.items[old] as number)) | 0;
      now.put(cell, atom);
    }
    this.#lo = lo;
    this.#hi = hi;
  }

  /** Puts back what the transition has changed. */
  #takeBack(): void {
    const { items, length } = this.#undo;
    for (let index = 0; index < length; index += 2) this.#now.put(items[index] as number, items[index + 1] as number);
  }

  /** How long the row of the state is that is there now. Finds what was added, too. */
  #lengthReached(): number {
    const { atoms } = this.#now;
    const { items: undone, length: undoLength } = this.#undo;
    const added = this.#added;
    added.length = 0;
    let length = this.#row[this.#at + ROW_LENGTH] as number;
    for (let index = 0; index < undoLength; index += 2) {
      const atom = atoms[undone[index] as number] as number;
      if (undone[index + 1] !== NONE) length--;
      if (atom === NONE) continue;
      length++;
      insert(added, atom);
    }
    return length;
  }

  /**
   * Writes the row of the state that is there now, once its length was asked for: the atoms of the row before that are still
   * there, and new ones.
   */
  #writeReached(into: Int32Array, begins: number, length: number): void {
    const { atoms } = this.#now;
    const cellOf = this.#cells.cellOf.items;
    const added = this.#added;
    into[begins + ROW_LENGTH] = length;
    into[begins + ROW_LO] = this.#lo;
    into[begins + ROW_HI] = this.#hi;
    const row = this.#row;
    const end = this.#at + (row[this.#at + ROW_LENGTH] as number);
    let write = begins + ROW_HEADER;
    let more = 0;
    for (let index = this.#at + ROW_HEADER; index < end; index++) {
      const atom = row[index] as number;
      if (atoms[cellOf[atom] as number] !== atom) continue;
      while (more < added.length && (added.items[more] as number) < atom) into[write++] = added.items[more++] as number;
      into[write++] = atom;
    }
    while (more < added.length) into[write++] = added.items[more++] as number;
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

/** Inserts into an ascending list. */
function insert(list: IntList, item: number): void {
  list.push(item);
  const { items } = list;
  for (let at = list.length - 1; at > 0 && (items[at - 1] as number) > item; at--) {
    items[at] = items[at - 1] as number;
    items[at - 1] = item;
  }
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
