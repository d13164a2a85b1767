/** A cluster on this machine: each node a process of its own, with a proxy between them that can be told to fail. */

import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import { UsageError } from '../../model/contract/errors.ts';
import type { ParameterValue } from '../../model/contract/parameter.ts';
import type { ProcessId } from '../../model/contract/protocol.ts';
import type { Victim } from '../torture/nemesis.ts';
import { FaultProxy } from './fault-proxy.ts';
import { freePorts } from './free-ports.ts';

export interface LocalClusterOptions {
  /** The script that runs the command `lockstep`. */
  readonly launcher: string;
  /** The system's name, or the path of its file. */
  readonly system: string;
  readonly parameters: Readonly<Record<string, ParameterValue>>;
  readonly mutant: string | null;
  readonly nodes: readonly ProcessId[];
  /** For state, logs and recordings of the nodes. */
  readonly directory: string;
  readonly trace: boolean;
  /** The port at which the first node serves clients, the others behind it; null for any. */
  readonly firstPort: number | null;
  /** A node has ended that nobody has killed. */
  readonly onDeath: (node: ProcessId, why: string) => void;
}

/** What a node says of itself; a service tells more. */
export interface NodeReport {
  readonly role?: string;
  readonly leader?: string | null;
  readonly term?: number;
  readonly logLength?: number;
  readonly committed?: number;
  readonly peersUp?: readonly string[];
}

export type NodeLife = 'up' | 'paused' | 'down';

/** A process at work. */
interface Running {
  readonly child: ChildProcess;
  readonly ended: Promise<void>;
  isPaused: boolean;
  /** It is ending because we want it to. */
  isAsked: boolean;
}

/** Milliseconds that a node has to end when asked to. */
const GRACE = 5000;
/** Milliseconds. */
const REPORT_TIMEOUT = 500;
/** Milliseconds that what is sent is kept, for a network that is slower by a factor. */
const SLOWNESS = 2;

export class LocalCluster implements Victim {
  readonly #running = new Map<ProcessId, Running>();

  private constructor(
    private readonly options: LocalClusterOptions,
    private readonly proxy: FaultProxy,
    private readonly listen: ReadonlyMap<ProcessId, string>,
    /** Where each node serves clients: HOST:PORT. */
    readonly clients: ReadonlyMap<ProcessId, string>,
  ) {}

  /** Starts all nodes. They may not be up yet when this is done. */
  static async start(options: LocalClusterOptions): Promise<LocalCluster> {
    const { nodes, directory, firstPort } = options;
    mkdirSync(directory, { recursive: true });
    const ports = await freePorts(2 * nodes.length);
    const peers = nodes.map((id, at) => ({ id, port: ports[at] ?? 0 }));
    const proxy = await FaultProxy.between(peers);
    const cluster = new LocalCluster(
      options,
      proxy,
      new Map(peers.map(({ id, port }) => [id, `127.0.0.1:${port}`])),
      new Map(
        nodes.map((id, at) => [
          id,
          `127.0.0.1:${firstPort === null ? (ports[nodes.length + at] ?? 0) : firstPort + at}`,
        ]),
      ),
    );
    for (const id of nodes) cluster.restart(id);
    return cluster;
  }

  get nodes(): readonly ProcessId[] {
    return this.options.nodes;
  }

  /** The base URL of each node's service. */
  get urls(): ReadonlyMap<ProcessId, string> {
    return new Map([...this.clients].map(([id, address]) => [id, `http://${address}`]));
  }

  life(id: ProcessId): NodeLife {
    const running = this.#running.get(id);
    if (running === undefined) return 'down';
    return running.isPaused ? 'paused' : 'up';
  }

  /** What a node says of itself; null when it says nothing. */
  report(id: ProcessId): Promise<NodeReport | null> {
    return new Promise((resolve) => {
      if (this.life(id) !== 'up') return resolve(null);
      const asked = request(`http://${this.clients.get(id)}/status`, { timeout: REPORT_TIMEOUT }, (response) => {
        let text = '';
        response.setEncoding('utf8');
        response.on('data', (chunk: string) => {
          text += chunk;
        });
        response.on('end', () => resolve(response.statusCode === 200 ? (JSON.parse(text) as NodeReport) : null));
        response.on('error', () => resolve(null));
      });
      asked.on('timeout', () => asked.destroy());
      asked.on('error', () => resolve(null));
      asked.end();
    });
  }

