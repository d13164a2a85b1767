/**
 * Clients of a node, each with one request under way: as little as there can be between the figures and the node.
 */

import { connect, type Socket } from 'node:net';

/** What many requests took. */
export interface Load {
  readonly requests: number;
  readonly seconds: number;
  /** Milliseconds of each request, in rising order. */
  readonly latencies: readonly number[];
}

/**
 * Clients that each put a value, wait for the answer, and put the next one, until time is up.
 *
 * @throws Error when a request is not answered with 200.
 */
export async function load(port: number, clients: number, milliseconds: number, name: string): Promise<Load> {
  const latencies: number[] = [];
  const begun = performance.now();
  const end = begun + milliseconds;
  const putting = Array.from({ length: clients }, (_, index) => putUntil(port, `${name}-${index}`, end, latencies));
  const failed = (await Promise.allSettled(putting)).find((ended) => ended.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
  return {
    requests: latencies.length,
    seconds: (performance.now() - begun) / 1000,
    latencies: latencies.sort((a, b) => a - b),
  };
}

async function putUntil(port: number, client: string, end: number, latencies: number[]): Promise<void> {
  const socket = connect(port, '127.0.0.1').setNoDelay(true);
  try {
    await new Promise((resolve, reject) => {
      socket.once('connect', resolve);
      socket.once('error', reject);
    });
    for (let seq = 1; performance.now() < end; seq++) {
      const sent = performance.now();
      await put(socket, client, seq);
      latencies.push(performance.now() - sent);
    }
  } finally {
    socket.destroy();
  }
}

function put(socket: Socket, client: string, seq: number): Promise<void> {
  const body = JSON.stringify({ client, seq, op: { type: 'put', key: client, value: String(seq) } });
  return new Promise((resolve, reject) => {
    socket.once('data', (data: Buffer) => {
      const answer = data.toString('latin1');
      if (answer.startsWith('HTTP/1.1 200')) resolve();
      else reject(new Error(answer));
    });
    socket.write(
      `POST /execute HTTP/1.1\r\nhost: node\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
    );
  });
}

/** The value below which so many of the latencies are. */
export function quantile({ latencies }: Load, share: number): number {
  return latencies[Math.min(latencies.length - 1, Math.floor(latencies.length * share))] ?? Number.NaN;
}
