/** Judges states and steps of processes by their tuples of view ids: each distinct tuple is looked at once, or nearly. */

import { canonical } from '../../model/contract/data.ts';
import { renamed } from '../../model/contract/symmetry.ts';
import type { ProcessInstance } from '../../model/contract/system.ts';
import type { Snapshot, Verdict } from '../../spec/property.ts';
import { QUIESCENCE } from '../exploration.ts';
import { callModel, snapshotOf } from '../semantics/observation.ts';
import { Interner } from './interner.ts';
import type { Nameable } from './renamed-ids.ts';
import type { Found, Tally } from './tally.ts';
import { VerdictCache } from './verdict-cache.ts';
import type { VerdictSymmetry, Verdicts } from './verdict-symmetry.ts';

/** Tuples that a cache holds. */
const CACHED = 1 << 15;

/** The view of a process that is down. */
const CRASHED = Symbol('crashed');

/** A view, and of which process it is. */
interface ProcessView {
  readonly process: string;
  readonly view: unknown;
}

/** A tuple is the view id of each process, in order, and the id of the history. */
export class Judge {
  /** Tests that verdicts are the same under every renaming, where there is a symmetry. */
  symmetry: VerdictSymmetry | null = null;
  readonly #instance: ProcessInstance;
  readonly #ids: readonly string[];
  readonly #views = new Interner<ProcessView>();
  readonly #historyOf: (id: number) => unknown;
  readonly #stateProperties;
  readonly #stepProperties;
  readonly #judgedStates: VerdictCache;
  readonly #judgedSteps: VerdictCache;
  readonly #pair: Int32Array;

  constructor(instance: ProcessInstance, historyOf: (id: number) => unknown) {
    this.#instance = instance;
    this.#ids = instance.processes.map(({ id }) => id);
    this.#historyOf = historyOf;
    this.#stateProperties = instance.properties.filter((property) => property.kind !== 'alwaysStep');
    this.#stepProperties = instance.properties.filter((property) => property.kind === 'alwaysStep');
    const width = this.#ids.length + 1;
    this.#judgedStates = new VerdictCache(width, CACHED);
    this.#judgedSteps = new VerdictCache(width * 2, this.judgesSteps ? CACHED : 1);
    this.#pair = new Int32Array(width * 2);
  }

  get judgesSteps(): boolean {
    return this.#stepProperties.length > 0;
  }

  /** The id of a process's view. */
  internView(process: string, view: unknown): number {
    const text = callModel(`view of ${process}`, () => canonical(view));
    return this.#views.intern(process, `view ${text}`, () => ({ process, view }));
  }

  /** The id of what is seen of a process that is down. */
  internCrashed(process: string): number {
    return this.#views.intern(process, 'crashed', () => ({ process, view: CRASHED }));
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

  /** Judges a state, found at this depth, unless its tuple has been seen to violate and witness nothing. */
  judgeState(tuple: Int32Array, depth: number, lo: number, hi: number, tally: Tally): void {
    if (this.#judgedStates.meet(tuple)) return;
    const found = { depth, lo, hi, before: null };
    const seen = this.snapshot(tuple);
    let mayBeImproved = false;
    for (const { kind, name, check } of this.#stateProperties) {
      const verdict = callModel(`property '${name}'`, () => check(seen));
      const noteworthy = kind === 'sometimes' ? verdict === true : verdict !== true;
      if (noteworthy && tally.note(name, kind === 'always', found)) mayBeImproved = true;
    }
    if (mayBeImproved) this.#judgedStates.forget(tuple);
    this.symmetry?.met(tuple, (other) => this.#verdicts(this.#stateProperties, other));
  }

  /** Judges a step from a tuple to a different one. */
  judgeStep(before: Int32Array, after: Int32Array, found: Found, tally: Tally): void {
    this.#pair.set(before, 0);
    this.#pair.set(after, before.length);
    if (this.#judgedSteps.meet(this.#pair)) return;
    const [seenBefore, seenAfter] = [this.snapshot(before), this.snapshot(after)];
    for (const { name, check } of this.#stepProperties) {
      const verdict = callModel(`property '${name}'`, () => check(seenBefore, seenAfter));
      if (verdict !== true && tally.note(name, true, found)) this.#judgedSteps.forget(this.#pair);
    }
    this.symmetry?.met(this.#pair, (other) => this.#verdicts(this.#stepProperties, other));
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

  #snapshots(tuple: Int32Array): Snapshot<unknown, unknown>[] {
    const width = this.#ids.length + 1;
    return tuple.length === width
      ? [this.snapshot(tuple)]
      : [this.snapshot(tuple.subarray(0, width)), this.snapshot(tuple.subarray(width))];
  }

  /** What properties see of the states with this tuple. */
  snapshot(tuple: Int32Array): Snapshot<unknown, unknown> {
    const views = this.#ids.map((id, index) => [id, this.#views.value(tuple[index] as number).view] as const);
    return snapshotOf(
      views.filter(([, view]) => view !== CRASHED),
      views.filter(([, view]) => view === CRASHED).map(([id]) => id),
      this.#historyOf(tuple[this.#ids.length] as number),
    );
  }
}
