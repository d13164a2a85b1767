/** The steps of servers, each computed once: a protocol is a pure function. */

import { canonical } from '../../model/contract/data.ts';
import type { Identity, Protocol } from '../../model/contract/protocol.ts';
import { type LocalState, type Outcome, type ProcessEvent, step } from '../../model/contract/step.ts';

export class KnownSteps {
  readonly #protocol: Protocol;
  /** By server, state and event, as text. */
  readonly #steps = new Map<string, Outcome>();
  /** By text, the one object that a state is given as. */
  readonly #locals = new Map<string, LocalState>();
  readonly #texts = new WeakMap<LocalState, string>();

  constructor(protocol: Protocol) {
    this.#protocol = protocol;
  }

  /** A step of a server. States in which steps end are the same object when they are equal. */
  take(identity: Identity, local: LocalState, event: ProcessEvent): Outcome {
    const key = `${identity.self} ${this.#textOf(local)} ${canonical(event)}`;
    const known = this.#steps.get(key);
    if (known !== undefined) return known;
    const taken = step(this.#protocol, identity, local, event);
    const result = { ...taken, local: this.#same(taken.local) };
    this.#steps.set(key, result);
    return result;
  }

  #textOf(local: LocalState): string {
    const known = this.#texts.get(local);
    if (known !== undefined) return known;
    const text = canonical(local);
    this.#texts.set(local, text);
    return text;
  }

  #same(local: LocalState): LocalState {
    const text = this.#textOf(local);
    const known = this.#locals.get(text);
    if (known !== undefined) return known;
    this.#locals.set(text, local);
    return local;
  }
}
