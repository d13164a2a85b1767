/**
 * The functions of states that a bare transition system consists of: its actions, bounds and properties. Each is called
 * once for all states that agree in what it reads of them.
 */

import { ModelError } from '../../model/contract/errors.ts';
import type { Placement } from './placement.ts';
import { ReadTrees, UNKNOWN } from './read-trees.ts';
import { type Manner, StateDraft } from './state-draft.ts';

/** What is called for the first time is called twice, in so many cases at first; later, in one of so many. */
const FIRST_REPEATED = 64;
const REPEATED_ONE_IN = 64;
/** The same for results that were known: those of the first, and later one in this many, are asked for all the same. */
const FIRST_RECALLED = 64;
const RECALLED_ONE_IN = 1 << 16;

/**
 * A function that was called so often, and recalled no oftener, reads what is different nearly every time: it is then
 * called plainly.
 */
const ENOUGH_CALLS = 1 << 12;

/** A function of a state, or of two. Results are positive numbers. */
export interface StateFunction {
  /** For errors: what it is a function of the model for. */
  readonly name: string;
  /** Of drafts. Anything that it throws means that it cannot be called so; it is then called plainly. */
  ofDrafts(now: StateDraft, before: () => StateDraft): number;
  /** Of the states themselves; what it throws is the model's fault. */
  plainly(): number;
  /** Of the states themselves: whether the result is this one. */
  isPlainly(result: number): boolean;
  readonly manner: Manner;
}

export class StateFunctions {
  readonly calls = { memoised: 0, repeated: 0 };
  readonly #functions: readonly StateFunction[];
  readonly #trees: ReadTrees;
  readonly #now: Placement;
  readonly #before: Placement;
  readonly #paranoid: boolean;
  /** Functions that are not called with drafts: they cannot, or it does not help. */
  readonly #opaque = new Set<number>();
  /** By function: how often it was called with drafts, and how often a result was known. */
  readonly #called: Float64Array;
  readonly #known: Float64Array;
  #recalled = 0;
  /** The revision of the cells with which the trees were made. */
  #revision = 0;

  constructor(functions: readonly StateFunction[], now: Placement, before: Placement, paranoid: boolean) {
    this.#functions = functions;
    this.#trees = new ReadTrees(functions.length);
    this.#now = now;
    this.#before = before;
    this.#paranoid = paranoid;
    this.#called = new Float64Array(functions.length);
    this.#known = new Float64Array(functions.length);
  }

  /** The result of a function in the state that is placed now, and the one before it. */
  result(index: number): number {
    if (this.#now.cells.revision !== this.#revision) this.#forget();
    const known = this.#trees.find(index, this.#now.answers, this.#before.answers);
    if (known === UNKNOWN) return this.#call(index);
    const times = ++this.#recalled;
    this.#known[index] = (this.#known[index] as number) + 1;
    if (this.#paranoid || times <= FIRST_RECALLED || times % RECALLED_ONE_IN === 0) this.#repeat(index, known);
    return known;
  }

  #call(index: number): number {
    const called = this.#functions[index] as StateFunction;
    const times = ++this.calls.memoised;
    if (this.#opaque.has(index)) return called.plainly();
    const drafted = (this.#called[index] as number) + 1;
    this.#called[index] = drafted;
    if (drafted === ENOUGH_CALLS && (this.#known[index] as number) < drafted) this.#opaque.add(index);
    if (this.#trees.isFull(index)) return called.plainly();
    const now = new StateDraft(this.#now, called.manner);
    let before: StateDraft | null = null;
    const giveBefore = (): StateDraft => {
      before ??= new StateDraft(this.#before, called.manner);
      return before;
    };
    let result: number;
    try {
      result = called.ofDrafts(now, giveBefore);
      if (now.isRefused || isRefused(before)) throw new TypeError('a draft was of no use');
    } catch {
      this.#opaque.add(index);
      return called.plainly();
    } finally {
      this.#now.fit();
      this.#before.fit();
    }
    if (this.#now.cells.revision !== this.#revision) this.#forget();
    const readBefore = before === null ? [] : needed((before as StateDraft).reads, this.#before);
    this.#insert(index, [...needed(now.reads, this.#now), ...readBefore.map((cell) => ~cell)], result);
    if (this.#paranoid || times <= FIRST_REPEATED || times % REPEATED_ONE_IN === 0) this.#repeat(index, result);
    return result;
  }

  #insert(index: number, questions: readonly number[], result: number): void {
    const answerTo = (question: number) =>
      question >= 0 ? this.#now.answer(question) : this.#before.answer(~question);
    if (!this.#trees.insert(index, questions, answerTo, result)) this.#fail(index);
  }

  /** What was taken to follow from answers does so no longer. */
  #forget(): void {
    this.#trees.forget();
    this.#revision = this.#now.cells.revision;
  }

  /** Calls a function plainly, though its result is known. */
  #repeat(index: number, result: number): void {
    this.calls.repeated++;
    if (!(this.#functions[index] as StateFunction).isPlainly(result)) this.#fail(index);
  }

  #fail(index: number): never {
    throw new ModelError(
      `${(this.#functions[index] as StateFunction).name} is not a function of the state: called twice it gave different ` +
        'results. It must not use randomness, the clock, or variables outside.',
    );
  }
}

function isRefused(draft: StateDraft | null): boolean {
  return draft?.isRefused ?? false;
}

/**
 * The cells of which it must be known what is in them for all that was read to be known. Where there is something in a cell,
 * there is the container that the cell is in; and if that has only ever been of one kind, it need not be asked for.
 */
function needed(reads: ReadonlySet<number>, placement: Placement): number[] {
  const { cells } = placement;
  const implied = new Set<number>();
  for (const number of reads) {
    const container = cells.byNumber[number]?.parent;
    if (container && placement.answer(number) !== 0 && cells.hasOneContent(container)) implied.add(container.number);
  }
  return [...reads].filter((number) => !implied.has(number));
}