  kill(id: ProcessId): void {
    const running = this.#running.get(id);
    if (running === undefined) return;
    running.isAsked = true;
    this.#running.delete(id);
    running.child.kill('SIGKILL');
  }

  restart(id: ProcessId): void {
    if (this.#running.has(id)) return;
    const log = openSync(this.#logOf(id), 'a');
    // The pipe that is its input ends with this process, however that ends, and the node with it.
    const child = spawn(process.execPath, [this.options.launcher, ...this.#args(id)], { stdio: ['pipe', log, log] });
    closeSync(log);
    child.stdin?.on('error', () => {});
    const ended = new Promise<void>((resolve) => {
      child.once('error', () => resolve());
      child.once('exit', () => resolve());
    });
    const running: Running = { child, ended, isPaused: false, isAsked: false };
    this.#running.set(id, running);
    child.once('exit', (code, signal) => {
      if (running.isAsked) return;
      this.#running.delete(id);
      this.options.onDeath(id, `${signal ?? `exit code ${code}`}${this.#lastWords(id)}`);
    });
  }

  pause(id: ProcessId): void {
    this.#signal(id, 'SIGSTOP', true);
  }

  resume(id: ProcessId): void {
    this.#signal(id, 'SIGCONT', false);
  }

  block(from: ProcessId, to: ProcessId): void {
    this.proxy.block(from, to);
  }

  unblock(from: ProcessId, to: ProcessId): void {
    this.proxy.unblock(from, to);
  }

  cut(a: ProcessId, b: ProcessId): void {
    this.proxy.cut(a, b);
  }

  slowNetwork(factor: number): void {
    this.proxy.slow((factor - 1) * SLOWNESS);
  }

  /** Asks every node to end, and ends those that do not. */
  async stop(): Promise<void> {
    const all = [...this.#running.values()];
    this.#running.clear();
    await Promise.all(
      all.map(async ({ child, ended }, at) => {
        const running = all[at];
        if (running !== undefined) running.isAsked = true;
        child.kill('SIGCONT');
        child.kill('SIGTERM');
        const late = setTimeout(() => child.kill('SIGKILL'), GRACE);
        await ended;
        clearTimeout(late);
      }),
    );
    this.proxy.close();
  }

  /** Waits until a node is known to lead by as many nodes as make a majority. */
  async untilLed(timeoutMs: number): Promise<ProcessId> {
    const end = performance.now() + timeoutMs;
    for (;;) {
      const reports = await Promise.all(this.nodes.map((id) => this.report(id)));
      const leaders = reports.flatMap((report) => report?.leader ?? []);
      const leader = leaders.find((id) => leaders.filter((other) => other === id).length * 2 > this.nodes.length);
      if (leader !== undefined) return leader;
      if (performance.now() > end)
        throw new UsageError(`no node leads after ${timeoutMs} ms: see ${this.options.directory}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  #signal(id: ProcessId, signal: NodeJS.Signals, isPaused: boolean): void {
    const running = this.#running.get(id);
    if (running === undefined) return;
    running.isPaused = isPaused;
    running.child.kill(signal);
  }

  #args(id: ProcessId): string[] {
    const { system, parameters, mutant, nodes, directory, trace } = this.options;
    const addresses = nodes.map(
      (peer) => `${peer}=${peer === id ? this.listen.get(id) : this.proxy.address(id, peer)}`,
    );
    return [
      'serve',
      system,
      ...Object.entries(parameters).map(([name, value]) => `${name}=${value}`),
      ...['--node', id, '--nodes', addresses.join(',')],
      ...[
        '--http',
        this.clients.get(id) ?? '',
        '--clients',
        [...this.clients].map((entry) => entry.join('=')).join(','),
      ],
      ...['--data', join(directory, id)],
      ...(trace ? ['--trace', directory] : []),
      ...(mutant === null ? [] : ['--mutant', mutant]),
      '--with-input',
    ];
  }

  #logOf(id: ProcessId): string {
    return join(this.options.directory, `${id}.log`);
  }

  /** The last line that a node has logged. */
  #lastWords(id: ProcessId): string {
    const last = readFileSync(this.#logOf(id), 'utf8').trimEnd().split('\n').at(-1) ?? '';
    return last === '' ? '' : `: ${last}`;
  }
}
