/** Connections that no peer makes. */

import { connect, type Socket } from 'node:net';
import { encodeFrame, FrameReader } from '../../../impl/wire/frames.ts';
import { type Card, hello } from '../../../impl/wire/handshake.ts';

const LIMIT = 2 ** 24;

export class Intruder {
  readonly #reader = new FrameReader(LIMIT);
  readonly received: unknown[] = [];
  isClosed = false;

  private constructor(readonly socket: Socket) {
    socket.on('error', () => {});
    socket.on('close', () => {
      this.isClosed = true;
    });
    socket.on('data', (chunk) => {
      this.#reader.add(chunk);
      for (let frame = this.#reader.next(); frame !== undefined; frame = this.#reader.next()) {
        this.received.push(frame.value);
      }
    });
  }

  static async at(port: number): Promise<Intruder> {
    const socket = connect(port, '127.0.0.1');
    await new Promise((resolve, reject) => {
      socket.once('connect', resolve);
      socket.once('error', reject);
    });
    return new Intruder(socket);
  }

  /** Says who it claims to be. */
  greet(card: Card, to: string): this {
    return this.say(hello(card, to, `${card.node}/1/1`));
  }

  say(value: unknown): this {
    this.socket.write(encodeFrame(value, LIMIT));
    return this;
  }

  bytes(bytes: Buffer): this {
    this.socket.write(bytes);
    return this;
  }
}
