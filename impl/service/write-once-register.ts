/**
 * A write-once register over single-decree Paxos: the first value to be chosen stays. Whoever writes learns the value that
 * was chosen, its own or another's.
 *
 * Over HTTP: `PUT /register {"value": "a"}` proposes and answers with what is decided; `GET /register` says what this node
 * knows to be decided, and does not ask the others: 404 means only that it does not know.
 *
 * Each node proposes one value, the first that it is given (Paxos as it is modelled); a second client waits for the same
 * decision. What is decided never changes, so a node that has decided answers by itself.
 */

import type { IncomingMessage, ServerResponse } from 'node:http';
import { z } from 'zod';
import type { AnyTagged } from '../../model/contract/protocol.ts';
import type { State, Value } from '../../model/paxos/paxos.ts';
import type { HttpHandler } from '../host/http.ts';
import type { Node, User } from '../node/node.ts';
import { BadRequest, fits, jsonOf, pathnameOf, send } from './http-json.ts';

const body = z.strictObject({ value: z.string() });
/** Milliseconds after which the node says that it does not know. */
const TIMEOUT = 5000;

export class WriteOnceRegister implements User {
  readonly #waiting = new Set<(value: Value) => void>();

  constructor(
    /** The node; there when the first request comes. */
    private readonly node: () => Pick<Node, 'request' | 'local'>,
  ) {}

  /** What this node knows to be decided; null when it knows of nothing. */
  get decided(): Value | null {
    return (this.node().local?.state as State | undefined)?.decided ?? null;
  }

  /**
   * Proposes a value. `done` is called with what is decided, perhaps never: then the value may still be chosen.
   *
   * @returns how to stop waiting; null when the node is too busy, and has not heard of the value.
   */
  propose(value: Value, done: (decided: Value) => void): (() => void) | null {
    const { decided } = this;
    if (decided !== null) {
      done(decided);
      return () => {};
    }
    if (!this.node().request('register', { type: 'propose', value })) return null;
    this.#waiting.add(done);
    return () => void this.#waiting.delete(done);
  }

  respond(): void {}

  indicate(indication: AnyTagged): void {
    const waiting = [...this.#waiting];
    this.#waiting.clear();
    for (const done of waiting) done(String(indication.value));
  }
}

/** The register over HTTP. */
export function registerApi(register: WriteOnceRegister, about: () => object): HttpHandler {
  return (request, response) => {
    const pathname = pathnameOf(request);
    if (pathname === '/status' && request.method === 'GET') {
      send(response, 200, { ...about(), decided: register.decided });
      return true;
    }
    if (pathname !== '/register') return false;
    if (request.method === 'GET') {
      const value = register.decided;
      send(response, value === null ? 404 : 200, { value });
    } else {
      write(request, response, register).catch((thrown: unknown) => {
        const status = thrown instanceof BadRequest ? thrown.status : 400;
        send(response, status, { error: String((thrown as Error).message), happened: false });
      });
    }
    return true;
  };
}

async function write(request: IncomingMessage, response: ServerResponse, register: WriteOnceRegister): Promise<void> {
  if (request.method !== 'PUT') throw new BadRequest(405, `${request.method} is not for a register: GET or PUT it`);
  const { value } = fits(body, await jsonOf(request));
  let stop: (() => void) | null = null;
  const late = setTimeout(() => {
    stop?.();
    send(response, 504, { error: `nothing was decided within ${TIMEOUT} ms`, happened: 'maybe' });
  }, TIMEOUT);
  stop = register.propose(value, (decided) => {
    clearTimeout(late);
    send(response, 200, { value: decided, written: decided === value });
  });
  if (stop !== null) return;
  clearTimeout(late);
  send(response, 503, { error: 'this node has too much to do', happened: false });
}
