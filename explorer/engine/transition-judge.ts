/** Judges states and steps of a bare transition system: bounds and properties, each once for all that it reads alike. */

import type { TransitionInstance } from '../../model/contract/system.ts';
import type { Verdict } from '../../spec/property.ts';
import { QUIESCENCE } from '../exploration.ts';
import { callModel } from '../semantics/observation.ts';
import type { Placement } from './placement.ts';
import { type StateFunction, StateFunctions } from './state-functions.ts';
import type { Found, Tally } from './tally.ts';

/** The states that are placed, as plain data. */
export interface PlainStates {
  now(): unknown;
  before(): unknown;
}

/** A function of states that answers yes or no. */
type Question = (state: unknown, before: unknown) => boolean;

/** Results. */
const NO = 1;
const YES = 2;

export class TransitionJudge {
  readonly judgesSteps: boolean;
  readonly #plain: PlainStates;
  readonly #hasActions: boolean;
  readonly #bounds: readonly string[];
  readonly #stateProperties: readonly { readonly kind: 'always' | 'sometimes'; readonly name: string }[];
  readonly #stepProperties: readonly { readonly name: string }[];
  readonly #functions: StateFunctions;
  readonly #all: readonly StateFunction[];

  constructor(instance: TransitionInstance, now: Placement, before: Placement, paranoid: boolean, plain: PlainStates) {
    const { bounds, properties } = instance;
    this.#plain = plain;
    this.#hasActions = instance.actions !== null;
    this.#bounds = Object.keys(bounds.local ?? {});
    const stateProperties = properties.filter((property) => property.kind !== 'alwaysStep');
    const stepProperties = properties.filter((property) => property.kind === 'alwaysStep');
    this.#stateProperties = stateProperties;
    this.#stepProperties = stepProperties;
    this.judgesSteps = stepProperties.length > 0;
    // In this order they are numbered.
    const functions = [
      this.#function(QUIESCENCE, (state) => instance.quiescence(state) !== true),
      ...Object.entries(bounds.local ?? {}).map(([name, within]) =>
        this.#function(`bound '${name}'`, (state) => !within(state)),
      ),
      ...stateProperties.map(({ kind, name, check }) =>
        this.#function(`property '${name}'`, (state) => isNoteworthy(kind, check(state))),
      ),
      ...stepProperties.map(({ name, check }) =>
        this.#function(`property '${name}'`, (state, before) => check(before, state) !== true, true),
      ),
    ];
    this.#all = functions;
    this.#functions = new StateFunctions(functions, now, before, paranoid);
  }

  get calls() {
    return this.#functions.calls;
  }

  /** The first bound that the state is beyond; null for none. */
  beyond(): string | null {
    for (let index = 0; index < this.#bounds.length; index++)
      if (this.#result(1 + index) === YES) return this.#bounds[index] as string;
    return null;
  }

  judgeState(found: Found, tally: Tally): void {
    const first = 1 + this.#bounds.length;
    for (let index = 0; index < this.#stateProperties.length; index++) {
      if (this.#result(first + index) === NO) continue;
      const property = this.#stateProperties[index];
      if (property !== undefined) tally.note(property.name, property.kind === 'always', found);
    }
  }

  judgeStep(found: Found, tally: Tally): void {
    const first = 1 + this.#bounds.length + this.#stateProperties.length;
    for (let index = 0; index < this.#stepProperties.length; index++) {
      if (this.#result(first + index) === NO) continue;
      const property = this.#stepProperties[index];
      if (property !== undefined) tally.note(property.name, true, found);
    }
  }

  judgeQuiescence(found: Found, tally: Tally): void {
    if (this.mayNotRest()) tally.note(QUIESCENCE, true, found);
  }

  /** Whether it is wrong that nothing can happen in the state. */
  mayNotRest(): boolean {
    return this.#result(0) === YES;
  }

  /** By property of states: whether the state violates it, or is what must be reachable. */
  stateVerdicts(): Map<string, boolean> {
    return this.#verdicts(1 + this.#bounds.length, this.#stateProperties.length);
  }

  /** By property of steps: whether the step violates it. */
  stepVerdicts(): Map<string, boolean> {
    return this.#verdicts(1 + this.#bounds.length + this.#stateProperties.length, this.#stepProperties.length);
  }

  #verdicts(first: number, count: number): Map<string, boolean> {
    const indexes = Array.from({ length: count }, (_, index) => first + index);
    return new Map(indexes.map((index) => [(this.#all[index] as StateFunction).name, this.#result(index) === YES]));
  }

  /** Where the state is at hand as plain data, to look at it is cheaper than to look up what was said of such states. */
  #result(index: number): number {
    if (this.#hasActions) return this.#functions.result(index);
    return (this.#all[index] as StateFunction).plainly();
  }

  #function(name: string, question: Question, ofBoth = false): StateFunction {
    const answerTo = (state: unknown, before: unknown): number => (question(state, before) ? YES : NO);
    const plainly = (): number =>
      callModel(name, () => answerTo(this.#plain.now(), ofBoth ? this.#plain.before() : null));
    return {
      name,
      manner: { isFrozen: true, setsKnowContent: true },
      ofDrafts: (now, before) => answerTo(now.state, ofBoth ? before().state : null),
      plainly,
      isPlainly: (result) => plainly() === result,
    };
  }
}

function isNoteworthy(kind: 'always' | 'sometimes' | 'alwaysStep', verdict: Verdict): boolean {
  return kind === 'sometimes' ? verdict === true : verdict !== true;
}
