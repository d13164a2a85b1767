/**
 * The key-value service over HTTP, with JSON, for people and programs.
 *
 *     GET    /kv/KEY                                              the value
 *     PUT    /kv/KEY   {"value": "1"}                             puts it
 *     PUT    /kv/KEY   {"value": "2", "expected": "1"}            compare-and-set; null expects that there is none
 *     DELETE /kv/KEY                                              whether there was a value
 *     POST   /execute  {"client": ..., "seq": ..., "op": ...}     an operation as a client's number: exactly once
 *     GET    /status                                              who this node is, and who leads
 *
 * Only the last but one protects against executing a repeated request twice; each of the others is an operation of its own.
 * Whatever is no answer says in `happened` whether the operation may have been executed: false or "maybe".
 */

import type { IncomingMessage, ServerResponse } from 'node:http';
import { z } from 'zod';
import type { ProcessId } from '../../model/contract/protocol.ts';
import { stateMachines } from '../../model/kernels/state-machine.ts';
import type { KeyValueOp, KeyValueResult } from '../../spec/key-value.ts';
import { AnonymousClients } from './anonymous-clients.ts';
import { BadRequest, fits, jsonOf, pathnameOf, send } from './http-json.ts';
import type { KeyValueService, Outcome, Request } from './key-value-service.ts';

export interface HttpApiOptions {
  readonly service: KeyValueService;
  /** What a node tells of itself besides who leads. */
  readonly about: () => object;
  /** The base URL of the HTTP service of another node, when it is known. */
  readonly urlOf: (node: ProcessId) => string | undefined;
  /** Milliseconds after which the node says that it does not know. Default 5000. */
  readonly timeout?: number;
}

const MOST_KEY = 1024;

const key = z.string().min(1).max(MOST_KEY);
const putSchema = z.strictObject({ value: z.string(), expected: z.string().nullable().optional() });
/** Clients' names are shown to people, in recordings and logs. */
const executeSchema = z.strictObject({
  client: z.string().regex(/^[A-Za-z0-9][A-Za-z0-9.:-]{0,99}$/, 'is letters, digits, dots, colons and dashes'),
  seq: z.int().min(1),
  op: stateMachines['key-value'].op,
});

/** Takes the requests that are for the service; tells of others that they are not. */
export function keyValueApi(options: HttpApiOptions): (request: IncomingMessage, response: ServerResponse) => boolean {
  const anonymous = new AnonymousClients();
  return (request, response) => {
    const pathname = pathnameOf(request);
    if (pathname === '/status' && request.method === 'GET') {
      send(response, 200, { ...options.about(), ...options.service.standing() });
      return true;
    }
    if (pathname !== '/execute' && !pathname.startsWith('/kv/')) return false;
    const refuse = (thrown: unknown): void => {
      const status = thrown instanceof BadRequest ? thrown.status : 400;
      send(response, status, { error: String((thrown as Error).message), happened: false });
    };
    if (pathname === '/execute') {
      readTyped(request).then((asked) => execute(asked, true, response, options, () => {}), refuse);
    } else {
      readPlain(request, pathname).then((op) => {
        const numbered = anonymous.take();
        execute({ ...numbered, op }, false, response, options, () => anonymous.giveBack(numbered));
      }, refuse);
    }
    return true;
  };
}

/** @throws BadRequest */
async function readTyped(request: IncomingMessage): Promise<Request> {
  if (request.method !== 'POST') throw new BadRequest(405, 'POST an operation here');
  const { client, seq, op } = fits(executeSchema, await jsonOf(request));
  const asked = op as KeyValueOp;
  fits(key, asked.key);
  return { client, seq, op: asked };
}

/** @throws BadRequest */
async function readPlain(request: IncomingMessage, pathname: string): Promise<KeyValueOp> {
  const { method } = request;
  const named = fits(key, decoded(pathname.slice('/kv/'.length)));
  switch (method) {
    case 'GET':
      return { type: 'get', key: named };
    case 'DELETE':
      return { type: 'delete', key: named };
    case 'PUT': {
      const { value, expected } = fits(putSchema, await jsonOf(request));
      if (expected === undefined) return { type: 'put', key: named, value };
      return { type: 'compare-and-set', key: named, expected, value };
    }
    default:
      throw new BadRequest(405, `${method} is not for a key: GET, PUT or DELETE it`);
  }
}

/** @param settled called when the request has been executed, or has not been taken and never will be */
function execute(
  asked: Request,
  isTyped: boolean,
  response: ServerResponse,
  options: HttpApiOptions,
  settled: () => void,
): void {
  const { service, urlOf, timeout = 5000 } = options;
  const late = setTimeout(() => {
    send(response, 504, { error: `no answer within ${timeout} ms`, happened: 'maybe', leader: leaderOf(service) });
  }, timeout);
  service.execute(asked, (outcome) => {
    clearTimeout(late);
    if (outcome.type !== 'unclear') settled();
    if (response.writableEnded) return;
    if (outcome.type === 'executed') {
      send(response, 200, isTyped ? { result: outcome.result } : described(asked.op, outcome.result));
      return;
    }
    const [status, body] = refusal(outcome, service.self);
    const url = body.leader === null ? undefined : urlOf(body.leader);
    // A repeated request of a client without a number would be another operation: it may follow only if this was not taken.
    const location = url !== undefined && status === 421 ? { location: `${url}${pathOf(asked, isTyped)}` } : {};
    send(response, 'location' in location ? 307 : status, body, location);
  });
}

interface Refusal {
  readonly error: string;
  readonly happened: false | 'maybe';
  readonly leader: ProcessId | null;
}

function refusal(outcome: Exclude<Outcome, { type: 'executed' }>, self: ProcessId): [status: number, Refusal] {
  switch (outcome.type) {
    case 'elsewhere': {
      const { leader } = outcome;
      if (leader === null) return [503, { error: `${self} knows no leader`, happened: false, leader }];
      return [421, { error: `${self} does not lead; ${leader} does`, happened: false, leader }];
    }
    case 'unclear': {
      const { leader } = outcome;
      return [504, { error: `${self} does not lead any more; ${leader} does`, happened: 'maybe', leader }];
    }
    case 'busy':
      return [503, { error: `${self} has too much to do`, happened: false, leader: null }];
  }
}

/** A result as people read it. */
function described(op: KeyValueOp, result: KeyValueResult): object {
  switch (op.type) {
    case 'get':
      return { key: op.key, value: result };
    case 'put':
      return { key: op.key, value: op.value };
    case 'delete':
      return { key: op.key, deleted: result };
    case 'compare-and-set':
      return { key: op.key, swapped: result };
  }
}

function pathOf({ op }: Request, isTyped: boolean): string {
  return isTyped ? '/execute' : `/kv/${encodeURIComponent(op.key)}`;
}

function leaderOf(service: KeyValueService): ProcessId | null {
  return service.standing()?.leader ?? null;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new BadRequest(400, `'${text}' is not a key: it is not encoded as a URL`);
  }
}
