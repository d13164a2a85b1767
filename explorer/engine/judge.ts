/** Judges states and steps of processes: each property once, or nearly, for all that look the same to it. */

import { canonical, fromCanonical } from '../../model/contract/data.ts';
import { renamed } from '../../model/contract/symmetry.ts';
import type { ProcessInstance } from '../../model/contract/system.ts';
import type { Always, AlwaysStep, Snapshot, Sometimes, Verdict } from '../../spec/property.ts';
import { QUIESCENCE } from '../exploration.ts';
import { callModel, snapshotOf } from '../semantics/observation.ts';
import type { Interning, SharedInterner } from './interning.ts';
import { Questions } from './questions.ts';
import type { Nameable } from './renamed-ids.ts';
import type { Found, Tally } from './tally.ts';
import type { VerdictSymmetry, Verdicts } from './verdict-symmetry.ts';
import { Window } from './window.ts';

/** The view of a process that is down. */
const CRASHED = Symbol('crashed');

/** What the text of a view begins with; and the text for a process that is down. */
const VIEW = 'view ';
const DOWN = 'down';

/** A view, and of which process it is. */
interface ProcessView {
  readonly process: string;
  readonly view: unknown;
}

type Seen = Snapshot<unknown, unknown>;
type StateProperty = Always<Seen> | Sometimes<Seen>;

/** A tuple is the view id of each process, in order, and the id of the history. */
export class Judge {
  /** Tests that verdicts are the same under every renaming, where there is a symmetry. */
  symmetry: VerdictSymmetry | null = null;
  readonly #ofStates: Questions<StateProperty>;
  readonly #ofSteps: Questions<AlwaysStep<Seen>>;
  readonly #instance: ProcessInstance;
  readonly #ids: readonly string[];
  readonly #views: SharedInterner<ProcessView>;
  readonly #historyOf: (id: number) => unknown;
  readonly #pair: Int32Array;
  /** What properties see of a state, and of the one before a step. */
  readonly #now: Window;
  readonly #before: Window;

  /** @param historyOf the history with this id */
  constructor(instance: ProcessInstance, interning: Interning, historyOf: (id: number) => unknown) {
    this.#instance = instance;
    this.#ids = instance.processes.map(({ id }) => id);
    this.#historyOf = historyOf;
    this.#views = interning.interner(decodeView);
    const { properties } = instance;
    const width = this.#ids.length + 1;
    const ofStates = properties.filter((property) => property.kind !== 'alwaysStep');
    const ofSteps = properties.filter((property) => property.kind === 'alwaysStep');
    this.#ofStates = new Questions(ofStates, width, false, interning);
    this.#ofSteps = new Questions(ofSteps, width, true, interning);
    this.#pair = new Int32Array(width * 2);
    const historyIn = (tuple: Int32Array) => historyOf(tuple[width - 1] as number);
    this.#now = new Window((tuple) => this.snapshot(tuple), historyIn);
    this.#before = new Window((tuple) => this.snapshot(tuple), historyIn);
  }

  /** The id of a process's view. */
  internView(process: string, view: unknown): number {
    const text = callModel(`view of ${process}`, () => canonical(view));
    return this.#views.intern(process, VIEW + text);
  }

  /** The id of what is seen of a process that is down. */
  internCrashed(process: string): number {
    return this.#views.intern(process, DOWN);
  }

  /** Views under renamings. */
  get views(): Nameable {
    return {
      namesIn: (id) => {
        const { process, view } = this.#views.value(id);
        return view === CRASHED ? process : [process, view];
      },
      rename: (id, renaming) => {
        const { process, view } = this.#views.value(id);
        const name = renaming.get(process) ?? process;
        return view === CRASHED ? this.internCrashed(name) : this.internView(name, renamed(view, renaming));
      },
    };
  }

  /** A view as an error message shows it. */
  viewText(id: number): string {
    const { view } = this.#views.value(id);
    return view === CRASHED ? 'crashed' : canonical(view);
  }

