/**
 * Links of a `fifo` network, interned: what is queued from one process to another, and how the receiver sees the session.
 * Each operation on a link runs once per distinct link and argument.
 */

import { canonical, fromCanonical } from '../../model/contract/data.ts';
import type { Renaming } from '../../model/contract/symmetry.ts';
import { linkEnds, type SessionView } from '../semantics/network.ts';
import { renamedLink } from '../semantics/renaming.ts';
import { IntList } from './growable.ts';
import type { Interning, SharedInterner } from './interning.ts';
import { PairTable } from './pair-table.ts';
import type { StepMemo } from './step-memo.ts';

interface QueuedLink {
  readonly name: string;
  /** Ids of receipts, the next first. */
  readonly queue: readonly number[];
  readonly session: SessionView;
}

/** What the environment or the receiver does to a link. */
export type LinkChange = 'pop' | 'reset' | 'lose' | 'open' | 'learnDown' | 'learnUp';

/** A number for each change, as the second half of a memo's key. */
const CHANGE_NUMBERS: Readonly<Record<LinkChange, number>> = {
  pop: 1,
  reset: 2,
  lose: 3,
  open: 4,
  learnDown: 5,
  learnUp: 6,
};

const SESSIONS: readonly SessionView[] = ['up', 'closing', 'down', 'opening'];

export const UP = 0;
export const CLOSING = 1;
export const DOWN = 2;
export const OPENING = 3;

export class LinkMemo {
  readonly links: SharedInterner<QueuedLink>;
  /** By link id: the message that can be delivered next (0: none), how the receiver sees the session, how much is queued. */
  readonly head = new IntList();
  readonly session = new IntList();
  readonly queued = new IntList();
  readonly #memo: StepMemo;
  readonly #pushed = new PairTable();
  readonly #changed = new PairTable();

  constructor(interning: Interning, memo: StepMemo) {
    this.#memo = memo;
    for (const list of [this.head, this.session, this.queued]) list.push(0);
    this.links = interning.interner(
      (name, text) => this.#decode(name, text),
      (_id, link) => this.#announce(link),
    );
  }

  /** A link with nothing in flight and its session up. */
  quiet(name: string): number {
    return this.#intern({ name, queue: [], session: 'up' });
  }

  /** The link with a message more at its end. */
  push(link: number, message: number): number {
    const known = this.#pushed.get(link, message);
    if (known !== 0) return known;
    const { name, queue, session } = this.links.value(link);
    const after = this.#intern({ name, queue: [...queue, message], session });
    this.#pushed.set(link, message, after);
    return after;
  }

  change(link: number, change: LinkChange): number {
    const known = this.#changed.get(link, CHANGE_NUMBERS[change]);
    if (known !== 0) return known;
    const after = this.#intern({ ...this.links.value(link), ...changed(this.links.value(link), change) });
    this.#changed.set(link, CHANGE_NUMBERS[change], after);
    return after;
  }

  /** What a link becomes when names are exchanged, by what its messages become. */
  renamed(link: number, renaming: Renaming, imageOf: (message: number) => number): number {
    const { name, queue, session } = this.links.value(link);
    return this.#intern({ name: renamedLink(name, renaming), queue: queue.map(imageOf), session });
  }

  /** All names in a link: those of its ends, and its messages. */
  namesIn(link: number): unknown {
    const { name, queue } = this.links.value(link);
    return [linkEnds(name), queue.map((event) => this.#memo.events.value(event))];
  }

  #intern({ name, queue, session }: QueuedLink): number {
    return this.links.intern(name, canonical([session, queue.map((event) => this.#memo.events.value(event))]));
  }

  #decode(name: string, text: string): QueuedLink {
    const [session, messages] = fromCanonical(text) as [SessionView, Parameters<StepMemo['internEvent']>[0][]];
    return { name, session, queue: messages.map((message) => this.#memo.internEvent(message)) };
  }

  #announce({ queue, session }: QueuedLink): void {
    const deliverable = session === 'up' || session === 'closing';
    this.head.push(deliverable ? (queue[0] ?? 0) : 0);
    this.session.push(SESSIONS.indexOf(session));
    this.queued.push(queue.length);
  }
}

function changed({ queue, session }: QueuedLink, change: LinkChange): Partial<QueuedLink> {
  switch (change) {
    case 'pop':
      return { queue: queue.slice(1) };
    case 'lose':
      // The receiver may still get a prefix of a session that it knew of; one that it never knew of is gone.
      return session === 'up' || session === 'closing' ? { session: 'closing' } : { queue: [], session: 'down' };
    case 'reset':
    case 'learnDown':
      return { queue: [], session: 'down' };
    case 'open':
      return { queue: [], session: 'opening' };
    case 'learnUp':
      return { session: 'up' };
  }
}
