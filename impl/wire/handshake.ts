/**
 * The handshake: who is at the other end, of which cluster, with which protocol.
 *
 * The dialer says Hello, and whom it means to talk to. The other end answers with Welcome, and from then on there is a
 * session; or with Refusal, and closes. Nothing but these is read before, and they are small.
 */

import { z } from 'zod';
import type { ProcessId } from '../../model/contract/protocol.ts';
import { WireError } from './frames.ts';

/** The version of the frames themselves. */
const WIRE = 1;

/** The largest frame of a handshake, in bytes. */
export const HANDSHAKE_LIMIT = 4096;

/** Who a node is to its peers. */
export interface Card {
  readonly cluster: string;
  readonly node: ProcessId;
  readonly protocol: string;
  readonly protocolVersion: number;
  readonly incarnation: number;
}

const name = z.string().min(1).max(200);

const helloSchema = z.strictObject({
  lockstep: z.literal(WIRE),
  hello: z.strictObject({
    cluster: name,
    node: name,
    protocol: name,
    protocolVersion: z.int(),
    incarnation: z.int().min(1),
  }),
  to: name,
  session: name,
});

const answerSchema = z.union([
  z.strictObject({ lockstep: z.literal(WIRE), welcome: helloSchema.shape.hello }),
  z.strictObject({ lockstep: z.literal(WIRE), refusal: z.string().max(1000) }),
]);

export type Hello = z.infer<typeof helloSchema>;

export function hello(card: Card, to: ProcessId, session: string): Hello {
  return { lockstep: WIRE, hello: { ...card }, to, session };
}

export function welcome(card: Card): z.infer<typeof answerSchema> {
  return { lockstep: WIRE, welcome: { ...card } };
}

export function refusal(reason: string): z.infer<typeof answerSchema> {
  return { lockstep: WIRE, refusal: reason };
}

/** @throws WireError when it is no Hello of this version. */
export function readHello(value: unknown): Hello {
  const parsed = helloSchema.safeParse(value);
  if (!parsed.success) throw new WireError(`no Hello of lockstep's wire version ${WIRE}`);
  return parsed.data;
}

/** The card of the node that answers. @throws WireError when it refuses, or answers with something else. */
export function readAnswer(value: unknown): Card {
  const parsed = answerSchema.safeParse(value);
  if (!parsed.success) throw new WireError(`no answer of lockstep's wire version ${WIRE}`);
  if ('refusal' in parsed.data) throw new WireError(`refused by the other end: ${parsed.data.refusal}`);
  return parsed.data.welcome;
}

/** What is wrong with a peer that shows this card; null when nothing is. */
export function objection(own: Card, peer: Card, protocols: ReadonlyMap<ProcessId, Expected>): string | null {
  if (peer.cluster !== own.cluster) return `node ${peer.node} is of cluster '${peer.cluster}', not of '${own.cluster}'`;
  const expected = protocols.get(peer.node);
  if (expected === undefined || peer.node === own.node) return `node ${peer.node} is no peer of ${own.node}`;
  if (peer.protocol !== expected.name || peer.protocolVersion !== expected.version) {
    const [its, wanted] = [
      `${peer.protocol} version ${peer.protocolVersion}`,
      `${expected.name} version ${expected.version}`,
    ];
    return `node ${peer.node} runs ${its}, not ${wanted}`;
  }
  return null;
}

/** The protocol that a peer is expected to run. */
export interface Expected {
  readonly name: string;
  readonly version: number;
}
