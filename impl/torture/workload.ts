/** Clients at work: each makes one operation after the other, on few keys, so that they get in each other's way. */

import type { ProcessId } from '../../model/contract/protocol.ts';
import type { KeyValueOp } from '../../spec/key-value.ts';
import type { Clock } from '../node/ports.ts';
import { type Ask, KeyValueClient, OperationFailed, OutcomeUnknown } from '../service/client.ts';
import type { HistorySink } from '../service/client-history.ts';
import type { Random } from './random.ts';

export interface WorkloadOptions {
  readonly clients: number;
  readonly keys: number;
  /** The mean time that a client waits between two operations, in milliseconds. */
  readonly pause: number;
  readonly nodes: readonly ProcessId[];
  readonly ask: Ask;
  readonly clock: Pick<Clock, 'now' | 'after'>;
  readonly random: Random;
  readonly history: HistorySink;
}

/** What became of the operations. */
export interface Tally {
  executed: number;
  failed: number;
  unknown: number;
}

export interface Workload {
  readonly tally: Readonly<Tally>;
  /** Lets each client finish its operation, and make no further one. */
  stop(): Promise<void>;
}

export function startWorkload(options: WorkloadOptions): Workload {
  const tally: Tally = { executed: 0, failed: 0, unknown: 0 };
  const life = { isOver: false };
  const clients = Array.from({ length: options.clients }, (_, at) => work(`c${at + 1}`, options, tally, life));
  return {
    tally,
    async stop() {
      life.isOver = true;
      await Promise.all(clients);
    },
  };
}

async function work(
  id: string,
  { keys, pause, nodes, ask, clock, random: source, history }: WorkloadOptions,
  tally: Tally,
  life: { readonly isOver: boolean },
): Promise<void> {
  const random = source.fork();
  const client = new KeyValueClient({ id, nodes: random.shuffled(nodes), ask, clock, history });
  /** The value that the client has last seen of each key. */
  const seen = new Map<string, string | null>();
  for (let made = 1; !life.isOver; made++) {
    const op = operation(`k${random.int(1, keys)}`, `${id}.${made}`, seen, random);
    try {
      const result = await client.execute(op);
      tally.executed += 1;
      if (op.type === 'get') seen.set(op.key, result as string | null);
    } catch (thrown) {
      if (thrown instanceof OperationFailed) tally.failed += 1;
      else if (thrown instanceof OutcomeUnknown) tally.unknown += 1;
      else throw thrown;
    }
    await new Promise<void>((resolve) => void clock.after(random.between(0, 2 * pause), resolve));
  }
}

/** Each value is written once, so that whoever reads it can say by whom. */
function operation(key: string, value: string, seen: ReadonlyMap<string, string | null>, random: Random): KeyValueOp {
  const drawn = random.fraction();
  if (drawn < 0.4) return { type: 'get', key };
  if (drawn < 0.7) return { type: 'put', key, value };
  if (drawn < 0.9) return { type: 'compare-and-set', key, expected: seen.get(key) ?? null, value };
  return { type: 'delete', key };
}
