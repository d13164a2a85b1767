/**
 * Expands states of bare transition systems up to symmetry: of each orbit one state is kept and expanded. A row holds only
 * where the state itself is kept, for as long as it is needed.
 *
 * Whether `next` and the properties treat the interchangeable names alike is tested on the states that are expanded, under
 * the exchanges of neighbouring names: on the first of them, and then on one in some.
 */

import { canonical, equal, inCanonicalOrder } from '../../model/contract/data.ts';
import { ModelError } from '../../model/contract/errors.ts';
import { renamed } from '../../model/contract/symmetry.ts';
import type { TransitionInstance } from '../../model/contract/system.ts';
import type { TraceEvent } from '../../model/contract/trace.ts';
import type { Property } from '../../spec/property.ts';
import { QUIESCENCE } from '../exploration.ts';
import { callModel } from '../semantics/observation.ts';
import type { Successor } from '../semantics/semantics.ts';
import type { SymmetryGroup } from '../semantics/symmetry-group.ts';
import { transitionSemantics } from '../semantics/transitions.ts';
import { asymmetry, line } from './equivariance.ts';
import { type Expander, ROW_HEADER, ROW_HI, ROW_LENGTH, ROW_LO, type Work } from './expander.ts';
import { partKey } from './fingerprint.ts';
import { type Arrangement, arrangementOf } from './renamed-ids.ts';
import { StateOrbits } from './state-orbits.ts';

/** The first expansions are all repeated and tested; later, one in this many. */
const FIRST_TESTED = 256;
const TESTED_ONE_IN = 64;

/** The state that a transition leaves, its text, and the fingerprint of what stands for it. */
interface Source {
  readonly state: unknown;
  readonly text: string;
  readonly lo: number;
  readonly hi: number;
}

export class SymmetricTransitionExpander implements Expander {
  readonly interning = null;
  readonly isReduced = true;
  readonly handlerCalls = { memoised: 0, repeated: 0 };
  readonly #instance: TransitionInstance;
  readonly #semantics;
  readonly #paranoid: boolean;
  readonly #group: SymmetryGroup;
  readonly #orbits: StateOrbits;
  readonly #generators: readonly Arrangement[];
  /** The states of the rows that are yet to be expanded, by number. */
  readonly #states = new Map<number, unknown>();
  #numbered = 0;
  readonly #looks: unknown[] = [];
  #offered: TraceEvent = { type: 'action', action: '', state: null };

  constructor(instance: TransitionInstance, paranoid: boolean, group: SymmetryGroup) {
    this.#instance = instance;
    this.#semantics = transitionSemantics(instance);
    this.#paranoid = paranoid;
    this.#group = group;
    this.#orbits = new StateOrbits(group);
    this.#generators = group.generators().map((permutation) => arrangementOf(group, permutation));
  }

  look(row: Int32Array, at: number): number {
    this.#looks.push(this.#states.get(row[at + ROW_HEADER] as number));
    return this.#looks.length - 1;
  }

  seen(look: number): unknown {
    return this.#looks[look];
  }

  describe(): TraceEvent {
    return this.#offered;
  }

  /** Expansions are repeated as they are done. */
  verifyPurity(): void {}

