/**
 * Sessions between nodes as a recorded run has them: who believes to be in which, and what is in flight over each.
 *
 * This is the `fifo` network of docs/semantics.md, with names for sessions, and with all of them down at first. It never
 * asks whether a budget allows an event.
 */

import { equal } from '../../model/contract/data.ts';
import { UsageError } from '../../model/contract/errors.ts';
import type { AnyTagged, ProcessId } from '../../model/contract/protocol.ts';
import type { Cause } from '../../model/contract/recording.ts';
import type { Effect } from '../../model/contract/step.ts';
import { differencesOf } from './differences.ts';
import { diverge, type Place } from './divergence.ts';
import type { IncarnationEnd, ReplayedStep } from './node-replay.ts';

interface Sent {
  readonly incarnation: number;
  readonly step: number;
  readonly index: number;
  readonly message: AnyTagged;
}

/** One direction of a session: what has been sent and not been received, in order. */
interface Lane {
  readonly waiting: Sent[];
  /** Those before this one have been received. */
  next: number;
}

interface Session {
  readonly ends: readonly [ProcessId, ProcessId];
  /** The ends that are in it. */
  readonly in: Set<ProcessId>;
  /** The ends that have ever been in it. */
  readonly joined: Set<ProcessId>;
  /** By receiver. */
  readonly lanes: ReadonlyMap<ProcessId, Lane>;
}

/** How far a node has come. */
interface Reached {
  readonly incarnation: number;
  readonly step: number;
  /** Once the incarnation is over. */
  readonly end: IncarnationEnd | null;
}

/** Why an event has to wait for another node's. */
export interface Wait {
  readonly for: ProcessId;
  readonly why: string;
}

/** A session that a node joins in the course of its recording, and in which incarnation. */
export interface Join {
  readonly peer: ProcessId;
  readonly session: string;
  readonly incarnation: number;
}

export class Sessions {
  readonly #sessions = new Map<string, Session>();
  /** Of each node, by peer, the session that it is in. */
  readonly #current = new Map<ProcessId, Map<ProcessId, string>>();
  /** The last step of each node that has had its turn, and the last step at which it has ended an incarnation. */
  readonly #reached = new Map<ProcessId, Reached>();

  /** @param joins of each node, all that it will ever join, in order */
  constructor(private readonly joins: ReadonlyMap<ProcessId, readonly Join[]>) {}

  /** Whether the event can happen now; if not, for whom it waits. */
  wait({ place, recorded }: ReplayedStep): Wait | null {
    const { event, cause, session } = recorded;
    if (event.type === 'linkUp') {
      // It has not learned of the end of the last one itself: to wait would help nobody.
      if (this.#currentOf(place.node).has(event.peer)) return null;
      const last = session === null ? null : this.#lastBefore(session, place.node, event.peer);
      if (last === null || this.#hasLeft(event.peer, last)) return null;
      return { for: event.peer, why: `${event.peer} has not learned of the end of session ${last.session}` };
    }
    if (event.type !== 'receive' || cause === null || this.#hasReached(cause)) return null;
    return {
      for: cause.from,
      why: `${cause.from} has not taken step ${cause.step} of incarnation ${cause.incarnation}`,
    };
  }

  /**
   * The event happens, and what the step sends is in flight.
   *
   * @throws Diverged when it is not what the sessions allow.
   */
  take(taken: ReplayedStep): void {
    const { place, recorded } = taken;
    const { event, session } = recorded;
    if (event.type === 'receive') this.#receive(taken);
    else if (event.type === 'linkUp' && session !== null) this.#join(taken, event.peer, session);
    else if (event.type === 'linkDown' && session !== null) this.#leave(taken, event.peer, session);
    for (const [index, effect] of recorded.effects.entries()) {
      if (effect.type === 'send' && effect.to !== place.node) this.#send(place, effect, index);
    }
    this.#reached.set(place.node, { incarnation: place.incarnation, step: recorded.step, end: null });
  }

  /** An incarnation is over: the node is in no session any more. */
  end(end: IncarnationEnd): void {
    const { incarnation } = end;
    const { node } = end.place;
    const current = this.#currentOf(node);
    for (const name of current.values()) this.#drop(name, node);
    current.clear();
    const reached = this.#reached.get(node);
    const step = reached?.incarnation === incarnation ? reached.step : 0;
    this.#reached.set(node, { incarnation, step, end });
  }

  #hasReached({ from, incarnation, step }: Cause): boolean {
    const reached = this.#reached.get(from);
    if (reached === undefined) return false;
    if (reached.incarnation !== incarnation) return reached.incarnation > incarnation;
    return reached.end !== null || reached.step >= step;
  }

  /**
   * The last session before this one that the peer ever joins. The next one begins only when both ends have learned of its
   * end, though their recordings may tell of it much later.
   */
  #lastBefore(session: string, node: ProcessId, peer: ProcessId): Join | null {
    const [own, its] = [this.#joinsOf(node, peer), this.#joinsOf(peer, node)];
    const at = its.findIndex((join) => join.session === session);
    if (at !== -1) return its[at - 1] ?? null;
    const until = own.findIndex((join) => join.session === session);
    const before = new Set(own.slice(0, until).map((join) => join.session));
    return its.findLast((join) => before.has(join.session)) ?? null;
  }

  #joinsOf(node: ProcessId, peer: ProcessId): readonly Join[] {
    return (this.joins.get(node) ?? []).filter((join) => join.peer === peer);
  }

  /** It has been in the session and is not any more; or the step that would have joined it never happened. */
  #hasLeft(node: ProcessId, { session, incarnation }: Join): boolean {
    const known = this.#sessions.get(session);
    if (known?.joined.has(node) === true) return !known.in.has(node);
    const reached = this.#reached.get(node);
    if (reached === undefined || reached.incarnation < incarnation) return false;
    return reached.incarnation > incarnation || reached.end !== null;
  }

