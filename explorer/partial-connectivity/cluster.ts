/**
 * A protocol among servers of which some reach each other: its own transition function, in synchronous rounds.
 *
 * An event at a server takes place together with all that follows from it: messages travel at once and in order along links
 * that are up, and vanish elsewhere. So there is nothing in flight between two events, and the state of the servers is all.
 */

import { canonical } from '../../model/contract/data.ts';
import { ModelError } from '../../model/contract/errors.ts';
import type { AnyTagged, Identity, ProcessId } from '../../model/contract/protocol.ts';
import { born, type LocalState, type ProcessEvent } from '../../model/contract/step.ts';
import type { Contender } from '../../model/partial-connectivity/contender.ts';
import { isBetween, type Link } from '../../model/partial-connectivity/scenarios.ts';
import { KnownSteps } from './known-steps.ts';

/** What all servers are between two events. */
export type Servers = Readonly<Record<ProcessId, LocalState>>;

/** What an event has brought about. */
export interface Happening {
  readonly servers: Servers;
  /** The timers that were set, by {@link timerName}. */
  readonly armed: ReadonlySet<string>;
  readonly indications: readonly AnyTagged[];
}

/** A timer of a server. */
export interface ServerTimer {
  readonly server: ProcessId;
  readonly timer: string;
}

/** More messages than this from one event mean that the handlers never stop. */
const MOST_MESSAGES = 10_000;
/** Heartbeats have brought everyone up to date after fewer rounds than this. */
const MOST_HEARTBEATS = 100;

export class Cluster {
  constructor(
    readonly contender: Contender,
    readonly ids: readonly ProcessId[],
    readonly links: readonly Link[],
    private readonly steps = new KnownSteps(contender.protocol),
  ) {}

  withLinks(links: readonly Link[]): Cluster {
    return new Cluster(this.contender, this.ids, links, this.steps);
  }

  started(): Servers {
    const unborn = Object.fromEntries(this.ids.map((id) => [id, born(this.contender.protocol, this.#identity(id))]));
    return this.ids.reduce((servers, id) => this.happens(servers, id, { type: 'start' }).servers, unborn);
  }

  /** An event at a server, and all that follows from it. */
  happens(servers: Servers, at: ProcessId, event: ProcessEvent): Happening {
    const now: Record<ProcessId, LocalState> = { ...servers };
    const armed = new Set<string>();
    const indications: AnyTagged[] = [];
    const coming: { readonly at: ProcessId; readonly event: ProcessEvent }[] = [{ at, event }];
    for (const { at, event } of coming) {
      if (coming.length > MOST_MESSAGES) throw new ModelError(`${this.contender.name}: messages without end`);
      const { local, effects } = this.steps.take(this.#identity(at), localOf(now, at), event);
      now[at] = local;
      for (const effect of effects) {
        if (effect.type === 'setTimer') armed.add(timerName({ server: at, timer: effect.timer }));
        else if (effect.type === 'indicate') indications.push(effect.indication);
        else if (effect.type === 'send' && this.#areLinked(at, effect.to))
          coming.push({ at: effect.to, event: { type: 'receive', from: at, message: effect.message } });
      }
    }
    return { servers: now, armed, indications };
  }

  /**
   * Heartbeats, round after round until they change nothing more: what happens before any election timeout does. `armed`
   * are the timers that these heartbeats keep from expiring.
   */
  heartbeats(servers: Servers): Happening {
    let before = servers;
    for (let round = 0; round < MOST_HEARTBEATS; round++) {
      const after = this.#heartbeat(before);
      if (this.ids.every((id) => after.servers[id] === before[id])) return after;
      if (canonical(this.normal(before)) === canonical(this.normal(after.servers))) return after;
      before = after.servers;
    }
    throw new ModelError(`${this.contender.name}: heartbeats never come to rest`);
  }

  #heartbeat(servers: Servers): Happening {
    let now = servers;
    const armed = new Set<string>();
    const indications: AnyTagged[] = [];
    for (const server of this.ids) {
      for (const timer of this.contender.heartbeats) {
        if (!localOf(now, server).timers.includes(timer)) continue;
        const happening = this.happens(now, server, { type: 'timeout', timer });
        now = happening.servers;
        for (const name of happening.armed) armed.add(name);
        indications.push(...happening.indications);
      }
    }
    return { servers: now, armed, indications };
  }

  /** The timers that may expire: those that are set, and that heartbeats do not set anew. */
  mayExpire(servers: Servers): ServerTimer[] {
    const { armed } = this.heartbeats(servers);
    return this.ids
      .flatMap((server) => localOf(servers, server).timers.map((timer) => ({ server, timer })))
      .filter(({ timer }) => !this.contender.heartbeats.includes(timer))
      .filter((timer) => !armed.has(timerName(timer)));
  }

  /** A timer expires; then heartbeats, if anyone sends any, come to rest. */
  expires(servers: Servers, { server, timer }: ServerTimer): Happening {
    const expiry = this.happens(servers, server, { type: 'timeout', timer });
    const rest = this.heartbeats(expiry.servers);
    return {
      servers: rest.servers,
      armed: new Set([...expiry.armed, ...rest.armed]),
      indications: [...expiry.indications, ...rest.indications],
    };
  }

  /** A client's command reaches a server. */
  asked(servers: Servers, server: ProcessId, command: string): Happening {
    return this.happens(servers, server, {
      type: 'request',
      client: `client of ${command}`,
      request: this.contender.request(command),
    });
  }

  /** The servers that could have a new command decided at once. Those that could lead, but do not, could not. */
  deciders(servers: Servers): ProcessId[] {
    return this.ids.filter((id) =>
      this.asked(servers, id, PROBE).indications.some((indication) => this.contender.isDecided(indication, PROBE)),
    );
  }

  leaders(servers: Servers): ProcessId[] {
    return this.ids.filter((id) => this.contender.leads(localOf(servers, id).state));
  }

  /** The servers with links that come and go as they change from these to the given ones. */
  relinked(servers: Servers, links: readonly Link[]): Servers {
    const after = this.withLinks(links);
    const gone = this.links.filter((link) => !links.some((other) => isBetween(other, ...link)));
    const come = links.filter((link) => !this.links.some((other) => isBetween(other, ...link)));
    let now = servers;
    for (const [type, changed] of [
      ['linkDown', gone],
      ['linkUp', come],
    ] as const) {
      for (const [one, other] of changed) {
        now = after.happens(now, one, { type, peer: other }).servers;
        now = after.happens(now, other, { type, peer: one }).servers;
      }
    }
    return now;
  }

  /** The servers with what does not matter taken away: see `normal` of the contender. */
  normal(servers: Servers): Servers {
    const states = Object.fromEntries(this.ids.map((id) => [id, localOf(servers, id).state]));
    const normal = this.contender.normal(states);
    return Object.fromEntries(
      this.ids.map((id) => [id, { state: normal[id] ?? {}, timers: localOf(servers, id).timers }]),
    );
  }

  #areLinked(one: ProcessId, other: ProcessId): boolean {
    return this.links.some((link) => isBetween(link, one, other));
  }

  #identity(self: ProcessId): Identity {
    return { self, processes: this.ids, peers: this.ids.filter((id) => id !== self) };
  }
}

/** The command by which it is found out whether commands are decided. */
const PROBE = 'new';

export function localOf(servers: Servers, id: ProcessId): LocalState {
  const local = servers[id];
  if (local === undefined) throw new Error(`there is no server ${id}`);
  return local;
}

export function timerName({ server, timer }: ServerTimer): string {
  return `${server}.${timer}`;
}
