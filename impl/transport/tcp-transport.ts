/**
 * Sessions over TCP, or TLS. Between two nodes there is one connection, which the earlier of them in the system's order
 * dials; a session is such a connection from its handshake to its end.
 *
 * What is received on a session comes to the node between its linkUp and its linkDown, in order, and never on a later
 * session. When a peer dials anew while its last session still seems to be up, that one is over first: so each end learns
 * of a session's loss before it can learn of the next one, as docs/semantics.md has it.
 */

import { connect, createServer, type Server, type Socket } from 'node:net';
import { connect as connectSecurely, createServer as createSecureServer, TLSSocket } from 'node:tls';
import type { z } from 'zod';
import { messageOf } from '../../model/contract/errors.ts';
import type { ProcessId } from '../../model/contract/protocol.ts';
import type { Log } from '../log.ts';
import type { Frame, Session, Transport, TransportEvents } from '../node/ports.ts';
import { WireError } from '../wire/frames.ts';
import {
  type Card,
  type Expected,
  HANDSHAKE_LIMIT,
  hello,
  objection,
  readAnswer,
  readHello,
  refusal,
  welcome,
} from '../wire/handshake.ts';
import { messageFrame, readMessageFrame } from '../wire/message.ts';
import { type Credentials, names } from '../wire/security.ts';
import { type Address, addressText } from './address.ts';
import { type BackoffLimits, backoff, DEFAULT_BACKOFF } from './backoff.ts';
import { Connection, type ConnectionLimits, DEFAULT_CONNECTION_LIMITS, type Traffic } from './connection.ts';
import { Doorway } from './doorway.ts';
import { listening, portOf } from './listening.ts';

export interface TransportLimits extends ConnectionLimits {
  /** A handshake, TLS included, must be over after this long, in milliseconds. */
  readonly handshake: number;
  /** The most connections that have not said who they are; beyond it the oldest is closed. */
  readonly strangers: number;
  readonly backoff: BackoffLimits;
  /** A session that lasted this long, in milliseconds, was a success: after it, the next wait is the first one again. */
  readonly lasting: number;
}

export const DEFAULT_TRANSPORT_LIMITS: TransportLimits = {
  ...DEFAULT_CONNECTION_LIMITS,
  handshake: 5000,
  strangers: 128,
  backoff: DEFAULT_BACKOFF,
  lasting: 1000,
};

export interface TcpTransportOptions {
  readonly card: Card;
  readonly listen: Address;
  /** Of each other node: where it listens and what it runs. In the system's order, this node among them. */
  readonly nodes: ReadonlyMap<ProcessId, { readonly address: Address; readonly protocol: Expected }>;
  /** Of the messages that this node's protocol receives. */
  readonly schema: z.ZodType;
  /** Null: plain TCP. */
  readonly credentials: Credentials | null;
  readonly log: Log;
  /** A number in [0, 1). */
  readonly random: () => number;
  readonly limits?: Partial<TransportLimits>;
}

interface Live {
  readonly session: Session;
  readonly connection: Connection;
}

export class TcpTransport implements Transport {
  readonly traffic: Traffic & { refused: number } = {
    framesSent: 0,
    framesReceived: 0,
    bytesSent: 0,
    bytesReceived: 0,
    refused: 0,
  };
  readonly #options: TcpTransportOptions;
  readonly #limits: TransportLimits;
  readonly #server: Server;
  readonly #doorway: Doorway;
  readonly #protocols: ReadonlyMap<ProcessId, Expected>;
  readonly #live = new Map<ProcessId, Live>();
  /** Connections in their handshake, and those that are closing. */
  readonly #others = new Set<Connection>();
  readonly #waits = new Set<NodeJS.Timeout>();
  #events: TransportEvents | null = null;
  #isClosed = false;
  #dialled = 0;

