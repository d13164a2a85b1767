/** What a node tells Prometheus of itself. Read when asked for; the node itself counts nothing twice. */

import { Gauge, Histogram, Registry } from 'prom-client';
import type { Node } from '../node/node.ts';
import type { Change, Store } from '../node/ports.ts';
import type { TcpTransport } from '../transport/tcp-transport.ts';

/** Seconds: from a fast disk's flush to a disk in trouble. */
const COMMIT_BUCKETS = [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.5, 1, 5];

export class Metrics {
  readonly registry = new Registry();
  readonly #commits = new Histogram({
    name: 'lockstep_commit_seconds',
    help: 'How long the store takes to put a change on disk',
    buckets: COMMIT_BUCKETS,
    registers: [this.registry],
  });

  /** The store, its writes timed. */
  timed(store: Store): Store {
    const observe = (seconds: number): void => this.#commits.observe(seconds);
    return {
      recovered: store.recovered,
      incarnation: store.incarnation,
      commit(change: Change, done: (error: Error | null) => void) {
        const begun = performance.now();
        store.commit(change, (error) => {
          const ended = performance.now();
          // The node first: what it has promised waits for this.
          done(error);
          observe((ended - begun) / 1000);
        });
      },
    };
  }

  watch(node: Node, { traffic }: TcpTransport): void {
    const figures: readonly [name: string, help: string, read: () => number][] = [
      ['steps_total', 'Steps taken since the start', () => node.status.steps],
      ['inbox_events', 'Events that wait for their step', () => node.status.waiting],
      ['unpersisted_steps', 'Steps whose effects wait for the disk', () => node.status.unpersisted],
      ['sessions', 'Peers with which there is a session', () => node.status.peersUp.length],
      ['frames_sent_total', 'Frames sent to peers', () => traffic.framesSent],
      ['frames_received_total', 'Frames received from peers', () => traffic.framesReceived],
      ['bytes_sent_total', 'Bytes sent to peers', () => traffic.bytesSent],
      ['bytes_received_total', 'Bytes received from peers', () => traffic.bytesReceived],
      ['connections_refused_total', 'Connections that were no peer', () => traffic.refused],
      ['resident_memory_bytes', 'Memory of the process', () => process.memoryUsage.rss()],
    ];
    for (const [name, help, read] of figures) {
      const gauge: Gauge = new Gauge({
        name: `lockstep_${name}`,
        help,
        registers: [this.registry],
        collect: () => gauge.set(read()),
      });
    }
  }
}
