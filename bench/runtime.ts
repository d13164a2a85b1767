/**
 * `npm run bench`, second part: the key-value service on a cluster of three nodes, each a process of its own with its own
 * directory, against what the store alone does on the same disk; and the same with recordings. All take turns, several
 * times, and the median ratio is the figure. Prints a table; writes out/bench-runtime.json, and with `--keep`
 * docs/measured/runtime.json, from which docs/runtime.md is made.
 *
 * Load and nodes share the machine: with few cores it is the processors that are measured, not the protocol. So there is a
 * third thing to compare with: a process that answers each request at once, under the same load. It says what the
 * processors can do when there is one node, and nothing to agree on.
 */

import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePorts } from '../impl/local/free-ports.ts';
import { openStore } from '../impl/store/level-store.ts';
import { ROOT } from '../scripts/manifest.ts';
import { type Load, load, quantile } from './http-load.ts';
import { keep } from './keep.ts';
import { machine } from './machine.ts';
import { median } from './median.ts';

const ROUNDS = 5;
const CLIENTS = 64;
/** Milliseconds for each measurement. */
const SLICE = 2000;
const WARM_UP = 4000;
const SYSTEM = ['raft', 'machine=key-value', 'noop=true', 'batch=64', 'skipBack=true'];
const LAUNCHER = fileURLToPath(new URL('bin/lockstep.js', ROOT));

/** On the disk that the clone is on: a temporary directory may be memory. */
mkdirSync(new URL('out/', ROOT), { recursive: true });
const directory = mkdtempSync(fileURLToPath(new URL('out/bench-', ROOT)));

class Cluster {
  #measured = 0;

  private constructor(
    readonly processes: readonly ChildProcess[],
    private readonly httpPorts: ReadonlyMap<string, number>,
  ) {}

  static async start(name: string, options: readonly string[]): Promise<Cluster> {
    const ids = ['n1', 'n2', 'n3'];
    const ports = await freePorts(2 * ids.length);
    const nodes = ids.map((id, index) => `${id}=127.0.0.1:${ports[index]}`).join(',');
    const httpPorts = ports.slice(ids.length);
    const processes = ids.map((id, index) => {
      const place = ['--node', id, '--nodes', nodes, '--data', join(directory, name, id), '--log', 'error'];
      const args = ['serve', ...SYSTEM, ...place, '--http', `127.0.0.1:${httpPorts[index]}`, ...options];
      return spawn(process.execPath, [LAUNCHER, ...args], { stdio: 'inherit' });
    });
    return new Cluster(processes, new Map(ids.map((id, index) => [id, httpPorts[index] ?? 0])));
  }

  /** Writes to the leader; from the beginning when it changes meanwhile, as it may where processors are scarce. */
  async load(clients: number, milliseconds: number): Promise<Load> {
    for (;;) {
      this.#measured += 1;
      const leader = await leaderOf([...this.httpPorts.values()]);
      try {
        return await load(this.httpPorts.get(leader) ?? 0, clients, milliseconds, `load-${this.#measured}`);
      } catch (thrown) {
        console.error(`measured again: ${String(thrown).split('\n')[0]}`);
      }
    }
  }

  /** How long the log is that has been committed. */
  async committed(): Promise<number> {
    const response = await fetch(`http://127.0.0.1:${[...this.httpPorts.values()][0]}/status`);
    return ((await response.json()) as { committed: number }).committed;
  }

  stop(): void {
    for (const child of this.processes) child.kill('SIGTERM');
  }
}

