/** A process driven by hand: events in, effects out. For tests that read like the paper's claims. */

import type { AnyTagged, ProcessId, Protocol } from '../../model/contract/protocol.ts';
import {
  born,
  crashed,
  type Effect,
  type LocalState,
  type ProcessEvent,
  restored,
  step,
} from '../../model/contract/step.ts';

export class Driven<State extends object> {
  #local: LocalState;

  constructor(
    readonly protocol: Protocol<State>,
    readonly self: ProcessId,
    readonly processes: readonly ProcessId[] = [self],
  ) {
    this.#local = born(protocol, this.#identity);
    this.#take({ type: 'start' });
  }

  get state(): State {
    return this.#local.state as State;
  }

  get timers(): readonly string[] {
    return this.#local.timers;
  }

  /** Delivers messages from one process; what the last of them causes is returned. */
  receive(from: ProcessId, ...messages: AnyTagged[]): string[] {
    return messages.map((message) => this.#take({ type: 'receive', from, message })).at(-1) ?? [];
  }

  /** A request of a client that does not matter. */
  ask(request: AnyTagged, client = 'client'): string[] {
    return this.request(client, request);
  }

  /** There is a new session with a peer. */
  linkUp(peer: ProcessId): string[] {
    return this.#take({ type: 'linkUp', peer });
  }

  fire(timer: string): string[] {
    if (!this.timers.includes(timer)) throw new Error(`timer ${timer} is not armed`);
    return this.#take({ type: 'timeout', timer });
  }

  request(client: string, request: AnyTagged): string[] {
    return this.#take({ type: 'request', client, request });
  }

  linkDown(peer: ProcessId): string[] {
    return this.#take({ type: 'linkDown', peer });
  }

  crashAndRecover(): string[] {
    this.#local = restored(this.protocol, this.#identity, crashed(this.protocol, this.#local));
    return this.#take({ type: 'recover' });
  }

  get #identity() {
    const { self, processes } = this;
    return { self, processes, peers: processes.filter((id) => id !== self) };
  }

  /** What leaves the process, as text: `n2 <- Prepare {"ballot":1}` for a message, `! committed` for an indication. */
  #take(event: ProcessEvent): string[] {
    const { local, effects } = step(this.protocol, this.#identity, this.#local, event);
    this.#local = local;
    return effects.flatMap((effect) => this.#describe(effect));
  }

  #describe(effect: Effect): string[] {
    if (effect.type === 'send' && effect.to !== this.self) return [`${effect.to} <- ${text(effect.message)}`];
    if (effect.type === 'respond') return [`${effect.client} <- ${text(effect.response)}`];
    return effect.type === 'indicate' ? [`! ${text(effect.indication)}`] : [];
  }
}

function text({ type, ...fields }: AnyTagged): string {
  return Object.keys(fields).length === 0 ? type : `${type} ${JSON.stringify(fields)}`;
}
