/**
 * A proxy on the way between nodes: connections through it can be slowed down, held in one direction or both, and cut.
 * It has a port for each ordered pair of nodes, so that it knows whose connection it carries.
 */

import { connect, createServer, type Server, type Socket } from 'node:net';
import type { ProcessId } from '../../model/contract/protocol.ts';

export interface ProxiedNode {
  readonly id: ProcessId;
  readonly port: number;
}

/** A direction of a connection. Its bytes leave in order, and not while it is held. */
interface Direction {
  readonly link: string;
  readonly to: Socket;
  readonly waiting: { readonly due: number; readonly bytes: Buffer }[];
  timer: NodeJS.Timeout | null;
}

interface Carried {
  readonly pair: readonly [ProcessId, ProcessId];
  readonly sockets: readonly [Socket, Socket];
  readonly directions: readonly [Direction, Direction];
}

const HOST = '127.0.0.1';

export class FaultProxy {
  readonly #servers: Server[] = [];
  readonly #carried = new Set<Carried>();
  readonly #blocked = new Set<string>();
  /** Milliseconds that bytes are kept. */
  #delay = 0;
  /** The port at which one node finds another, by `linkOf`. */
  readonly #ports = new Map<string, number>();

  static async between(nodes: readonly ProxiedNode[]): Promise<FaultProxy> {
    const proxy = new FaultProxy();
    for (const from of nodes) {
      for (const to of nodes) if (from.id !== to.id) await proxy.#listen(from.id, to);
    }
    return proxy;
  }

  /** Where `from` is to look for `to`: HOST:PORT. */
  address(from: ProcessId, to: ProcessId): string {
    return `${HOST}:${this.#ports.get(linkOf(from, to))}`;
  }

  block(from: ProcessId, to: ProcessId): void {
    this.#blocked.add(linkOf(from, to));
  }

  unblock(from: ProcessId, to: ProcessId): void {
    this.#blocked.delete(linkOf(from, to));
    for (const { directions } of this.#carried) for (const direction of directions) this.#flush(direction);
  }

  /** Breaks the connections between two nodes; they may make new ones. */
  cut(a: ProcessId, b: ProcessId): void {
    for (const { pair, sockets } of this.#carried) {
      if (pair.includes(a) && pair.includes(b)) for (const socket of sockets) socket.destroy();
    }
  }

  slow(ms: number): void {
    this.#delay = ms;
  }

  close(): void {
    for (const server of this.#servers) server.close();
    for (const { sockets } of this.#carried) for (const socket of sockets) socket.destroy();
  }

  async #listen(from: ProcessId, to: ProxiedNode): Promise<void> {
    const server = createServer({ noDelay: true }, (socket) => this.#carry(from, to, socket));
    this.#servers.push(server);
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(0, HOST, resolve);
    });
    const address = server.address();
    if (typeof address === 'object' && address !== null) this.#ports.set(linkOf(from, to.id), address.port);
  }

  #carry(from: ProcessId, to: ProxiedNode, near: Socket): void {
    const far = connect({ host: HOST, port: to.port, noDelay: true });
    const carried: Carried = {
      pair: [from, to.id],
      sockets: [near, far],
      directions: [
        { link: linkOf(from, to.id), to: far, waiting: [], timer: null },
        { link: linkOf(to.id, from), to: near, waiting: [], timer: null },
      ],
    };
    this.#carried.add(carried);
    const end = (): void => {
      this.#carried.delete(carried);
      for (const { timer } of carried.directions) if (timer !== null) clearTimeout(timer);
      near.destroy();
      far.destroy();
    };
    for (const [index, socket] of carried.sockets.entries()) {
      const direction = carried.directions[index];
      socket.on('data', (bytes: Buffer) => {
        direction?.waiting.push({ due: performance.now() + this.#delay, bytes });
        if (direction !== undefined) this.#flush(direction);
      });
      socket.on('error', end);
      socket.on('close', end);
    }
  }

  #flush(direction: Direction): void {
    if (direction.timer !== null || this.#blocked.has(direction.link)) return;
    for (let next = direction.waiting[0]; next !== undefined; next = direction.waiting[0]) {
      const left = next.due - performance.now();
      if (left > 0) {
        direction.timer = setTimeout(() => {
          direction.timer = null;
          this.#flush(direction);
        }, left);
        return;
      }
      direction.waiting.shift();
      direction.to.write(next.bytes);
    }
  }
}

function linkOf(from: ProcessId, to: ProcessId): string {
  return `${from} ${to}`;
}