async function leaderOf(httpPorts: readonly number[]): Promise<string> {
  for (;;) {
    for (const port of httpPorts) {
      const status = await fetch(`http://127.0.0.1:${port}/status`).then(
        (response) => response.json() as Promise<{ leader?: string | null }>,
        () => ({ leader: null }),
      );
      if (typeof status.leader === 'string') return status.leader;
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** The same load on a process that answers at once. */
class Echo {
  private constructor(
    readonly process: ChildProcess,
    private readonly port: number,
  ) {}

  static async start(): Promise<Echo> {
    const child = spawn(process.execPath, [fileURLToPath(new URL('dist/bench/http-echo.js', ROOT))], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    const port = await new Promise<number>((resolve) => child.stdout.once('data', (data) => resolve(Number(data))));
    return new Echo(child, port);
  }

  load(clients: number, milliseconds: number): Promise<Load> {
    return load(this.port, clients, milliseconds, 'echo');
  }

  stop(): void {
    this.process.stdin?.end();
  }
}

/** Single writes to a store, each on disk before the next begins. */
async function storeAlone(): Promise<Load> {
  const store = await openStore(join(directory, 'alone'), {
    cluster: 'bench',
    node: 'alone',
    protocol: 'none',
    protocolVersion: 1,
  });
  const latencies: number[] = [];
  const begun = performance.now();
  for (let index = 0; performance.now() < begun + SLICE; index++) {
    const entry = { term: 1, command: { client: 'bench-1', seq: index, op: { type: 'put', key: 'k', value: 'v' } } };
    const sent = performance.now();
    await new Promise<void>((resolve, reject) => {
      const change = { patches: [{ op: 'add', path: ['log', index], value: entry }] as const, kept: null };
      store.commit(change, (error) => (error === null ? resolve() : reject(error)));
    });
    latencies.push(performance.now() - sent);
  }
  const seconds = (performance.now() - begun) / 1000;
  await store.close();
  rmSync(join(directory, 'alone'), { recursive: true });
  return { requests: latencies.length, seconds, latencies: latencies.sort((a, b) => a - b) };
}

function rate({ requests, seconds }: Load): number {
  return requests / seconds;
}

/** What else the machine does: its load, before there is any of this. */
const [loadBefore = 0] = loadavg();
const clusters: Cluster[] = [];
const echo = await Echo.start();
try {
  const plain = await Cluster.start('plain', []);
  clusters.push(plain);
  const recorded = await Cluster.start('recorded', ['--trace', join(directory, 'traces')]);
  clusters.push(recorded);
  for (const warm of [...clusters, echo]) await warm.load(CLIENTS, WARM_UP);
  // One client makes followers run other code than many do, and far less often: it is compiled by and by.
  await plain.load(1, WARM_UP);
  const rounds: Record<'store' | 'one' | 'many' | 'manyRecorded' | 'echo', Load>[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    rounds.push({
      store: await storeAlone(),
      one: await plain.load(1, SLICE),
      many: await plain.load(CLIENTS, SLICE),
      manyRecorded: await recorded.load(CLIENTS, SLICE),
      echo: await echo.load(CLIENTS, SLICE),
    });
  }
  const over = (figure: (round: (typeof rounds)[number]) => number): number => median(rounds.map(figure));
  // The same cluster all the while, so that its log is longest at the end.
  const manyOf = (some: typeof rounds): number => median(some.map(({ many }) => rate(many)));
  const result = {
    machine: machine(),
    clients: CLIENTS,
    loadBefore,
    storeWritesPerSecond: over(({ store }) => rate(store)),
    storeLatencyMs: over(({ store }) => quantile(store, 0.5)),
    clusterWritesPerSecond: over(({ many }) => rate(many)),
    clusterLatencyMs: over(({ one }) => quantile(one, 0.5)),
    throughputRatio: over(({ store, many }) => rate(many) / rate(store)),
    latencyRatio: over(({ store, one }) => quantile(one, 0.5) / quantile(store, 0.5)),
    recordedRatio: over(({ many, manyRecorded }) => rate(manyRecorded) / rate(many)),
    echoesPerSecond: over(({ echo }) => rate(echo)),
    echoRatio: over(({ many, echo }) => rate(many) / rate(echo)),
    lateRatio: manyOf(rounds.slice(-2)) / manyOf(rounds.slice(0, 2)),
    entriesAtTheEnd: await plain.committed(),
  };
  console.table({
    [`committed writes, ${CLIENTS} clients : the store's single writes`]: result.throughputRatio.toFixed(2),
    "latency, one client : the store's": result.latencyRatio.toFixed(2),
    'recorded : not recorded': result.recordedRatio.toFixed(2),
    'committed writes : requests answered at once': result.echoRatio.toFixed(2),
    'committed writes, last rounds : first': result.lateRatio.toFixed(2),
    'entries in the log at the end': result.entriesAtTheEnd,
    'committed writes per second': Math.round(result.clusterWritesPerSecond),
    "the store's single writes per second": Math.round(result.storeWritesPerSecond),
    'latency, one client (ms)': result.clusterLatencyMs.toFixed(2),
    "the store's latency (ms)": result.storeLatencyMs.toFixed(2),
  });
  keep('runtime', result);
} finally {
  echo.stop();
  const ended = clusters.flatMap(({ processes }) =>
    processes.map((child) => new Promise((resolve) => child.once('exit', resolve))),
  );
  for (const cluster of clusters) cluster.stop();
  await Promise.all(ended);
  rmSync(directory, { recursive: true });
}
