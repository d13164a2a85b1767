/**
 * Expands states of bare transition systems. Behind its header a row has the atoms of the state (see cells.ts), in ascending
 * order.
 */

import { type NamedAction, takeAction } from '../../model/contract/action.ts';
import { mutableCopy } from '../../model/contract/content-set.ts';
import { canonical, equal } from '../../model/contract/data.ts';
import { ModelError } from '../../model/contract/errors.ts';
import type { TransitionInstance } from '../../model/contract/system.ts';
import type { TraceEvent } from '../../model/contract/trace.ts';
import { transitionSemantics } from '../semantics/transitions.ts';
import { Cells, NONE } from './cells.ts';
import { type Expander, ROW_HEADER, ROW_HI, ROW_LENGTH, ROW_LO, type Work } from './expander.ts';
import { IntList } from './growable.ts';
import { Interning } from './interning.ts';
import { Placement } from './placement.ts';
import { differences, plainState } from './plain-state.ts';
import { type Changes, write } from './state-draft.ts';
import { type StateFunction, StateFunctions } from './state-functions.ts';
import { TransitionJudge } from './transition-judge.ts';

/**
 * Results of actions: disabled; not memoised, and what it changes is in the scratch list; or where in the pool begins what
 * it changes.
 */
const DISABLED = 1;
const TRANSIENT = 2;

/** The first expansions by `next` are all done twice; later, one in this many. */
const FIRST_REPEATED = 64;
const REPEATED_ONE_IN = 64;

export class TransitionExpander implements Expander {
  readonly interning = new Interning();
  readonly isReduced = false;
  readonly #instance: TransitionInstance;
  readonly #semantics;
  readonly #paranoid: boolean;
  readonly #cells = new Cells(this.interning);
  /** The state that is being expanded, and in between a successor of it; and while that is there, what it was before. */
  readonly #now = new Placement(this.#cells);
  readonly #before = new Placement(this.#cells);
  readonly #actions: StateFunctions;
  readonly #judge: TransitionJudge;
  /** What actions change: how many cells, and for each its number and its new atom. */
  readonly #pool = new IntList(1 << 12);
  /** The same of one transition that is not memoised. */
  readonly #scratch = new IntList();
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
  #given: { readonly before: unknown; readonly after: unknown } | null = null;
  readonly #expansions = { memoised: 0, repeated: 0 };
  /** The rows that somebody asked to see. */
  readonly #looks: Int32Array[] = [];

  constructor(instance: TransitionInstance, paranoid: boolean) {
    this.#instance = instance;
    this.#semantics = transitionSemantics(instance);
    this.#paranoid = paranoid;
    // No place in the pool is one of the other results, or 0.
    for (let word = 0; word <= TRANSIENT; word++) this.#pool.push(0);
    const actions = (instance.actions ?? []).map((action) => this.#actionFunction(action));
    this.#actions = new StateFunctions(actions, this.#now, this.#before, paranoid);
    this.#judge = new TransitionJudge(instance, this.#now, this.#before, paranoid, {
      now: () => this.#given?.after ?? this.#plain(this.#now),
      before: () => this.#given?.before ?? this.#plain(this.#before),
    });
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
    const row = this.#looks[look] as Int32Array;
    const placement = new Placement(this.#cells);
    placement.load(row, 0);
    return this.#plain(placement);
  }

  describe(): TraceEvent {
    return { type: 'action', action: this.#action, state: this.#plain(this.#now) };
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
      this.#scribble(this.#changesTo(state, (changes) => write(this.#cells, this.#cells.root, state, changes)));
      to.tally.generated++;
      this.#apply(this.#scratch.items, 0);
      this.#offer(0, index, to);
      this.#takeBack();
    }
  }