  start(to: Work): void {
    for (const [index, { state, beyond }] of this.#semantics.initial().entries())
      this.#offer(state, beyond, null, index, to);
  }

  expand(row: Int32Array, at: number, to: Work): void {
    const number = row[at + ROW_HEADER] as number;
    const state = this.#states.get(number);
    this.#states.delete(number);
    const successors = this.#semantics.successors(state);
    const calls = ++this.handlerCalls.memoised;
    if (this.#paranoid || calls <= FIRST_TESTED || calls % TESTED_ONE_IN === 0) this.#test(state, successors);
    const [lo, hi] = [row[at + ROW_LO] as number, row[at + ROW_HI] as number];
    const source = { state, text: this.#semantics.key(state), lo, hi };
    for (const { event, state: after, beyond } of successors) {
      this.#offered = event;
      this.#offer(after, beyond, source, 0, to);
    }
    if (successors.length > 0) return;
    to.tally.quiescent++;
    if (!this.#mayRest(state)) to.tally.note(QUIESCENCE, true, { depth: to.depth - 1, lo, hi, before: null });
  }

  #offer(state: unknown, beyond: string | null, parent: Source | null, event: number, to: Work): void {
    if (beyond !== null) return to.tally.cutBy(beyond, event);
    to.tally.generated++;
    const text = this.#semantics.key(state);
    const chosen = this.#orbits;
    chosen.choose(state, text);
    const [lo, hi] = partKey('state', chosen.text);
    if (parent !== null && parent.text !== text) this.#judgeStep(parent, state, lo, hi, to);
    if (!to.sink.offer(lo, hi, parent?.lo ?? 0, event)) return;
    to.tally.represented += chosen.size;
    const kept = to.asReached === true ? state : chosen.state;
    this.#states.set(++this.#numbered, kept);
    to.next.reserve(ROW_HEADER + 1);
    const { buffer, at } = to.next;
    buffer[at + ROW_LENGTH] = ROW_HEADER + 1;
    buffer[at + ROW_LO] = lo;
    buffer[at + ROW_HI] = hi;
    buffer[at + ROW_HEADER] = this.#numbered;
    for (const property of this.#instance.properties) {
      if (property.kind === 'alwaysStep' || !isNoteworthy(property, kept)) continue;
      to.tally.note(property.name, property.kind === 'always', { depth: to.depth, lo, hi, before: null });
    }
  }

  #judgeStep(before: Source, after: unknown, lo: number, hi: number, to: Work): void {
    for (const property of this.#instance.properties) {
      if (property.kind !== 'alwaysStep' || stepHolds(property, before.state, after)) continue;
      to.tally.note(property.name, true, { depth: to.depth, lo, hi, before });
    }
  }

  #mayRest(state: unknown): boolean {
    return callModel(QUIESCENCE, () => this.#instance.quiescence(state)) === true;
  }

  /** Tests that `next` is a function, and that it and the properties are the same with names exchanged. */
  #test(state: unknown, successors: readonly Successor<unknown>[]): void {
    this.handlerCalls.repeated++;
    const again = this.#semantics.successors(state).map(({ event }) => event);
    if (
      !equal(
        again,
        successors.map(({ event }) => event),
      )
    ) {
      throw new ModelError(
        `next is not a function of the state: called twice it listed different successors\n  state: ${canonical(state)}`,
      );
    }
    for (const by of this.#generators) this.#testUnder(by, state, successors);
  }

  #testUnder(by: Arrangement, state: unknown, successors: readonly Successor<unknown>[]): void {
    const renaming = this.#group.renamingOf(by.permutation);
    const image = renamed(state, renaming);
    const imageSuccessors = this.#semantics.successors(image);
    const renamedSuccessors = successors.map((each) => ({ ...each, state: renamed(each.state, renaming) }));
    if (!equal(whereto(renamedSuccessors), whereto(imageSuccessors))) {
      const text = (from: unknown, to: readonly Successor<unknown>[]) =>
        [line('state', from), ...whereto(to).map((successor) => line('next', successor))].join('\n');
      throw asymmetry(this.#group, by, 'next', text(state, successors), text(image, imageSuccessors));
    }
    if (successors.length === 0 && this.#mayRest(state) !== this.#mayRest(image))
      throw asymmetry(this.#group, by, QUIESCENCE, line('state', state), line('state', image));
    for (const property of this.#instance.properties) {
      const steps = successors.map(({ state: after }, index) => [after, renamedSuccessors[index]?.state] as const);
      const differing =
        property.kind === 'alwaysStep'
          ? steps.find(([one, other]) => stepHolds(property, state, one) !== stepHolds(property, image, other))
          : isNoteworthy(property, state) === isNoteworthy(property, image)
            ? undefined
            : [state, image];
      if (differing === undefined) continue;
      const [one, other] = differing;
      throw asymmetry(this.#group, by, `property '${property.name}'`, line('state', one), line('state', other));
    }
  }
}

/** The states that can be next, and the bounds that they are beyond. */
function whereto(successors: readonly Successor<unknown>[]): unknown[] {
  return inCanonicalOrder(successors.map(({ state, beyond }) => (beyond === null ? state : [beyond, state])));
}

/** Whether a state violates a property, or witnesses it. */
function isNoteworthy(
  { kind, name, check }: Exclude<Property<unknown>, { kind: 'alwaysStep' }>,
  state: unknown,
): boolean {
  const verdict = callModel(`property '${name}'`, () => check(state));
  return kind === 'sometimes' ? verdict === true : verdict !== true;
}

function stepHolds(
  { name, check }: Extract<Property<unknown>, { kind: 'alwaysStep' }>,
  before: unknown,
  after: unknown,
): boolean {
  return callModel(`property '${name}'`, () => check(before, after)) === true;
}
