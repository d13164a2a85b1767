/** The three networks over plain data: what is in flight, what can be delivered, what a sent message adds. */

import { canonical, inCanonicalOrder } from '../../model/contract/data.ts';
import type { AnyTagged, ProcessId } from '../../model/contract/protocol.ts';
import type { Network } from '../../model/contract/system.ts';

export interface InFlight {
  readonly from: ProcessId;
  readonly to: ProcessId;
  readonly message: AnyTagged;
}

/**
 * How the receiver of a link sees its session with the sender.
 * - `up`: alive, and it knows.
 * - `closing`: lost, and it has not learned of it: it may still receive a prefix of what was in flight.
 * - `down`: lost, and it knows.
 * - `opening`: alive again, and it has not learned of it.
 */
export type SessionView = 'up' | 'closing' | 'down' | 'opening';

/** One direction between two processes of a `fifo` network. */
export interface Link {
  readonly queue: readonly AnyTagged[];
  readonly session: SessionView;
}

/** `set` and `bag`: messages in canonical order; a bag repeats what is in flight more than once. `fifo`: links by name. */
export type InTransit =
  | { readonly kind: 'set' | 'bag'; readonly messages: readonly InFlight[] }
  | { readonly kind: 'fifo'; readonly links: Readonly<Record<string, Link>> };

export function linkName(from: ProcessId, to: ProcessId): string {
  return `${from}>${to}`;
}

/** The sender and the receiver of a link. */
export function linkEnds(name: string): readonly [from: ProcessId, to: ProcessId] {
  const [from = '', to = ''] = name.split('>');
  return [from, to];
}

/** Nothing in flight, and every session up. */
export function quiet(kind: Network, ids: readonly ProcessId[]): InTransit {
  if (kind !== 'fifo') return { kind, messages: [] };
  const links = ids.flatMap((from) =>
    ids.filter((to) => to !== from).map((to) => [linkName(from, to), { queue: [], session: 'up' }] as const),
  );
  return { kind, links: Object.fromEntries(links) };
}

export function countInFlight(transit: InTransit): number {
  if (transit.kind !== 'fifo') return transit.messages.length;
  return Object.values(transit.links).reduce((sum, { queue }) => sum + queue.length, 0);
}

/** Each message that could be delivered next, once, with the network after its delivery. */
export function deliverable(transit: InTransit): { readonly sent: InFlight; readonly rest: InTransit }[] {
  if (transit.kind !== 'fifo') {
    return distinct(transit.messages).map((sent) => ({
      sent,
      rest: transit.kind === 'set' ? transit : without(transit, sent),
    }));
  }
  return Object.entries(transit.links).flatMap(([name, { queue, session }]) => {
    const [message, ...later] = queue;
    if (message === undefined || (session !== 'up' && session !== 'closing')) return [];
    const [from, to] = linkEnds(name);
    return [{ sent: { from, to, message }, rest: setLink(transit, name, { queue: later, session }) }];
  });
}

/** The network after a send. Over `fifo`, a sender without a live session sends into the void. */
export function send(transit: InTransit, sent: InFlight): InTransit {
  if (transit.kind === 'fifo') {
    const name = linkName(sent.from, sent.to);
    const link = transit.links[name];
    if (link === undefined || sessionOf(transit, sent.to, sent.from) !== 'up') return transit;
    return setLink(transit, name, { ...link, queue: [...link.queue, sent.message] });
  }
  if (transit.kind === 'set' && transit.messages.some((other) => canonical(other) === canonical(sent))) return transit;
  return { ...transit, messages: inOrder([...transit.messages, sent]) };
}

/** The bag with one copy of a message less. */
export function without(transit: InTransit & { kind: 'set' | 'bag' }, sent: InFlight): InTransit {
  const gone = transit.messages.indexOf(sent);
  return { ...transit, messages: transit.messages.filter((_, index) => index !== gone) };
}

/** The bag with one copy of a message more. */
export function duplicated(transit: InTransit & { kind: 'set' | 'bag' }, sent: InFlight): InTransit {
  return { ...transit, messages: inOrder([...transit.messages, sent]) };
}

/** How `receiver` sees its session with `sender`. */
export function sessionOf(transit: InTransit & { kind: 'fifo' }, sender: ProcessId, receiver: ProcessId): SessionView {
  return transit.links[linkName(sender, receiver)]?.session ?? 'down';
}

/** The session between two live processes is lost: each side that knew it is yet to learn. */
export function cut(transit: InTransit & { kind: 'fifo' }, a: ProcessId, b: ProcessId): InTransit {
  return lose(lose(transit, a, b), b, a);
}

/** A process has crashed: it forgets its sessions, and its peers are yet to learn. */
export function crashedSessions(
  transit: InTransit & { kind: 'fifo' },
  crashed: ProcessId,
  peers: readonly ProcessId[],
): InTransit {
  let after: InTransit & { kind: 'fifo' } = transit;
  for (const peer of peers) {
    after = lose(setLink(after, linkName(peer, crashed), { queue: [], session: 'down' }), crashed, peer);
  }
  return after;
}

/** A new session between two processes that both know that the last one is lost. */
export function connect(transit: InTransit & { kind: 'fifo' }, a: ProcessId, b: ProcessId): InTransit {
  const fresh: Link = { queue: [], session: 'opening' };
  return setLink(setLink(transit, linkName(a, b), fresh), linkName(b, a), fresh);
}

/** The receiver learns that its session with the sender is lost, or that there is a new one. */
export function learn(
  transit: InTransit & { kind: 'fifo' },
  sender: ProcessId,
  receiver: ProcessId,
  session: 'down' | 'up',
) {
  const name = linkName(sender, receiver);
  const queue = session === 'down' ? [] : (transit.links[name]?.queue ?? []);
  return setLink(transit, name, { queue, session });
}

/** The receiver's side of a session that is lost. A session that it never knew of is gone without a trace. */
function lose(transit: InTransit & { kind: 'fifo' }, sender: ProcessId, receiver: ProcessId) {
  const name = linkName(sender, receiver);
  const { queue = [], session = 'down' } = transit.links[name] ?? {};
  return setLink(
    transit,
    name,
    session === 'up' || session === 'closing' ? { queue, session: 'closing' } : { queue: [], session: 'down' },
  );
}

function setLink(transit: InTransit & { kind: 'fifo' }, name: string, link: Link): InTransit & { kind: 'fifo' } {
  return { kind: 'fifo', links: { ...transit.links, [name]: link } };
}

function distinct(messages: readonly InFlight[]): InFlight[] {
  return messages.filter((sent, index) => {
    const before = messages[index - 1];
    return before === undefined || canonical(before) !== canonical(sent);
  });
}

/** Messages as a `set` or `bag` lists them. */
export function inOrder(messages: readonly InFlight[]): InFlight[] {
  return inCanonicalOrder(messages);
}
