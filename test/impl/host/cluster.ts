/** Real nodes in this process: real sockets, real disks, real time. */

import { join } from 'node:path';
import { type GivenConfig, readConfig } from '../../../impl/host/config.ts';
import { type GuestOf, type HostedNode, hostNode } from '../../../impl/host/host.ts';
import { freePorts } from '../../../impl/local/free-ports.ts';
import { openLog } from '../../../impl/log.ts';
import type { AnyTagged } from '../../../model/contract/protocol.ts';
import type { ProcessInstance, System } from '../../../model/contract/system.ts';

/** A node, with all that it has logged and told. */
export interface Running extends HostedNode {
  readonly logged: readonly string[];
  readonly told: readonly AnyTagged[];
  readonly port: number;
}

export class TestCluster {
  readonly #running = new Map<string, Running>();

  private constructor(
    readonly system: System,
    readonly directory: string,
    readonly nodes: Readonly<Record<string, string>>,
    readonly settings: Partial<GivenConfig>,
  ) {}

  /** Runs a test with a cluster of which no node has been started yet; all are stopped in the end. */
  static async run(
    system: System,
    directory: string,
    settings: Partial<GivenConfig>,
    work: (cluster: TestCluster) => Promise<void>,
  ): Promise<void> {
    const ids = instanceOf(system, settings).processes.map(({ id }) => id);
    const ports = await freePorts(ids.length);
    const nodes = Object.fromEntries(ids.map((id, index) => [id, `127.0.0.1:${ports[index]}`]));
    const cluster = new TestCluster(system, directory, nodes, settings);
    try {
      await work(cluster);
    } finally {
      for (const id of cluster.#running.keys()) await cluster.stop(id);
    }
  }

  async start(id: string, changed: Partial<GivenConfig> = {}): Promise<Running> {
    const logged: string[] = [];
    const told: AnyTagged[] = [];
    const given = { system: this.system.name, node: id, nodes: this.nodes, data: join(this.directory, id) };
    const config = readConfig({ ...given, http: '127.0.0.1:0', ...this.settings, ...changed }, 'the test');
    const log = openLog(id, 'debug', { write: (line) => void logged.push(line) });
    const guest: GuestOf = () => ({
      user: {
        respond: (_client, response) => void told.push(response),
        indicate: (indication) => void told.push(indication),
      },
      handlers: [],
    });
    const hosted = await hostNode(config, instanceOf(this.system, this.settings), log, guest);
    const running = { ...hosted, logged, told, port: hosted.transport.port };
    this.#running.set(id, running);
    return running;
  }

  async startAll(): Promise<Running[]> {
    const running = [];
    for (const id of Object.keys(this.nodes)) running.push(await this.start(id));
    return running;
  }

  async stop(id: string): Promise<void> {
    const running = this.#running.get(id);
    this.#running.delete(id);
    await running?.stop();
  }
}

function instanceOf(system: System, { parameters = {} }: Partial<GivenConfig>): ProcessInstance {
  const instance = system.build(parameters, null);
  if (instance.kind !== 'processes') throw new Error(`${system.name} has no processes`);
  return instance;
}

/** Waits until something is so; a test fails by its time limit if it never is. */
export async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => setTimeout(resolve, 5));
}
