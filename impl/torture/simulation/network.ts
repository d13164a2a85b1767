/**
 * A simulated network: sessions between pairs of nodes, in each of which frames arrive in order and once, until it is lost.
 * What is on its way in a lost session arrives up to some point, at each end another.
 */

import type { ProcessId } from '../../../model/contract/protocol.ts';
import type { Frame, TransportEvents } from '../../node/ports.ts';
import type { Random } from '../random.ts';
import type { VirtualTime } from './virtual-time.ts';

/** Milliseconds. */
const RECONNECT = [10, 150] as const;
/** How long a link may be silent before its session is given up. */
const SILENCE = 1500;
/** How long it takes to learn that a session is lost. */
const LOSS = [0, 30] as const;

/** One end of a session. */
interface End {
  readonly id: ProcessId;
  readonly peer: ProcessId;
  /** When it learns of the session. */
  readonly upAt: number;
  /** It knows of the session: it has had its linkUp. */
  isUp: boolean;
  /** It knows that it is lost, or never hears of it. */
  isDown: boolean;
  /** When the last frame for it arrives. */
  latest: number;
  /** Frames for it that a blocked link holds. */
  held: Frame[];
}

interface Session {
  readonly name: string;
  readonly ends: readonly [End, End];
  /** Frames that are sent now may arrive. */
  isAlive: boolean;
}

export class SimulatedNetwork {
  readonly #attached = new Map<ProcessId, TransportEvents>();
  readonly #sessions = new Map<string, Session>();
  readonly #blocked = new Set<string>();
  #made = 0;
  /** A factor on how long frames take. */
  slowness = 1;

  constructor(
    private readonly time: VirtualTime,
    private readonly random: Random,
    private readonly ids: readonly ProcessId[],
  ) {}

  attach(id: ProcessId, events: TransportEvents): void {
    this.#attached.set(id, events);
    for (const peer of this.ids) if (peer !== id) this.#reconnect(id, peer);
  }

  /** The node is gone; its peers learn of it. */
  detach(id: ProcessId): void {
    this.#attached.delete(id);
    for (const peer of this.ids) {
      const session = this.#sessions.get(pairOf(id, peer));
      if (session !== undefined) this.#lose(session);
    }
  }

  send(from: ProcessId, to: ProcessId, name: string, frame: Frame): void {
    const session = this.#sessions.get(pairOf(from, to));
    if (session === undefined || session.name !== name || !session.isAlive) return;
    const end = endOf(session, to);
    if (this.#blocked.has(linkOf(from, to))) end.held.push(frame);
    else this.#carry(session, end, frame);
  }

  /** Loses the session between two nodes. */
  cut(a: ProcessId, b: ProcessId): void {
    const session = this.#sessions.get(pairOf(a, b));
    if (session !== undefined) this.#lose(session);
  }

  /** Holds what is sent one way. Held too long, the session is given up. */
  block(from: ProcessId, to: ProcessId): void {
    this.#blocked.add(linkOf(from, to));
    const session = this.#sessions.get(pairOf(from, to));
    if (session === undefined) return;
    this.time.after(SILENCE, () => {
      if (session.isAlive && this.#blocked.has(linkOf(from, to))) this.#lose(session);
    });
  }

  unblock(from: ProcessId, to: ProcessId): void {
    if (!this.#blocked.delete(linkOf(from, to))) return;
    const session = this.#sessions.get(pairOf(from, to));
    if (session === undefined) return;
    const end = endOf(session, to);
    for (const frame of end.held.splice(0)) if (session.isAlive) this.#carry(session, end, frame);
  }

  #reconnect(a: ProcessId, b: ProcessId): void {
    this.time.after(this.random.between(...RECONNECT), () => {
      if (this.#sessions.has(pairOf(a, b)) || !this.#attached.has(a) || !this.#attached.has(b)) return;
      if (this.#blocked.has(linkOf(a, b)) || this.#blocked.has(linkOf(b, a))) return this.#reconnect(a, b);
      this.#connect(a, b);
    });
  }

  #connect(a: ProcessId, b: ProcessId): void {
    this.#made += 1;
    const end = (id: ProcessId, peer: ProcessId): End => {
      const upAt = this.time.now() + this.#latency();
      return { id, peer, upAt, isUp: false, isDown: false, latest: upAt, held: [] };
    };
    const session: Session = { name: `${a}-${b}/${this.#made}`, ends: [end(a, b), end(b, a)], isAlive: true };
    this.#sessions.set(pairOf(a, b), session);
    for (const end of session.ends) {
      const events = this.#attached.get(end.id);
      this.time.after(end.upAt - this.time.now(), () => {
        if (end.isDown) return;
        end.isUp = true;
        events?.linkUp(end.peer, session.name);
      });
    }
  }

  #carry(session: Session, end: End, frame: Frame): void {
    end.latest = Math.max(end.latest, this.time.now() + this.#latency());
    const events = this.#attached.get(end.id);
    this.time.after(end.latest - this.time.now(), () => {
      if (!end.isDown) events?.receive(end.peer, session.name, frame);
    });
  }

  #lose(session: Session): void {
    if (!session.isAlive) return;
    session.isAlive = false;
    for (const end of session.ends) {
      const events = this.#attached.get(end.id);
      if (!end.isUp || events === undefined) {
        this.#down(session, end);
        continue;
      }
      this.time.after(this.random.between(...LOSS), () => {
        if (end.isDown) return;
        this.#down(session, end);
        events.linkDown(end.peer, session.name);
      });
    }
  }

  /** When both ends know, there may be another session. */
  #down(session: Session, end: End): void {
    end.isDown = true;
    const [a, b] = session.ends;
    if (!a.isDown || !b.isDown || this.#sessions.get(pairOf(a.id, b.id)) !== session) return;
    this.#sessions.delete(pairOf(a.id, b.id));
    this.#reconnect(a.id, b.id);
  }

  #latency(): number {
    return this.random.between(0.1, 2) * this.slowness * (this.random.chance(0.01) ? 20 : 1);
  }
}

function endOf({ ends }: Session, id: ProcessId): End {
  return ends[0].id === id ? ends[0] : ends[1];
}

function pairOf(a: ProcessId, b: ProcessId): string {
  return a < b ? linkOf(a, b) : linkOf(b, a);
}

function linkOf(from: ProcessId, to: ProcessId): string {
  return `${from} ${to}`;
}
