/** A cluster of real processes under clients and a nemesis. */

import type { ParameterValue } from '../../model/contract/parameter.ts';
import type { ProcessId } from '../../model/contract/protocol.ts';
import { LocalCluster } from '../local/local-cluster.ts';
import { systemClock } from '../node/clock.ts';
import { KeyValueClient } from '../service/client.ts';
import { httpAsk } from '../service/http-ask.ts';
import { historyFile } from './history-file.ts';
import { Nemesis } from './nemesis.ts';
import type { Ordeal } from './ordeal.ts';
import { Random } from './random.ts';
import { startWorkload } from './workload.ts';

export interface TormentOptions {
  /** The script that runs the command `lockstep`. */
  readonly launcher: string;
  readonly system: string;
  readonly parameters: Readonly<Record<string, ParameterValue>>;
  readonly mutant: string | null;
  readonly nodes: readonly ProcessId[];
  readonly seed: number;
  readonly seconds: number;
  readonly clients: number;
  /** For state, logs, recordings and the history of the clients. */
  readonly directory: string;
  readonly tell: (what: string) => void;
  /** Ends it early. */
  readonly signal: AbortSignal;
}

/** The mean pause of a client between operations, in milliseconds. */
const PAUSE = 10;
/** Milliseconds in which the cluster must lead again when nothing is broken any more. */
const TO_RECOVER = 30_000;

/** Milliseconds since the epoch, by a clock that is never set back. */
const clock = { now: () => performance.timeOrigin + performance.now(), after: systemClock.after };

export async function torment(options: TormentOptions): Promise<Ordeal> {
  const { seed, seconds, clients, directory, tell, signal, nodes } = options;
  const started = performance.now();
  const random = new Random(seed);
  const failures: string[] = [];
  const cluster = await LocalCluster.start({
    ...options,
    trace: true,
    firstPort: null,
    onDeath: (node, why) => failures.push(`${node} has ended by itself: ${why}`),
  });
  const { ask, close } = httpAsk(cluster.urls);
  const nemesis = new Nemesis(cluster, systemClock, random.fork(), tell);
  const history = historyFile(directory, 'torture');
  try {
    await cluster.untilLed(TO_RECOVER);
    const workload = startWorkload({
      clients,
      keys: Math.max(2, Math.ceil(clients / 2)),
      pause: PAUSE,
      nodes,
      ask,
      clock,
      random: random.fork(),
      history: history.sink,
    });
    nemesis.start();
    await sleep(seconds * 1000, signal);
    nemesis.stop();
    await workload.stop();
    const last = new KeyValueClient({ id: 'last', nodes, ask, clock, patience: TO_RECOVER, history: history.sink });
    await last.get('k1').catch((error: Error) => failures.push(`no recovery when all was mended: ${error.message}`));
    const reports = await Promise.all(nodes.map((id) => cluster.report(id)));
    return {
      tally: workload.tally,
      survived: nemesis.survived,
      failures,
      term: Math.max(...reports.map((report) => report?.term ?? 0)),
      history: history.path,
      elapsedMs: performance.now() - started,
    };
  } finally {
    nemesis.stop();
    await cluster.stop();
    close();
    history.close();
  }
}

function sleep(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });
}