  expand(row: Int32Array, at: number, to: Work): void {
    this.#row = row;
    this.#at = at;
    this.#moves = 0;
    this.#now.load(row, at);
    if (this.#judge.judgesSteps) this.#before.load(row, at);
    if (this.#instance.actions === null) this.#expandNext(to);
    else this.#expandActions(this.#instance.actions, to);
    if (this.#moves === 0) {
      to.tally.quiescent++;
      const found = { depth: to.depth - 1, lo: row[at + ROW_LO] as number, hi: row[at + ROW_HI] as number };
      this.#judge.judgeQuiescence({ ...found, before: null }, to.tally);
    }
    this.#now.clear(row, at);
    if (this.#judge.judgesSteps) this.#before.clear(row, at);
  }

  #expandActions(actions: readonly { readonly name: string }[], to: Work): void {
    for (let index = 0; index < actions.length; index++) {
      const result = this.#actions.result(index);
      if (result === DISABLED) continue;
      this.#action = (actions[index] as { readonly name: string }).name;
      this.#take(result, index, null, to);
    }
  }

  /** All at once: there is nothing to be memoised, since a state is expanded once. */
  #expandNext(to: Work): void {
    const state = this.#plain(this.#now);
    const successors = this.#semantics.successors(state);
    const calls = ++this.#expansions.memoised;
    if (this.#paranoid || calls <= FIRST_REPEATED || calls % REPEATED_ONE_IN === 0) this.#repeat(state, successors);
    for (const { event, state: after, beyond } of successors) {
      this.#action = event.type === 'action' ? event.action : '';
      this.#scribble(this.#differences(state, after));
      this.#given = { before: state, after };
      this.#take(TRANSIENT, 0, beyond, to);
    }
    this.#given = null;
  }

  /** A transition to the state that differs as `result` says. */
  #take(result: number, event: number, beyondByNext: string | null, to: Work): void {
    this.#moves++;
    if (result === TRANSIENT) this.#apply(this.#scratch.items, 0);
    else this.#apply(this.#pool.items, result);
    const beyond = this.#instance.actions === null ? beyondByNext : this.#judge.beyond();
    if (beyond === null) {
      to.tally.generated++;
      const before = { lo: this.#row[this.#at + ROW_LO] as number, hi: this.#row[this.#at + ROW_HI] as number };
      if (this.#judge.judgesSteps && (this.#lo !== before.lo || this.#hi !== before.hi))
        this.#judge.judgeStep({ depth: to.depth, lo: this.#lo, hi: this.#hi, before }, to.tally);
      this.#offer(before.lo, event, to);
    } else {
      to.tally.cutBy(beyond, event);
    }
    this.#takeBack();
  }

  #offer(parentLo: number, event: number, to: Work): void {
    if (!to.sink.offer(this.#lo, this.#hi, parentLo, event)) return;
    this.#writeRow(to);
    this.#judge.judgeState({ depth: to.depth, lo: this.#lo, hi: this.#hi, before: null }, to.tally);
  }

  /** Puts what a transition changes into its place. */
  #apply(changes: Int32Array, begins: number): void {
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

  /** Writes the row of the state that is there now: the atoms of the row before that are still there, and new ones. */
  #writeRow({ next }: Work): void {
    const { atoms } = this.#now;
    const cellOf = this.#cells.cellOf.items;
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
    next.reserve(length);
    const { buffer: into, at: begins } = next;
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

  #actionFunction(named: NamedAction): StateFunction {
    const taken = (): Changes | null => {
      const before = this.#plain(this.#now);
      const after = mutableCopy(before);
      return takeAction(named, after as never) ? this.#differences(before, after) : null;
    };
    return {
      name: `action ${named.name}`,
      manner: { isFrozen: false, setsKnowContent: true },
      ofDrafts: (draft) => {
        if (!takeAction(named, draft.state as never)) return DISABLED;
        const changes = draft.changes();
        const begins = this.#pool.length;
        pushChanges(this.#pool, changes);
        return begins;
      },
      plainly: () => {
        const changes = taken();
        if (changes === null) return DISABLED;
        this.#scribble(changes);
        return TRANSIENT;
      },
      isPlainly: (result) => {
        const changes = taken();
        if (changes === null || result === DISABLED) return changes === null && result === DISABLED;
        const memoised = changesFrom(this.#pool, result);
        return equal(this.#real(memoised), this.#real(changes));
      },
    };
  }

  /** What of changes is different from what is there now. */
  #real(changes: Changes): Changes {
    return new Map([...changes].filter(([cell, atom]) => (this.#now.atoms[cell] ?? NONE) !== atom));
  }

  #differences(before: unknown, after: unknown): Changes {
    return this.#changesTo(after, (changes) => differences(this.#cells, this.#cells.root, before, after, changes));
  }

  /** What `note` notes of a state that the model gave. @throws ModelError when that is not plain data. */
  #changesTo(state: unknown, note: (changes: Changes) => void): Changes {
    const changes: Changes = new Map();
    try {
      note(changes);
    } catch (thrown) {
      // Says what is wrong with it, and where.
      if (!(thrown instanceof ModelError)) this.#semantics.key(state);
      throw thrown;
    }
    this.#now.fit();
    this.#before.fit();
    return changes;
  }

  #scribble(changes: Changes): void {
    this.#scratch.length = 0;
    pushChanges(this.#scratch, changes);
  }

  /** The state that is spread out. */
  #plain(placement: Placement): unknown {
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

function pushChanges(list: IntList, changes: Changes): void {
  list.push(changes.size);
  for (const [cell, atom] of changes) {
    list.push(cell);
    list.push(atom);
  }
}

function changesFrom(list: IntList, begins: number): Changes {
  const changes: Changes = new Map();
  for (let index = 0; index < list.at(begins); index++)
    changes.set(list.at(begins + 1 + 2 * index), list.at(begins + 2 + 2 * index));
  return changes;
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