  #send({ node, incarnation, step }: Place, { to, message }: Extract<Effect, { type: 'send' }>, index: number): void {
    const name = this.#currentOf(node).get(to);
    // Into the void.
    if (name === undefined || step === null) return;
    this.#sessions.get(name)?.lanes.get(to)?.waiting.push({ incarnation, step, index, message });
  }

  #receive({ place, recorded }: ReplayedStep): void {
    const { event, cause, session } = recorded;
    if (event.type !== 'receive' || cause === null) return;
    const { from, message } = event;
    const current = this.#currentOf(place.node).get(from);
    if (current !== session) {
      const now = current === undefined ? `is in no session with ${from}` : `is in session ${current}`;
      diverge('sessions', place, event, `a message comes over session ${session}, but ${place.node} ${now}`);
    }
    const lane = this.#sessions.get(current ?? '')?.lanes.get(place.node);
    const head = lane?.waiting[lane.next];
    if (lane === undefined || head === undefined || !isFrom(head, cause)) this.#outOfOrder(place, event, cause, lane);
    if (!equal(head.message, message)) {
      const was = `it is not what step ${cause.step} of ${from} sent`;
      diverge('sent', place, event, was, differencesOf(head.message, message, 'message'));
    }
    lane.next += 1;
    // Cut when most of it has been received, so that receiving is cheap on average.
    if (lane.next > 64 && lane.next * 2 > lane.waiting.length) {
      // The last one received is kept: a second copy of it is told as such.
      lane.waiting.splice(0, lane.next - 1);
      lane.next = 1;
    }
  }

  /** What is wrong with a message that is not the next one of its lane. */
  #outOfOrder(place: Place, event: ReplayedStep['recorded']['event'], cause: Cause, lane: Lane | undefined): never {
    const { waiting, next } = lane ?? { waiting: [], next: 0 };
    const sender = `step ${cause.step} of ${cause.from}`;
    const last = waiting[next - 1];
    if (last !== undefined && isFrom(last, cause)) {
      diverge('order', place, event, `the message that ${sender} sent is received a second time`);
    }
    const at = waiting.findIndex((sent, index) => index >= next && isFrom(sent, cause));
    if (at !== -1) {
      const first = waiting[next];
      const skipped = `what step ${first?.step} sent before it (${first?.message.type}) has not been received`;
      diverge('order', place, event, `the message that ${sender} sent comes out of order: ${skipped}`);
    }
    const reached = this.#reached.get(cause.from);
    if (reached?.end != null && reached.incarnation === cause.incarnation && reached.step < cause.step) {
      mustBeRecorded(place, cause, reached.end);
      const known = `the last step of that incarnation that is known to have been on disk is ${reached.step}`;
      diverge('sent', place, event, `${sender} sent this, but ${known}: it was sent before it was persisted`);
    }
    diverge('sent', place, event, `${sender} sent no such message over this session, or it was received before`);
  }

  #join({ place, recorded }: ReplayedStep, peer: ProcessId, name: string): void {
    const { node } = place;
    const { event } = recorded;
    const current = this.#currentOf(node);
    const up = current.get(peer);
    if (up !== undefined) {
      const missing = `session ${name} with ${peer} begins, but ${node} has not learned of the end of session ${up}`;
      diverge('sessions', place, event, `${missing}: its linkDown is missing`);
    }
    const session = this.#sessions.get(name) ?? newSession(node, peer);
    if (!session.ends.includes(node) || !session.ends.includes(peer) || session.joined.has(node)) {
      diverge('sessions', place, event, `there has been a session ${name} before`);
    }
    this.#sessions.set(name, session);
    session.in.add(node);
    session.joined.add(node);
    current.set(peer, name);
  }

  #leave({ place, recorded }: ReplayedStep, peer: ProcessId, name: string): void {
    const current = this.#currentOf(place.node);
    const up = current.get(peer);
    if (up !== name) {
      const now = up === undefined ? 'in none with it' : `in session ${up}`;
      const message = `session ${name} with ${peer} ends, but ${place.node} is ${now}`;
      diverge('sessions', place, recorded.event, message);
    }
    current.delete(peer);
    this.#drop(name, place.node);
  }

  /** What has not been received by then is gone. */
  #drop(name: string, node: ProcessId): void {
    const session = this.#sessions.get(name);
    if (session === undefined) return;
    session.in.delete(node);
    const lane = session.lanes.get(node);
    if (lane !== undefined) lane.waiting.length = 0;
  }

  #currentOf(node: ProcessId): Map<ProcessId, string> {
    let current = this.#current.get(node);
    if (current === undefined) {
      current = new Map();
      this.#current.set(node, current);
    }
    return current;
  }
}

/** @throws UsageError when the sender's recording ends before the step that sent what was received. */
function mustBeRecorded({ file, line }: Place, { from, step }: Cause, { taken, isLast, place }: IncarnationEnd): void {
  if (!isLast || step <= taken) return;
  throw new UsageError(
    `${place.file} is cut off: it ends with step ${taken}, but ${file}, line ${line}, received what step ${step} of ${from} sent`,
  );
}

function newSession(node: ProcessId, peer: ProcessId): Session {
  const lane = (): Lane => ({ waiting: [], next: 0 });
  return {
    ends: [node, peer],
    in: new Set(),
    joined: new Set(),
    lanes: new Map([
      [node, lane()],
      [peer, lane()],
    ]),
  };
}

function isFrom(sent: Sent, { incarnation, step, index }: Cause): boolean {
  return sent.step === step && sent.index === index && sent.incarnation === incarnation;
}
