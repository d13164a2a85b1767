/** The events that wait for a node, in the order in which they came. Peers that fill it are made to wait. */

import type { ProcessId } from '../../model/contract/protocol.ts';
import type { Cause } from '../../model/contract/recording.ts';
import type { ProcessEvent } from '../../model/contract/step.ts';
import type { Session, Transport } from './ports.ts';

/** An event, and what a recording says of where it came from. */
export interface Letter {
  readonly event: ProcessEvent;
  readonly cause: Cause | null;
  readonly session: Session | null;
  /** Of a timeout: which wait of the timer it ends. */
  readonly wait?: number;
}

export interface InboxLimits {
  /** The most events from one peer that wait before the node stops reading from it; it reads on at half of that. */
  readonly waitingPerPeer: number;
  /** The most requests that wait. */
  readonly waitingRequests: number;
}

export class Inbox {
  #letters: Letter[] = [];
  /** Letters before this one have been taken. */
  #next = 0;
  #requests = 0;
  readonly #fromPeer = new Map<ProcessId, number>();
  readonly #paused = new Set<ProcessId>();

  constructor(
    readonly peers: Pick<Transport, 'pause' | 'resume'>,
    readonly limits: InboxLimits,
  ) {}

  get size(): number {
    return this.#letters.length - this.#next;
  }

  /** Whether as many requests wait as may. */
  get isFull(): boolean {
    return this.#requests >= this.limits.waitingRequests;
  }

  put(letter: Letter): void {
    this.#letters.push(letter);
    const { event } = letter;
    if (event.type === 'request') this.#requests += 1;
    if (event.type !== 'receive') return;
    const waiting = this.#count(event.from, 1);
    if (waiting >= this.limits.waitingPerPeer && !this.#paused.has(event.from)) {
      this.#paused.add(event.from);
      this.peers.pause(event.from);
    }
  }

  take(): Letter | undefined {
    const letter = this.#letters[this.#next];
    if (letter === undefined) return undefined;
    this.#next += 1;
    // The array is cut when most of it has been taken, so that taking is cheap on average.
    if (this.#next * 2 > this.#letters.length) {
      this.#letters = this.#letters.slice(this.#next);
      this.#next = 0;
    }
    const { event } = letter;
    if (event.type === 'request') this.#requests -= 1;
    if (event.type === 'receive') {
      const waiting = this.#count(event.from, -1);
      if (waiting * 2 <= this.limits.waitingPerPeer && this.#paused.delete(event.from)) this.peers.resume(event.from);
    }
    return letter;
  }

  #count(peer: ProcessId, change: number): number {
    const waiting = (this.#fromPeer.get(peer) ?? 0) + change;
    this.#fromPeer.set(peer, waiting);
    return waiting;
  }
}
