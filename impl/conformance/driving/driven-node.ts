/**
 * The program of a driven node: a child process that hosts a real node, with its real store and sockets, but takes each step
 * only when the scheduler says so. Orders come over the channel to the parent.
 */

import { setTimeout } from 'node:timers/promises';
import { canonical, fromJson } from '../../../model/contract/data.ts';
import { messageOf } from '../../../model/contract/errors.ts';
import type { AnyTagged } from '../../../model/contract/protocol.ts';
import { identityOf } from '../../../model/contract/system.ts';
import { builtInSystem } from '../../../model/registry.ts';
import { openLog } from '../../log.ts';
import { systemClock } from '../../node/clock.ts';
import { Node } from '../../node/node.ts';
import { type LevelStore, openStore } from '../../store/level-store.ts';
import { TcpTransport } from '../../transport/tcp-transport.ts';
import { processesOf } from '../conform.ts';
import { HeldTransport } from './held-transport.ts';
import type { Answer, Assignment, Order, Word } from './orders.ts';

const CLUSTER = 'driven';
const HOST = '127.0.0.1';

/** A node for one schedule, or for what is left of it after a crash. */
class DrivenNode {
  readonly timers = new Map<string, () => void>();
  readonly #told: string[] = [];
  #failure: Error | null = null;

  private constructor(
    readonly wire: TcpTransport,
    readonly transport: HeldTransport,
    readonly store: LevelStore,
    readonly node: Node,
  ) {}

  static async assigned(assignment: Assignment): Promise<DrivenNode> {
    const { system: name, parameters, mutant, node: self, ports, data } = assignment;
    const system = await builtInSystem(name);
    if (system === undefined) throw new Error(`there is no built-in system '${name}'`);
    const instance = system.build(parameters, mutant);
    processesOf(name, instance);
    const hosted = instance.processes.find(({ id }) => id === self);
    if (hosted === undefined) throw new Error(`the system has no process '${self}'`);
    const { protocol } = hosted;
    const owner = { cluster: CLUSTER, node: self, protocol: protocol.name, protocolVersion: protocol.version };
    const store = await openStore(data, owner);
    const nodes = new Map(
      instance.processes.map(({ id, protocol: runs }) => [
        id,
        { address: { host: HOST, port: ports[id] ?? 0 }, protocol: { name: runs.name, version: runs.version } },
      ]),
    );
    const wire = await TcpTransport.listen({
      card: { ...owner, incarnation: store.incarnation },
      listen: { host: HOST, port: 0 },
      nodes,
      schema: protocol.schemas.message,
      credentials: null,
      log: openLog(self, 'silent'),
      random: () => 0,
      limits: { backoff: { first: 4, longest: 20 } },
    });
    const transport = new HeldTransport(wire, say);
    const driven: DrivenNode = new DrivenNode(
      wire,
      transport,
      store,
      new Node({
        protocol,
        identity: identityOf(instance, self),
        store,
        transport,
        clock: systemClock,
        recorder: null,
        origin: { cluster: CLUSTER, system: name, parameters, mutant },
        timers: {
          set: (timer, fire) => void driven.timers.set(timer, fire),
          clear: (timer) => void driven.timers.delete(timer),
        },
        user: {
          respond: (client, response) => void driven.#told.push(canonical({ type: 'respond', client, response })),
          indicate: (indication) => void driven.#told.push(canonical({ type: 'indicate', indication })),
        },
        onFailure: (error) => {
          driven.#failure = error;
        },
      }),
    );
    return driven;
  }

  fire(timer: string): void {
    const fire = this.timers.get(timer);
    if (fire === undefined) throw new Error(`the timer '${timer}' is not armed`);
    this.timers.delete(timer);
    fire();
  }

  /** When nothing waits any more, neither for its turn nor for the disk. */
  async settled(): Promise<Answer> {
    const { node, transport, wire } = this;
    while (node.status.waiting > 0 || node.status.unpersisted > 0) {
      if (this.#failure !== null) throw this.#failure;
      await setTimeout(0);
    }
    const { local } = node;
    return {
      type: 'answer',
      port: wire.port,
      local: local === null ? null : canonical(local),
      told: this.#told.splice(0),
      sentTo: transport.takeSentTo(),
    };
  }

  async end(): Promise<void> {
    await this.node.stop();
    await this.wire.close();
    await this.store.close();
  }
}

const NOBODY: Answer = { type: 'answer', port: 0, local: null, told: [], sentTo: [] };

let driven: DrivenNode | null = null;

function say(word: Word): void {
  process.send?.(word);
}

async function obey(order: Order): Promise<Answer> {
  if (order.type === 'assign') {
    driven = await DrivenNode.assigned(order.assignment);
    return driven.settled();
  }
  if (driven === null) throw new Error('no node has been assigned');
  const { node, transport } = driven;
  switch (order.type) {
    case 'start':
      node.start();
      break;
    case 'release':
      transport.release(order.peer, order.at);
      break;
    case 'discard':
      transport.discard(order.peer, order.count);
      break;
    case 'fire':
      driven.fire(order.timer);
      break;
    case 'request':
      node.request(order.client, fromJson(order.request) as AnyTagged);
      break;
    case 'end':
      await driven.end();
      driven = null;
      return NOBODY;
  }
  return driven.settled();
}

process.on('message', (order: Order) => {
  obey(order).then(say, (thrown: unknown) => say({ type: 'failed', why: messageOf(thrown) }));
});
process.on('disconnect', () => process.exit());