  /**
   * Judges a state.
   *
   * @returns whether states that look the same need not be judged
   */
  judgeState(tuple: Int32Array, found: Found, tally: Tally): boolean {
    let isSettled = true;
    const asked = this.#ofStates.ask(tuple, ({ kind, name, check }, reads) => {
      const verdict = callModel(`property '${name}'`, () => check(this.#now.onto(tuple, reads)));
      const isNoteworthy = kind === 'sometimes' ? verdict === true : verdict !== true;
      const again = isNoteworthy && tally.note(name, kind === 'always', found);
      if (again) isSettled = false;
      return again;
    });
    if (asked.length > 0) this.symmetry?.met(tuple, (other) => this.#verdicts(asked, other));
    return isSettled;
  }

  /**
   * Judges a step from one tuple to another.
   *
   * @returns whether steps that look the same need not be judged
   */
  judgeStep(before: Int32Array, after: Int32Array, found: Found, tally: Tally): boolean {
    const pair = this.#pairOf(before, after);
    let isSettled = true;
    const asked = this.#ofSteps.ask(pair, ({ name, check }, reads) => {
      const seen = [this.#before.onto(before, reads), this.#now.onto(after, reads)] as const;
      const verdict = callModel(`property '${name}'`, () => check(...seen));
      const again = verdict !== true && tally.note(name, true, found);
      if (again) isSettled = false;
      return again;
    });
    if (asked.length > 0) this.symmetry?.met(pair, (other) => this.#verdicts(asked, other));
    return isSettled;
  }

  judgeQuiescence(tuple: Int32Array, found: Found, tally: Tally): void {
    const verdict = callModel(QUIESCENCE, () => this.#instance.quiescence(this.snapshot(tuple)));
    if (verdict !== true) tally.note(QUIESCENCE, true, found);
    const quiescence = { name: QUIESCENCE, check: (seen: never) => this.#instance.quiescence(seen) };
    this.symmetry?.met(tuple, (other) => this.#verdicts([quiescence], other));
  }

  /** What is seen of the state of a tuple, or of both states of a step: a line each. */
  describe(tuple: Int32Array): string {
    return this.#snapshots(tuple).map(canonical).join('\nto ');
  }

  #pairOf(before: Int32Array, after: Int32Array): Int32Array {
    const pair = this.#pair;
    const width = before.length;
    for (let index = 0; index < width; index++) {
      pair[index] = before[index] as number;
      pair[width + index] = after[index] as number;
    }
    return pair;
  }

  /** What each property says of the state of a tuple, or of a step from one to another. */
  #verdicts(
    properties: readonly { readonly name: string; check(...seen: never[]): Verdict }[],
    tuple: Int32Array,
  ): Verdicts {
    const seen = this.#snapshots(tuple) as never[];
    return new Map(
      properties.map(({ name, check }) => [name, callModel(`property '${name}'`, () => check(...seen)) === true]),
    );
  }

  #snapshots(tuple: Int32Array): Seen[] {
    const width = this.#ids.length + 1;
    return tuple.length === width
      ? [this.snapshot(tuple)]
      : [this.snapshot(tuple.subarray(0, width)), this.snapshot(tuple.subarray(width))];
  }

  /** What properties see of the states with this tuple. */
  snapshot(tuple: Int32Array): Seen {
    const views = this.#ids.map((id, index) => [id, this.#views.value(tuple[index] as number).view] as const);
    return snapshotOf(
      views.filter(([, view]) => view !== CRASHED),
      views.filter(([, view]) => view === CRASHED).map(([id]) => id),
      this.#historyOf(tuple[this.#ids.length] as number),
    );
  }
}

function decodeView(process: string, text: string): ProcessView {
  return { process, view: text === DOWN ? CRASHED : fromCanonical(text.slice(VIEW.length)) };
}