  private constructor(options: TcpTransportOptions) {
    this.#options = options;
    this.#limits = { ...DEFAULT_TRANSPORT_LIMITS, ...options.limits };
    this.#protocols = new Map([...options.nodes].map(([id, { protocol }]) => [id, protocol]));
    const { credentials } = options;
    const answer = (socket: Socket): void => this.#answer(socket);
    this.#server =
      credentials === null
        ? createServer(answer)
        : createSecureServer({ ...credentials, handshakeTimeout: this.#limits.handshake }, answer);
    this.#doorway = new Doorway(this.#limits.strangers, options.log);
    this.#server.on('connection', (socket: Socket) => this.#doorway.enter(socket));
    this.#server.on('tlsClientError', (error: Error, socket: TLSSocket) => {
      this.traffic.refused += 1;
      options.log.warn({ from: placeOf(socket) }, `connection refused: ${messageOf(error)}`);
    });
  }

  /**
   * Listens; peers that dial are heard once the transport is open.
   *
   * @throws UsageError when the address cannot be had.
   */
  static async listen(options: TcpTransportOptions): Promise<TcpTransport> {
    const transport = new TcpTransport(options);
    await listening(transport.#server, options.listen, 'the peers');
    return transport;
  }

  /** Where it listens: the port that the system has chosen, if 0 was asked for. */
  get port(): number {
    return portOf(this.#server);
  }

  open(events: TransportEvents): void {
    this.#events = events;
    const ids = [...this.#options.nodes.keys()];
    for (const peer of ids.slice(ids.indexOf(this.#options.card.node) + 1)) this.#dial(peer, 0);
  }

  send(peer: ProcessId, session: Session, frame: Frame): void {
    const live = this.#live.get(peer);
    if (live?.session !== session) return;
    try {
      live.connection.send(messageFrame(frame));
    } catch (thrown) {
      // The link loses messages only with its session.
      live.connection.close(`cannot send ${frame.message.type}: ${messageOf(thrown)}`, true);
    }
  }

  flush(): void {
    for (const { connection } of this.#live.values()) connection.flush();
  }

  pause(peer: ProcessId): void {
    this.#live.get(peer)?.connection.pause();
  }

  resume(peer: ProcessId): void {
    this.#live.get(peer)?.connection.resume();
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    for (const wait of this.#waits) clearTimeout(wait);
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    for (const { connection } of this.#live.values()) connection.finish('this node stops');
    for (const connection of this.#others) connection.close('this node stops');
    this.#doorway.clear();
    await closed;
  }

  #dial(peer: ProcessId, failures: number): void {
    const node = this.#options.nodes.get(peer);
    if (this.#isClosed || node === undefined) return;
    const { card, credentials, log } = this.#options;
    this.#dialled += 1;
    const session = `${card.node}/${card.incarnation}/${this.#dialled}`;
    const { address } = node;
    const socket =
      credentials === null
        ? connect(address)
        : connectSecurely({
            ...credentials,
            ...address,
            checkServerIdentity: (_host, certificate) =>
              names(certificate, peer) ? undefined : new Error(`its certificate does not name ${peer}`),
          });
    let since: number | null = null;
    const connection = this.#connection(
      socket,
      (answer) => {
        const its = readAnswer(answer);
        const wrong = its.node === peer ? objection(card, its, this.#protocols) : `it is ${its.node}, not ${peer}`;
        if (wrong !== null) throw new WireError(wrong);
        since = Date.now();
        this.#establish(its, session, connection);
        return its;
      },
      (reason, isFault) => {
        if (this.#isClosed) return;
        const lasted = since !== null && Date.now() - since >= this.#limits.lasting;
        const tried = lasted ? 0 : failures;
        const wait = backoff(tried, this.#limits.backoff, this.#options.random());
        const level = isFault ? 'warn' : since === null && failures > 0 ? 'debug' : 'info';
        log[level](
          { peer, address: addressText(address), wait: Math.round(wait) },
          `no session with ${peer}: ${reason}`,
        );
        const timer = setTimeout(() => {
          this.#waits.delete(timer);
          this.#dial(peer, tried + 1);
        }, wait);
        this.#waits.add(timer);
      },
    );
    socket.once(credentials === null ? 'connect' : 'secureConnect', () => connection.send(hello(card, peer, session)));
  }

  #answer(socket: Socket): void {
    const { card, log } = this.#options;
    const from = placeOf(socket);
    let isWelcome = false;
    const connection = this.#connection(
      socket,
      (value) => {
        const { hello: its, to, session } = readHello(value);
        const wrong = this.#wrongWith(its, to, socket);
        if (wrong !== null) {
          connection.send(refusal(wrong));
          connection.finish(wrong, true);
          return null;
        }
        isWelcome = true;
        this.#doorway.pass(socket);
        this.#live.get(its.node)?.connection.close('the peer dialled anew');
        connection.send(welcome(card));
        this.#establish(its, session, connection);
        return its;
      },
      (reason, isFault) => {
        if (isWelcome || this.#isClosed) return;
        this.traffic.refused += 1;
        log[isFault ? 'warn' : 'debug']({ from }, `connection refused: ${reason}`);
      },
    );
  }

  /** Why who dials is not let in; null when nothing is wrong. */
  #wrongWith(its: Card, to: ProcessId, socket: Socket): string | null {
    const { card, credentials } = this.#options;
    if (this.#events === null) return `${card.node} is about to start`;
    if (to !== card.node) return `this is ${card.node}, not ${to}`;
    if (credentials !== null && !(socket instanceof TLSSocket && names(socket.getPeerCertificate(), its.node))) {
      return `its certificate does not name ${its.node}`;
    }
    return objection(card, its, this.#protocols);
  }

  /**
   * A connection that begins with a handshake, and goes on with messages.
   *
   * @param greet takes the first frame; gives the card of the peer with which there is a session from now on, or null
   * @param ended the connection is over, whether or not there ever was a session
   */
  #connection(
    socket: Socket,
    greet: (first: unknown) => Card | null,
    ended: (reason: string, isFault: boolean) => void,
  ): Connection {
    const { log } = this.#options;
    let peer: Card | null = null;
    const deadline = setTimeout(
      () => connection.close(`no handshake within ${this.#limits.handshake} ms`, true),
      this.#limits.handshake,
    );
    const connection: Connection = new Connection(socket, this.#limits, HANDSHAKE_LIMIT, this.traffic, {
      frame: (value) => {
        if (peer !== null) return this.#receive(peer, connection, value);
        peer = greet(value);
        if (peer === null) return;
        clearTimeout(deadline);
        this.#others.delete(connection);
      },
      closed: (reason, isFault) => {
        clearTimeout(deadline);
        this.#others.delete(connection);
        if (peer !== null) this.#lose(peer.node, connection, reason, isFault);
        ended(reason, isFault);
      },
    });
    this.#others.add(connection);
    log.debug({ place: placeOf(socket) }, 'connection');
    return connection;
  }

  #establish({ node, incarnation }: Card, session: Session, connection: Connection): void {
    connection.establish();
    this.#live.set(node, { session, connection });
    this.#options.log.info({ peer: node, incarnation, session }, `session with ${node}`);
    this.#events?.linkUp(node, session);
  }

  #lose(peer: ProcessId, connection: Connection, reason: string, isFault: boolean): void {
    const live = this.#live.get(peer);
    if (live?.connection !== connection) return;
    this.#live.delete(peer);
    if (this.#isClosed) return;
    const level = isFault ? 'warn' : 'info';
    this.#options.log[level]({ peer, session: live.session }, `session with ${peer} lost: ${reason}`);
    this.#events?.linkDown(peer, live.session);
  }

  #receive({ node, incarnation }: Card, connection: Connection, value: unknown): void {
    const live = this.#live.get(node);
    if (live?.connection !== connection || this.#isClosed) return;
    const frame = readMessageFrame(value, { from: node, incarnation }, this.#options.schema);
    this.#events?.receive(node, live.session, frame);
  }
}

function placeOf(socket: Socket): string {
  return addressText({ host: socket.remoteAddress ?? 'unknown', port: socket.remotePort ?? 0 });
}
