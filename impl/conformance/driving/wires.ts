/** Wires between driven nodes that can be cut: each dialer reaches each listener through a relay of its own. */

import { connect, createServer, type Server, type Socket } from 'node:net';
import type { ProcessId } from '../../../model/contract/protocol.ts';

const HOST = '127.0.0.1';

/** Relays from one node to another. */
interface Wire {
  readonly server: Server;
  readonly port: number;
  readonly sockets: Set<Socket>;
}

export class Wires {
  readonly #wires = new Map<string, Wire>();
  /** Where each node listens now. */
  readonly #targets = new Map<ProcessId, number>();

  static async between(ids: readonly ProcessId[]): Promise<Wires> {
    const wires = new Wires();
    for (const [index, dialer] of ids.entries()) {
      for (const listener of ids.slice(index + 1)) {
        wires.#wires.set(`${dialer} ${listener}`, await relay(() => wires.#targets.get(listener)));
      }
    }
    return wires;
  }

  /** The ports under which a node reaches the others: only those that it dials, which come after it. */
  portsOf(dialer: ProcessId, ids: readonly ProcessId[]): Record<ProcessId, number> {
    // A node that is not dialled needs an address all the same; nobody listens on port 1.
    return Object.fromEntries(ids.map((id) => [id, this.#wires.get(`${dialer} ${id}`)?.port ?? 1]));
  }

  listensAt(node: ProcessId, port: number): void {
    this.#targets.set(node, port);
  }

  cut(a: ProcessId, b: ProcessId): void {
    const wire = this.#wires.get(`${a} ${b}`) ?? this.#wires.get(`${b} ${a}`);
    for (const socket of wire?.sockets ?? []) socket.destroy();
  }

  close(): void {
    for (const { server, sockets } of this.#wires.values()) {
      server.close();
      for (const socket of sockets) socket.destroy();
    }
  }
}

function relay(target: () => number | undefined): Promise<Wire> {
  const sockets = new Set<Socket>();
  const server = createServer((near) => {
    const port = target();
    if (port === undefined) {
      near.destroy();
      return;
    }
    const far = connect({ host: HOST, port, noDelay: true });
    near.setNoDelay(true);
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(from);
      from.on('error', () => from.destroy());
      from.on('close', () => {
        sockets.delete(from);
        to.destroy();
      });
      from.pipe(to);
    }
  });
  return new Promise((resolve) => {
    server.listen(0, HOST, () => {
      const address = server.address();
      resolve({ server, port: typeof address === 'object' && address !== null ? address.port : 0, sockets });
    });
  });
}
