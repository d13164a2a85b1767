/** Hosting: a node over the machine's disk, network and clock, as its configuration says. */

import type { IncomingMessage, ServerResponse } from 'node:http';
import { UsageError } from '../../model/contract/errors.ts';
import type { ProcessId } from '../../model/contract/protocol.ts';
import { identityOf, type ProcessInstance } from '../../model/contract/system.ts';
import type { Log } from '../log.ts';
import { systemClock } from '../node/clock.ts';
import { Node, type User } from '../node/node.ts';
import type { Store } from '../node/ports.ts';
import { randomisedTimers } from '../node/timers.ts';
import { FileRecorder } from '../recording/file-recorder.ts';
import { LevelStore, openStore } from '../store/level-store.ts';
import { MemoryStore } from '../store/memory-store.ts';
import { type Address, readAddress } from '../transport/address.ts';
import { TcpTransport } from '../transport/tcp-transport.ts';
import type { Expected } from '../wire/handshake.ts';
import { readCredentials, refuseExposure } from '../wire/security.ts';
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
  const { node: self, cluster } = config;
  const protocol = instance.processes.find(({ id }) => id === self)?.protocol;
  if (protocol === undefined) throw new UsageError(`the system has no process '${self}'; it has ${idsOf(instance)}`);
  const places = placesOf(config, instance);
  const timers = randomisedTimers(protocol, instance.timers, systemClock, Math.random);
  const credentials = config.tls === undefined ? null : readCredentials(config.tls);
  const http = config.http === undefined ? null : readAddress(config.http, 'http');
  for (const { host } of [places.listen, ...(http === null ? [] : [http])]) {
    refuseExposure(host, credentials !== null, config.allowPlaintext);
  }

  const closing: (() => Promise<void> | void)[] = [];
  const closeAll = async (): Promise<void> => {
    for (const close of closing.splice(0).reverse()) await close();
  };
  try {
    const metrics = new Metrics();
    const store = await storeOf(config, { protocol: protocol.name, protocolVersion: protocol.version });
    if (store instanceof LevelStore) closing.push(() => store.close());
    const recorder = config.trace === undefined ? null : recorderOf(config.trace, self, log);
    if (recorder !== null) closing.push(() => recorder.close());
    const card = {
      cluster,
      node: self,
      protocol: protocol.name,
      protocolVersion: protocol.version,
      incarnation: store.incarnation,
    };
    const transport = await TcpTransport.listen({
      card,
      ...places,
      schema: protocol.schemas.message,
      credentials,
      log,
      random: Math.random,
      limits: config.limits,
    });
    closing.push(() => transport.close());
    let tellFailure: (error: Error) => void = () => {};
    const failed = new Promise<Error>((resolve) => {
      tellFailure = resolve;
    });
    let state: 'ok' | 'failed' | 'stopping' = 'ok';
    const guest = guestOf(() => node);
    const node = new Node({
      protocol,
      identity: identityOf(instance, self),
      store: metrics.timed(store),
      transport,
      timers,
      clock: systemClock,
      recorder,
      origin: { cluster, system: config.system, parameters: config.parameters, mutant: config.mutant },
      user: guest.user,
      onFailure: (error) => {
        state = 'failed';
        log.error(`the node stops: ${error.message}`);
        tellFailure(error);
      },
      limits: config.limits,
    });
    closing.push(() => node.stop());
    metrics.watch(node, transport);
    const health = (): [status: number, body: object] => [
      state === 'ok' ? 200 : 503,
      { status: state, ...card, ...node.status },
    ];
    const handlers = [...guest.handlers, about(health, metrics)];
    const service = http === null ? null : await HttpService.listen({ address: http, credentials, handlers, log });
    if (service !== null) closing.push(() => service.close());
    node.start();
    const { incarnation } = store;
    log.info(
      { cluster, protocol: protocol.name, incarnation, port: transport.port, http: service?.port },
      `${self} is up`,
    );
    return {
      node,
      transport,
      httpPort: service?.port ?? null,
      failed,
      stop: async () => {
        if (state === 'ok') state = 'stopping';
        await closeAll();
      },
    };
  } catch (thrown) {
    await closeAll();
    throw thrown;
  }
}

function idsOf({ processes }: ProcessInstance): string {
  return processes.map(({ id }) => id).join(', ');
}

/** Where each node is, in the system's order, and where this one listens. */
function placesOf(
  { node: self, nodes, listen }: HostConfig,
  instance: ProcessInstance,
): { listen: Address; nodes: ReadonlyMap<ProcessId, { address: Address; protocol: Expected }> } {
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
function about(health: () => [status: number, body: object], { registry }: Metrics): HttpHandler {
  return (request: IncomingMessage, response: ServerResponse) => {
    if (request.method !== 'GET') return false;
    if (request.url === '/health') {
      sendJson(response, ...health());
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
