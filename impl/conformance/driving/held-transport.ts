/** A transport that hands nothing on of what arrives until it is told to: the network of a scheduler, over real sockets. */

import { canonical } from '../../../model/contract/data.ts';
import type { ProcessId } from '../../../model/contract/protocol.ts';
import type { Frame, Session, Transport, TransportEvents } from '../../node/ports.ts';
import type { Held } from './orders.ts';

interface Waiting {
  readonly kind: Held['kind'];
  handOn(): void;
}

export class HeldTransport implements Transport {
  readonly #waiting = new Map<ProcessId, Waiting[]>();
  /** To whom has been sent since this was last asked. */
  #sentTo: ProcessId[] = [];

  constructor(
    private readonly wire: Transport,
    private readonly tell: (held: Held) => void,
  ) {}

  open(events: TransportEvents): void {
    this.wire.open({
      linkUp: (peer, session) => this.#hold(peer, 'linkUp', session, null, () => events.linkUp(peer, session)),
      linkDown: (peer, session) => this.#hold(peer, 'linkDown', session, null, () => events.linkDown(peer, session)),
      receive: (peer, session, frame) =>
        this.#hold(peer, 'message', session, frame, () => events.receive(peer, session, frame)),
    });
  }

  send(peer: ProcessId, session: Session, frame: Frame): void {
    this.#sentTo.push(peer);
    this.wire.send(peer, session, frame);
  }

  flush(): void {
    this.wire.flush();
  }

  pause(): void {}

  resume(): void {}

  /** Hands on what is at a place in the queue from a peer. A linkDown takes with it what was held before it. */
  release(peer: ProcessId, at: number): void {
    const queue = this.#queueOf(peer);
    const [released] = queue.splice(at, 1);
    if (released === undefined) throw new Error(`nothing is held from ${peer} at ${at}`);
    if (released.kind === 'linkDown') queue.splice(0, at);
    released.handOn();
  }

  discard(peer: ProcessId, count: number): void {
    this.#queueOf(peer).splice(0, count);
  }

  takeSentTo(): ProcessId[] {
    const sentTo = this.#sentTo;
    this.#sentTo = [];
    return sentTo;
  }

  #hold(peer: ProcessId, kind: Held['kind'], session: Session, frame: Frame | null, handOn: () => void): void {
    this.#queueOf(peer).push({ kind, handOn });
    this.tell({ type: 'held', peer, kind, session, message: frame === null ? null : canonical(frame.message) });
  }

  #queueOf(peer: ProcessId): Waiting[] {
    const queue = this.#waiting.get(peer) ?? [];
    this.#waiting.set(peer, queue);
    return queue;
  }
}
