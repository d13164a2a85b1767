/** Asking a node over HTTP, with what its answer or its silence says about the operation. */

import { Agent, type ClientRequest, request as httpRequest } from 'node:http';
import { request as httpsRequest, Agent as SecureAgent } from 'node:https';
import { z } from 'zod';
import type { ProcessId } from '../../model/contract/protocol.ts';
import { stateMachines } from '../../model/kernels/state-machine.ts';
import type { KeyValueResult } from '../../spec/key-value.ts';
import type { Ask, Reply } from './client.ts';
import type { Request } from './key-value-service.ts';

/** The certificates of a client, as PEM. */
export interface ClientCredentials {
  readonly ca: string | Buffer;
  readonly cert: string | Buffer;
  readonly key: string | Buffer;
}

const answerSchema = z.object({ result: stateMachines['key-value'].result });
const refusalSchema = z.object({
  error: z.string(),
  happened: z.union([z.literal(false), z.literal('maybe')]),
  leader: z.string().nullable().default(null),
});

/** Errors of a connection that was never made: the node cannot have heard the request. */
const UNHEARD = ['ECONNREFUSED', 'EHOSTUNREACH', 'ENETUNREACH', 'ENOTFOUND', 'EADDRNOTAVAIL'];

/**
 * Asks over kept-alive connections.
 *
 * @param urls the base URL of each node
 */
export function httpAsk(
  urls: ReadonlyMap<ProcessId, string>,
  credentials: ClientCredentials | null = null,
): { ask: Ask; close: () => void } {
  const agent =
    credentials === null ? new Agent({ keepAlive: true }) : new SecureAgent({ keepAlive: true, ...credentials });
  const ask: Ask = (node, asked, timeoutMs) => {
    const base = urls.get(node);
    if (base === undefined) return Promise.resolve(refused(`there is no address for ${node}`));
    return new Promise((resolve) => post(new URL('/execute', base), asked, timeoutMs, agent, resolve));
  };
  return { ask, close: () => agent.destroy() };
}

function post(url: URL, asked: Request, timeoutMs: number, agent: Agent, done: (reply: Reply) => void): void {
  const body = JSON.stringify(asked);
  const options = {
    method: 'POST',
    agent,
    headers: { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) },
  };
  const sent: ClientRequest = url.protocol === 'https:' ? httpsRequest(url, options) : httpRequest(url, options);
  const late = setTimeout(() => {
    const why = `no answer from ${url.host} within ${Math.round(timeoutMs)} ms`;
    // Nothing is sent before there is a connection.
    done(sent.socket === null || sent.socket.connecting ? refused(why) : unknown(why));
    sent.destroy();
  }, timeoutMs);
  const finish = (reply: Reply): void => {
    clearTimeout(late);
    done(reply);
  };
  sent.on('error', (error: NodeJS.ErrnoException) => {
    const why = `${url.host}: ${error.message}`;
    finish(UNHEARD.includes(error.code ?? '') ? refused(why) : unknown(why));
  });
  sent.on('response', (response) => {
    let text = '';
    response.setEncoding('utf8');
    response.on('data', (chunk: string) => {
      text += chunk;
    });
    response.on('end', () => finish(replyOf(response.statusCode ?? 0, text, url)));
    response.on('error', (error) => finish(unknown(`${url.host}: ${error.message}`)));
  });
  sent.end(body);
}

function replyOf(status: number, text: string, { host }: URL): Reply {
  const json = jsonOf(text);
  if (status === 200) {
    const answer = answerSchema.safeParse(json);
    if (answer.success) return { type: 'executed', result: answer.data.result as KeyValueResult };
  }
  const refusal = refusalSchema.safeParse(json);
  if (!refusal.success) return unknown(`${host} answered with status ${status}`);
  const { error: why, happened, leader } = refusal.data;
  return { type: happened === false ? 'refused' : 'unknown', leader, why };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function refused(why: string): Reply {
  return { type: 'refused', leader: null, why };
}

function unknown(why: string): Reply {
  return { type: 'unknown', leader: null, why };
}
