/** A soak in virtual time: a simulated cluster under clients and a nemesis, all of one seed. */

import type { ProcessId } from '../../../model/contract/protocol.ts';
import type { RecordingHeader } from '../../../model/contract/recording.ts';
import type { ProcessInstance } from '../../../model/contract/system.ts';
import type { Recorder } from '../../node/ports.ts';
import type { HistoryEvent } from '../../service/client-history.ts';
import type { ReplicatedLog } from '../../service/replicated-log.ts';
import { Nemesis, type Survived } from '../nemesis.ts';
import { Random } from '../random.ts';
import { startWorkload, type Tally } from '../workload.ts';
import { SimulatedCluster } from './cluster.ts';
import { VirtualTime } from './virtual-time.ts';

export interface SoakOptions {
  readonly instance: ProcessInstance;
  readonly log: ReplicatedLog;
  readonly origin: Pick<RecordingHeader, 'cluster' | 'system' | 'parameters' | 'mutant'>;
  readonly seed: number;
  /** How long clients and nemesis are at work, in virtual seconds. */
  readonly seconds: number;
  readonly clients: number;
  readonly recorder?: (node: ProcessId) => Recorder | null;
  /** What the nemesis does, as it does it. */
  readonly tell?: (what: string, at: number) => void;
  /** Ends it early. */
  readonly signal?: AbortSignal;
}

export interface Soak {
  readonly tally: Tally;
  readonly survived: Survived;
  readonly history: readonly HistoryEvent[];
  /** Nodes that could not go on, with why: there should be none. */
  readonly failures: readonly string[];
  /** The highest term, or round of a ballot, that a node has come to. */
  readonly term: number;
  /** Milliseconds of virtual time, those in which everything comes to rest included. */
  readonly virtualMs: number;
  /** Real milliseconds. */
  readonly elapsedMs: number;
}

/** Virtual milliseconds in which everything must have come to rest when nothing is broken any more. */
const TO_REST = 15_000;
/** The mean pause of a client between operations, in milliseconds. */
const PAUSE = 50;

export async function soak(options: SoakOptions): Promise<Soak> {
  const { instance, log, origin, seed, seconds, clients, recorder = () => null, tell } = options;
  const started = performance.now();
  const time = new VirtualTime();
  const random = new Random(seed);
  const failures: string[] = [];
  const cluster = new SimulatedCluster({
    instance,
    log,
    time,
    random: random.fork(),
    origin,
    recorder,
    onFailure: (node, error) => failures.push(`${node}: ${error.message}`),
  });
  const nemesis = new Nemesis(cluster, time, random.fork(), (what) => tell?.(what, time.now()));
  const history: HistoryEvent[] = [];
  cluster.start();
  const workload = startWorkload({
    clients,
    keys: Math.max(2, Math.ceil(clients / 2)),
    pause: PAUSE,
    nodes: cluster.nodes,
    ask: cluster.ask,
    clock: time,
    random: random.fork(),
    history: (event) => history.push(event),
  });
  nemesis.start();
  for (let second = 1; second <= seconds && options.signal?.aborted !== true; second++) {
    await time.until(second * 1000);
    // Real time, for who wants to end it.
    await new Promise((resolve) => setImmediate(resolve));
  }
  nemesis.stop();
  const stopped = workload.stop();
  await time.until(time.now() + TO_REST);
  await stopped;
  const terms = cluster.nodes.map((id) => {
    const local = cluster.running(id)?.local ?? null;
    return local === null ? 0 : log.standing(local.state, id).term;
  });
  return {
    tally: workload.tally,
    survived: nemesis.survived,
    history,
    failures,
    term: Math.max(...terms),
    virtualMs: time.now(),
    elapsedMs: performance.now() - started,
  };
}
