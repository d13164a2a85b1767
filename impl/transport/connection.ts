/**
 * A connection: frames over a socket, with limits on all that the other end could otherwise do without end: send large
 * frames, send them slowly, say nothing, or not read.
 */

import type { Socket } from 'node:net';
import { messageOf } from '../../model/contract/errors.ts';
import { encodeFrame, FrameReader, WireError } from '../wire/frames.ts';

export interface ConnectionLimits {
  /** The largest frame, in bytes. */
  readonly frame: number;
  /** The most bytes that wait to be sent; a peer that lets more wait is not keeping up. */
  readonly queued: number;
  /** Something is sent at least this often, in milliseconds. */
  readonly ping: number;
  /** The other end is given up when nothing has come from it for this long, in milliseconds. */
  readonly silence: number;
  /** A frame that has begun must have ended after this long, in milliseconds. */
  readonly slowFrame: number;
}

export const DEFAULT_CONNECTION_LIMITS: ConnectionLimits = {
  frame: 16 * 2 ** 20,
  queued: 64 * 2 ** 20,
  ping: 500,
  silence: 3000,
  slowFrame: 10_000,
};

/** Why a connection is over that the other end has closed. */
export const CLOSED = 'the other end closed it';

/** A frame that only says that its sender is there. */
const PING = 0;

/** What has been sent and received, in frames (pings left out) and bytes. */
export interface Traffic {
  framesSent: number;
  framesReceived: number;
  bytesSent: number;
  bytesReceived: number;
}

export interface ConnectionEvents {
  /** A WireError that this throws closes the connection. */
  frame(value: unknown): void;
  /**
   * Once; after it, no frame.
   *
   * @param reason a clause, such as {@link CLOSED}
   * @param isFault whether what came was not what a peer sends
   */
  closed(reason: string, isFault: boolean): void;
}

export class Connection {
  readonly #reader: FrameReader;
  #closed = false;
  #paused = false;
  #corked = false;
  #hasSent = false;
  #ticksOfSilence = 0;
  #ticksWithinFrame = 0;
  #ticking: NodeJS.Timeout | null = null;

  /**
   * @param firstLimit the largest frame until {@link establish} is called
   */
  constructor(
    private readonly socket: Socket,
    private readonly limits: ConnectionLimits,
    firstLimit: number,
    private readonly traffic: Traffic,
    private readonly events: ConnectionEvents,
  ) {
    this.#reader = new FrameReader(firstLimit);
    socket.setNoDelay(true);
    socket.on('data', (chunk: Buffer) => this.#receive(chunk));
    socket.on('error', (error) => this.close(messageOf(error)));
    socket.on('close', () => this.close(CLOSED));
  }

  /** The handshake is over: frames may be larger, and silence is noticed. */
  establish(): void {
    this.#reader.limit = this.limits.frame;
    if (!this.#closed) this.#ticking = setInterval(() => this.#tick(), this.limits.ping);
  }

  /** @throws WireError for a value that is too large. */
  send(value: unknown): void {
    if (this.#closed) return;
    const frame = encodeFrame(value, this.limits.frame);
    this.traffic.framesSent += 1;
    this.#write(frame);
    if (this.socket.writableLength > this.limits.queued) {
      this.close(`the other end does not keep up: ${this.socket.writableLength} bytes wait for it`);
    }
  }

  /** What has been sent goes out now. */
  flush(): void {
    if (!this.#corked) return;
    this.#corked = false;
    this.socket.uncork();
  }

  pause(): void {
    this.#paused = true;
    this.socket.pause();
  }

  resume(): void {
    this.#paused = false;
    this.#ticksOfSilence = 0;
    this.socket.resume();
  }

  /** Closes at once; what waits to be sent is lost. */
  close(reason: string, isFault = false): void {
    if (this.#end(reason, isFault)) this.socket.destroy();
  }

  /** Closes when what waits has been sent, or after a while. */
  finish(reason: string, isFault = false): void {
    if (!this.#end(reason, isFault)) return;
    this.socket.end();
    setTimeout(() => this.socket.destroy(), this.limits.ping).unref();
  }

  #end(reason: string, isFault: boolean): boolean {
    if (this.#closed) return false;
    this.#closed = true;
    if (this.#ticking !== null) clearInterval(this.#ticking);
    this.events.closed(reason, isFault);
    return true;
  }

  #receive(chunk: Buffer): void {
    if (this.#closed) return;
    this.traffic.bytesReceived += chunk.length;
    this.#ticksOfSilence = 0;
    this.#reader.add(chunk);
    try {
      for (let frame = this.#reader.next(); frame !== undefined && !this.#closed; frame = this.#reader.next()) {
        this.#ticksWithinFrame = 0;
        if (frame.value === PING) continue;
        this.traffic.framesReceived += 1;
        this.events.frame(frame.value);
      }
    } catch (thrown) {
      if (!(thrown instanceof WireError)) throw thrown;
      this.close(thrown.message, true);
    }
  }

  /** What is sent in one turn goes out together, at the latest when the turn is over. */
  #write(frame: Buffer): void {
    this.#hasSent = true;
    this.traffic.bytesSent += frame.length;
    if (!this.#corked) {
      this.#corked = true;
      this.socket.cork();
      process.nextTick(() => this.flush());
    }
    this.socket.write(frame);
  }

  /**
   * Counts ticks and not time: after a pause of the whole process, what has come meanwhile is read before the other end is
   * given up.
   */
  #tick(): void {
    const { ping, silence, slowFrame } = this.limits;
    if (!this.#hasSent) this.#write(encodeFrame(PING, this.limits.frame));
    this.#hasSent = false;
    if (this.#paused) return;
    this.#ticksOfSilence += 1;
    this.#ticksWithinFrame = this.#reader.isWithinFrame ? this.#ticksWithinFrame + 1 : 0;
    if (this.#ticksOfSilence * ping > silence) this.close(`nothing has come for ${silence} ms`);
    else if (this.#ticksWithinFrame * ping > slowFrame) this.close(`a frame has not ended after ${slowFrame} ms`, true);
  }
}
