/** The HTTP side of a node: health and metrics, and whatever else is hosted. */

import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { TLSSocket } from 'node:tls';
import { messageOf } from '../../model/contract/errors.ts';
import type { Log } from '../log.ts';
import type { Address } from '../transport/address.ts';
import { Doorway } from '../transport/doorway.ts';
import { listening, portOf } from '../transport/listening.ts';
import type { Credentials } from '../wire/security.ts';

/** Takes a request if it is for it, and says so; answers it then or later. */
export type HttpHandler = (request: IncomingMessage, response: ServerResponse) => boolean;

export interface HttpOptions {
  readonly address: Address;
  /** Null: plain HTTP. Otherwise clients must present a certificate too. */
  readonly credentials: Credentials | null;
  readonly handlers: readonly HttpHandler[];
  readonly log: Log;
}

/** The most connections on which no request has come yet. */
const STRANGERS = 256;
/** Milliseconds. */
const HEADERS_TIMEOUT = 5000;
const REQUEST_TIMEOUT = 30_000;
const IDLE_TIMEOUT = 60_000;

export class HttpService {
  readonly #server: Server;
  readonly #doorway: Doorway;

  private constructor({ credentials, handlers, log }: HttpOptions) {
    const limits = { headersTimeout: HEADERS_TIMEOUT, requestTimeout: REQUEST_TIMEOUT, keepAliveTimeout: IDLE_TIMEOUT };
    const answer = (request: IncomingMessage, response: ServerResponse): void => {
      this.#doorway.pass(request.socket);
      if (!handlers.some((handle) => handle(request, response))) {
        sendJson(response, 404, { error: `there is nothing at ${request.method} ${request.url}` });
      }
    };
    this.#server =
      credentials === null ? createServer(limits, answer) : createSecureServer({ ...credentials, ...limits }, answer);
    this.#doorway = new Doorway(STRANGERS, log);
    this.#server.on('connection', (socket) => this.#doorway.enter(socket));
    this.#server.on('tlsClientError', (error: Error, socket: TLSSocket) => {
      log.warn({ from: socket.remoteAddress }, `client refused: ${messageOf(error)}`);
    });
  }

  /** @throws UsageError when the address cannot be had. */
  static async listen(options: HttpOptions): Promise<HttpService> {
    const service = new HttpService(options);
    await listening(service.#server, options.address, 'clients');
    return service;
  }

  get port(): number {
    return portOf(this.#server);
  }

  /** Lets requests that have come be answered, for a while. */
  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    this.#doorway.clear();
    this.#server.closeIdleConnections();
    const last = setTimeout(() => this.#server.closeAllConnections(), 1000);
    await closed;
    clearTimeout(last);
  }
}

export function sendJson(response: ServerResponse, status: number, body: unknown): void {
  const text = `${JSON.stringify(body)}\n`;
  response.writeHead(status, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(text) });
  response.end(text);
}
