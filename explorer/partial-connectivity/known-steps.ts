/** The steps of servers, each computed once: a protocol is a pure function. */

import { canonical } from '../../model/contract/data.ts';
import type { Identity, Protocol } from '../../model/contract/protocol.ts';
import { type LocalState, type Outcome, type ProcessEvent, step } from '../../model/contract/step.ts';

export class KnownSteps {
  readonly #protocol: Protocol;
  /** By server, and by the numbers of state and event. */
  readonly #steps = new Map<string, Outcome>();
  /** By its number, the one object that a state is given as. */
  readonly #locals = new Map<number, LocalState>();
  /** Of states and messages: what is equal has the same number, by its text. */
  readonly #numbers = new Map<string, number>();
  /** States and messages come from known steps, and so the same object comes again: its text need not be made twice. */
  readonly #numbered = new WeakMap<object, number>();

  constructor(protocol: Protocol) {
    this.#protocol = protocol;
  }

  /** A step of a server. States in which steps end are the same object when they are equal. */
  take(identity: Identity, local: LocalState, event: ProcessEvent): Outcome {
    const key = `${identity.self} ${this.#numberOf(local)} ${this.#nameOf(event)}`;
    const known = this.#steps.get(key);
    if (known !== undefined) return known;
    const taken = step(this.#protocol, identity, local, event);
    const result = { ...taken, local: this.#same(taken.local) };
    this.#steps.set(key, result);
    return result;
  }

  #nameOf(event: ProcessEvent): string {
    return event.type === 'receive' ? `${event.from} ${this.#numberOf(event.message)}` : canonical(event);
  }

  #numberOf(value: object): number {
    const known = this.#numbered.get(value);
    if (known !== undefined) return known;
    const text = canonical(value);
    const number = this.#numbers.get(text) ?? this.#numbers.size;
    this.#numbers.set(text, number);
    this.#numbered.set(value, number);
    return number;
  }

  #same(local: LocalState): LocalState {
    const number = this.#numberOf(local);
    const known = this.#locals.get(number);
    if (known !== undefined) return known;
    this.#locals.set(number, local);
    return local;
  }
}
