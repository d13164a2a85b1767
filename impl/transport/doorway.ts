/**
 * Connections that have not said who they are. There may be a few at a time: beyond that the one that has been silent for
 * longest goes, since a peer that means it says who it is within milliseconds.
 */

import type { Socket } from 'node:net';
import type { Log } from '../log.ts';

export class Doorway {
  /** By the place that they come from, which a TLS socket shares with the one below it; the oldest first. */
  readonly #strangers = new Map<string, Socket>();
  #isCrowded = false;

  constructor(
    private readonly most: number,
    private readonly log: Log,
  ) {}

  enter(socket: Socket): void {
    const key = keyOf(socket);
    const [oldest] = this.#strangers.values();
    if (this.#strangers.size >= this.most && oldest !== undefined) {
      if (!this.#isCrowded)
        this.log.warn({ most: this.most }, 'too many connections without a handshake: closing the oldest');
      this.#isCrowded = true;
      oldest.destroy();
      this.#leave(keyOf(oldest), oldest);
    }
    this.#strangers.set(key, socket);
    socket.once('close', () => this.#leave(key, socket));
  }

  /** It has said who it is. */
  pass(socket: Socket): void {
    const key = keyOf(socket);
    this.#strangers.delete(key);
  }

  clear(): void {
    for (const socket of this.#strangers.values()) socket.destroy();
  }

  #leave(key: string, socket: Socket): void {
    if (this.#strangers.get(key) === socket) this.#strangers.delete(key);
    if (this.#strangers.size * 2 < this.most) this.#isCrowded = false;
  }
}

function keyOf({ remoteAddress, remotePort }: Socket): string {
  return `${remoteAddress} ${remotePort}`;
}
