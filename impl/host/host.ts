/** Hosting: a node over the machine's disk, network and clock, as its configuration says. */

import type { IncomingMessage, ServerResponse } from 'node:http';
import { UsageError } from '../../model/contract/errors.ts';
import type { Identity, ProcessId, Protocol } from '../../model/contract/protocol.ts';
import { identityOf, type ProcessInstance } from '../../model/contract/system.ts';
import type { Log } from '../log.ts';
import { systemClock } from '../node/clock.ts';
import { Node, type User } from '../node/node.ts';
import type { Store, Timers } from '../node/ports.ts';
import { randomisedTimers } from '../node/timers.ts';
import { FileRecorder } from '../recording/file-recorder.ts';
import { LevelStore, openStore } from '../store/level-store.ts';
import { MemoryStore } from '../store/memory-store.ts';
import { type Address, readAddress } from '../transport/address.ts';
import { TcpTransport } from '../transport/tcp-transport.ts';
import type { Expected } from '../wire/handshake.ts';
import { type Credentials, readCredentials, refuseExposure } from '../wire/security.ts';
import type { HostConfig } from './config.ts';
import { type HttpHandler, HttpService, sendJson } from './http.ts';
import { Metrics } from './metrics.ts';

/** What is hosted on top of the protocol, such as a service for clients. */
export interface Guest {
  readonly user: User;
  readonly handlers: readonly HttpHandler[];
}

/** Makes what is on top of a node. The node is there when the first call of it is made, not yet when this is. */
export type GuestOf = (node: () => Node) => Guest;

const NO_GUEST: GuestOf = () => ({ user: { respond: () => {}, indicate: () => {} }, handlers: [] });

export interface HostedNode {
  readonly node: Node;
  readonly transport: TcpTransport;
  /** Where health, metrics and clients are served; null for nowhere. */
  readonly httpPort: number | null;
  /** Resolves when the node has stopped because it could not go on. */
  readonly failed: Promise<Error>;
  /** Lets what has been promised leave, then lets go of everything. */
  stop(): Promise<void>;
}

/**
 * Starts a node.
 *
 * @throws UsageError when the configuration and the system do not go together, an address cannot be had, or the store is in
 *   use or damaged.
 */
export async function hostNode(
  config: HostConfig,
  instance: ProcessInstance,
  log: Log,
  guestOf: GuestOf = NO_GUEST,
): Promise<HostedNode> {
  const plan = planOf(config, instance);
  const opened: (() => Promise<void> | void)[] = [];
  const closeAll = async (): Promise<void> => {
    for (const close of opened.splice(0).reverse()) await close();
  };
  try {
    return await open(config, plan, log, guestOf, (close) => void opened.push(close), closeAll);
  } catch (thrown) {
    await closeAll();
    throw thrown;
  }
}

/** What follows from configuration and system, before anything is opened. */
interface Plan {
  readonly protocol: Protocol;
  readonly identity: Identity;
  readonly places: Places;
  readonly timers: Timers;
  readonly credentials: Credentials | null;
  readonly http: Address | null;
}

function planOf(config: HostConfig, instance: ProcessInstance): Plan {
  const { node: self } = config;
  const protocol = instance.processes.find(({ id }) => id === self)?.protocol;
  if (protocol === undefined) throw new UsageError(`the system has no process '${self}'; it has ${idsOf(instance)}`);
  const places = placesOf(config, instance);
  const timers = randomisedTimers(protocol, instance.timers, systemClock, Math.random);
  const credentials = config.tls === undefined ? null : readCredentials(config.tls);
  const http = config.http === undefined ? null : readAddress(config.http, 'http');
  for (const { host } of [places.listen, ...(http === null ? [] : [http])]) {
    refuseExposure(host, credentials !== null, config.allowPlaintext);
  }
  return { protocol, identity: identityOf(instance, self), places, timers, credentials, http };
}

