/** Expands states of bare transition systems. A row holds only where the state itself is kept, for as long as it is needed. */

import { canonical, equal } from '../../model/contract/data.ts';
import { ModelError } from '../../model/contract/errors.ts';
import type { TransitionInstance } from '../../model/contract/system.ts';
import type { TraceEvent } from '../../model/contract/trace.ts';
import { QUIESCENCE } from '../exploration.ts';
import { callModel } from '../semantics/observation.ts';
import { transitionSemantics } from '../semantics/transitions.ts';
import { type Expander, ROW_HEADER, ROW_HI, ROW_LENGTH, ROW_LO, type Work } from './expander.ts';
import { partKey } from './fingerprint.ts';
import type { Tally } from './tally.ts';

/** The first expansions are all done twice; later, one in this many. */
const FIRST_REPEATED = 64;
const REPEATED_ONE_IN = 64;

/** The state that a transition leaves, and its fingerprint. */
interface Source {
  readonly state: unknown;
  readonly lo: number;
  readonly hi: number;
}

export class TransitionExpander implements Expander {
  readonly interning = null;
  readonly isReduced = false;
  readonly handlerCalls = { memoised: 0, repeated: 0 };
  readonly #instance: TransitionInstance;
  readonly #semantics;
  readonly #paranoid: boolean;
  readonly #stateProperties;
  readonly #stepProperties;
  /** The states of the rows that are yet to be expanded, by number. */
  readonly #states = new Map<number, unknown>();
  #numbered = 0;
  /** The states that somebody asked to see. */
  readonly #looks: unknown[] = [];
  #offered: TraceEvent = { type: 'action', action: '', state: null };

  constructor(instance: TransitionInstance, paranoid: boolean) {
    this.#instance = instance;
    this.#semantics = transitionSemantics(instance);
    this.#paranoid = paranoid;
    this.#stateProperties = instance.properties.filter((property) => property.kind !== 'alwaysStep');
    this.#stepProperties = instance.properties.filter((property) => property.kind === 'alwaysStep');
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
    this.handlerCalls.memoised++;
    const calls = this.handlerCalls.memoised;
    if (this.#paranoid || calls <= FIRST_REPEATED || calls % REPEATED_ONE_IN === 0) this.#repeat(state, successors);
    const lo = row[at + ROW_LO] as number;
    const hi = row[at + ROW_HI] as number;
    for (const { event, state: after, beyond } of successors) {
      this.#offered = event;
      this.#offer(after, beyond, { state, lo, hi }, 0, to);
    }
    if (successors.length > 0) return;
    to.tally.quiescent++;
    const verdict = callModel(QUIESCENCE, () => this.#instance.quiescence(state));
    if (verdict !== true) to.tally.note(QUIESCENCE, true, { depth: to.depth - 1, lo, hi, before: null });
  }

  #offer(state: unknown, beyond: string | null, parent: Source | null, event: number, to: Work): void {
    if (beyond !== null) return to.tally.cutBy(beyond, event);
    to.tally.generated++;
    const [lo, hi] = partKey('state', this.#semantics.key(state));
    if (parent !== null) this.#judgeStep(parent, state, lo, hi, to);
    if (!to.sink.offer(lo, hi, parent?.lo ?? 0, event)) return;
    this.#states.set(++this.#numbered, state);
    to.next.reserve(ROW_HEADER + 1);
    const { buffer, at } = to.next;
    buffer[at + ROW_LENGTH] = ROW_HEADER + 1;
    buffer[at + ROW_LO] = lo;
    buffer[at + ROW_HI] = hi;
    buffer[at + ROW_HEADER] = this.#numbered;
    this.#judgeState(state, lo, hi, to.depth, to.tally);
  }

  #judgeState(state: unknown, lo: number, hi: number, depth: number, tally: Tally): void {
    for (const { kind, name, check } of this.#stateProperties) {
      const verdict = callModel(`property '${name}'`, () => check(state));
      if (kind === 'sometimes' ? verdict === true : verdict !== true) {
        tally.note(name, kind === 'always', { depth, lo, hi, before: null });
      }
    }
  }

  #judgeStep(before: Source, after: unknown, lo: number, hi: number, to: Work): void {
    if (this.#stepProperties.length === 0 || (before.lo === lo && before.hi === hi)) return;
    for (const { name, check } of this.#stepProperties) {
      const verdict = callModel(`property '${name}'`, () => check(before.state, after));
      if (verdict !== true) to.tally.note(name, true, { depth: to.depth, lo, hi, before });
    }
  }

  #repeat(state: unknown, successors: readonly { readonly event: TraceEvent }[]): void {
    this.handlerCalls.repeated++;
    const again = this.#semantics.successors(state).map(({ event }) => event);
    const first = successors.map(({ event }) => event);
    if (equal(first, again)) return;
    throw new ModelError(
      `next is not a function of the state: called twice it listed different successors\n  state: ${canonical(state)}`,
    );
  }
}
