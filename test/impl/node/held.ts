/** A node with everything around it in the test's hands: time, disk, sessions. */

import { Node, type NodeOptions } from '../../../impl/node/node.ts';
import type { Change, Clock, Frame, Recorder, Store, TransportEvents } from '../../../impl/node/ports.ts';
import type { AnyTagged, Protocol } from '../../../model/contract/protocol.ts';
import type { RecordedStep, RecordingHeader } from '../../../model/contract/recording.ts';

/** Turns are taken when the test says so. */
export class HeldClock implements Clock {
  readonly #turns: (() => void)[] = [];
  time = 0;

  now(): number {
    return this.time;
  }

  soon(run: () => void): void {
    this.#turns.push(run);
  }

  after(): never {
    throw new Error('timers are held, not timed');
  }

  /** Until nothing waits for a turn. */
  run(): void {
    for (let turn = this.#turns.shift(); turn !== undefined; turn = this.#turns.shift()) turn();
  }
}

/** A disk that is done when the test says so. */
export class HeldStore implements Store {
  readonly incarnation = 1;
  readonly changes: Change[] = [];
  #done: ((error: Error | null) => void) | null = null;

  constructor(readonly recovered: Store['recovered'] = null) {}

  get isWriting(): boolean {
    return this.#done !== null;
  }

  commit(change: Change, done: (error: Error | null) => void): void {
    if (this.#done !== null) throw new Error('one write at a time');
    this.changes.push(change);
    this.#done = done;
  }

  finish(error: Error | null = null): void {
    const done = this.#done;
    this.#done = null;
    done?.(error);
  }
}

/** Everything that left the node, in order, as words. */
export class Held {
  readonly clock = new HeldClock();
  readonly left: string[] = [];
  readonly recorded: (RecordingHeader | RecordedStep | { persisted: number })[] = [];
  readonly failures: string[] = [];
  readonly frames: Frame[] = [];
  readonly node: Node;
  /** The timers that wait, with how to let them fire. */
  readonly waiting = new Map<string, () => void>();
  #events: TransportEvents | null = null;

  constructor(
    protocol: Protocol,
    readonly store: HeldStore = new HeldStore(),
    limits: NodeOptions['limits'] = {},
  ) {
    const recorder: Recorder = {
      begin: (header) => void this.recorded.push(header),
      step: (step) => void this.recorded.push(step),
      write: (persisted) => {
        if (persisted === null) return;
        this.recorded.push({ persisted });
        this.left.push(`mark ${persisted}`);
      },
    };
    this.node = new Node({
      protocol,
      identity: { self: 'n1', processes: ['n1', 'n2', 'n3'], peers: ['n2', 'n3'] },
      store,
      clock: this.clock,
      recorder,
      origin: { cluster: 'test', system: 'test', parameters: {}, mutant: null },
      transport: {
        open: (events) => {
          this.#events = events;
        },
        send: (peer, session, frame) => {
          this.frames.push(frame);
          this.left.push(`${frame.message.type} to ${peer} over ${session}`);
        },
        flush: () => {},
        pause: (peer) => void this.left.push(`pause ${peer}`),
        resume: (peer) => void this.left.push(`resume ${peer}`),
      },
      timers: {
        set: (timer, fire) => void this.waiting.set(timer, fire),
        clear: (timer) => void this.waiting.delete(timer),
      },
      user: {
        respond: (client, response) => void this.left.push(`${response.type} for ${client}${this.#amid}`),
        indicate: (indication) => void this.left.push(`${indication.type}${this.#amid}`),
      },
      onFailure: (error) => void this.failures.push(error.message),
      limits,
    });
  }

  /** Said of what the user is told while a write is under way. */
  get #amid(): string {
    return this.store.isWriting ? ' amid a write' : '';
  }

  get events(): TransportEvents {
    if (this.#events === null) throw new Error('the transport is not open');
    return this.#events;
  }

  /** Started, its first write done. */
  started(): this {
    this.node.start();
    this.store.finish();
    this.clock.run();
    this.left.length = 0;
    return this;
  }

  receive(peer: string, session: string, ...messages: AnyTagged[]): void {
    for (const message of messages) {
      this.events.receive(peer, session, { message, cause: { from: peer, incarnation: 1, step: 1, index: 0 } });
    }
    this.clock.run();
  }
}