/** @param onClose takes how to close what has been opened; it is closed in the opposite order */
async function open(
  config: HostConfig,
  { protocol, identity, places, timers, credentials, http }: Plan,
  log: Log,
  guestOf: GuestOf,
  onClose: (close: () => Promise<void> | void) => void,
  closeAll: () => Promise<void>,
): Promise<HostedNode> {
  const { node: self, cluster, limits } = config;
  const metrics = new Metrics();
  const standing = new Standing();
  const runs = { protocol: protocol.name, protocolVersion: protocol.version };
  const store = await storeOf(config, runs);
  if (store instanceof LevelStore) onClose(() => store.close());
  const recorder = config.trace === undefined ? null : recorderOf(config.trace, self, log);
  if (recorder !== null) onClose(() => recorder.close());
  const card = { cluster, node: self, ...runs, incarnation: store.incarnation };
  const schema = protocol.schemas.message;
  const random = Math.random;
  const transport = await TcpTransport.listen({ card, ...places, schema, credentials, log, random, limits });
  onClose(() => transport.close());

  const guest = guestOf(() => node);
  const node = new Node({
    protocol,
    identity,
    store: metrics.timed(store),
    transport,
    timers,
    clock: systemClock,
    recorder,
    origin: { cluster, system: config.system, parameters: config.parameters, mutant: config.mutant },
    user: guest.user,
    onFailure: (error) => {
      log.error(`the node stops: ${error.message}`);
      standing.fail(error);
    },
    limits,
  });
  onClose(() => node.stop());
  metrics.watch(node, transport);

  const health = () => ({ status: standing.status, ...card, ...node.status });
  const handlers = [...guest.handlers, about(health, metrics)];
  const service = http === null ? null : await HttpService.listen({ address: http, credentials, handlers, log });
  if (service !== null) onClose(() => service.close());
  node.start();
  const { incarnation } = store;
  const { port } = transport;
  log.info({ cluster, protocol: protocol.name, incarnation, port, http: service?.port }, `${self} is up`);
  return {
    node,
    transport,
    httpPort: service?.port ?? null,
    failed: standing.failed,
    stop: async () => {
      standing.stop();
      await closeAll();
    },
  };
}

/** How a node is doing. */
class Standing {
  status: 'ok' | 'failed' | 'stopping' = 'ok';
  readonly failed: Promise<Error>;
  #tell: (error: Error) => void = () => {};

  constructor() {
    this.failed = new Promise((resolve) => {
      this.#tell = resolve;
    });
  }

  fail(error: Error): void {
    this.status = 'failed';
    this.#tell(error);
  }

  stop(): void {
    if (this.status === 'ok') this.status = 'stopping';
  }
}

function idsOf({ processes }: ProcessInstance): string {
  return processes.map(({ id }) => id).join(', ');
}

/** Where each node is, in the system's order, and where this one listens. */
interface Places {
  readonly listen: Address;
  readonly nodes: ReadonlyMap<ProcessId, { readonly address: Address; readonly protocol: Expected }>;
}

function placesOf({ node: self, nodes, listen }: HostConfig, instance: ProcessInstance): Places {
  const ids = instance.processes.map(({ id }) => id);
  const given = Object.keys(nodes);
  if (ids.some((id) => !given.includes(id)) || given.some((id) => !ids.includes(id))) {
    throw new UsageError(
      `the system's processes are ${ids.join(', ')}, and addresses are given for ${given.join(', ') || 'none'}: ` +
        'give each process one (--nodes n1=HOST:PORT,n2=HOST:PORT,...)',
    );
  }
  const places = new Map(
    instance.processes.map(({ id, protocol }) => [
      id,
      { address: readAddress(nodes[id] ?? '', `the address of ${id}`), protocol },
    ]),
  );
  const own = listen === undefined ? places.get(self)?.address : readAddress(listen, 'listen');
  if (own === undefined) throw new UsageError(`there is no address for ${self}`);
  return { listen: own, nodes: places };
}

async function storeOf(
  { data, ephemeral, cluster, node }: HostConfig,
  runs: { protocol: string; protocolVersion: number },
): Promise<Store> {
  if (ephemeral && data !== undefined)
    throw new UsageError('a node is either ephemeral or has a data directory, not both');
  // Incarnations must differ though nothing is kept: the time of the start tells them apart.
  if (ephemeral) return new MemoryStore(systemClock, systemClock.now());
  if (data === undefined) {
    throw new UsageError('where does the durable state go? Give --data DIR, or --ephemeral for a demonstration');
  }
  return openStore(data, { cluster, node, ...runs });
}

function recorderOf(directory: string, node: ProcessId, log: Log): FileRecorder {
  return new FileRecorder(directory, node, (error) => {
    log.error(
      { error: String(error) },
      'the recording has ended: it could not be written; the node goes on without it',
    );
  });
}

/** Health and metrics. */
function about(health: () => { readonly status: string }, { registry }: Metrics): HttpHandler {
  return (request: IncomingMessage, response: ServerResponse) => {
    if (request.method !== 'GET') return false;
    if (request.url === '/health') {
      const body = health();
      sendJson(response, body.status === 'ok' ? 200 : 503, body);
      return true;
    }
    if (request.url !== '/metrics') return false;
    registry.metrics().then(
      (text) => {
        response.writeHead(200, { 'content-type': registry.contentType });
        response.end(text);
      },
      () => response.destroy(),
    );
    return true;
  };
}
