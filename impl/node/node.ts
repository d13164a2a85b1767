/**
 * A node: one process of a protocol, run for real. An inbox, the transition function, then persist, send, respond: in
 * this order, and many events to one write.
 *
 * The node decides nothing of the protocol. It takes the steps, in the order in which events came; `release` is the one
 * place where effects are let go, and it is called for a step when all that steps up to it have changed is on disk.
 * Messages leave there and then, for peers have work to do on them; responses and indications follow, in order, when the
 * next write has been asked for, so that peers and disk are at work while clients are answered.
 *
 * While a write is under way, further steps are taken on the state in memory; their effects wait for the next write, which
 * then serves them all (group commit). A node stops for good when a step or a write fails: what it has in memory is then
 * ahead of what it may rely on, and a restart brings it back to what is on disk.
 */

import { messageOf } from '../../model/contract/errors.ts';
import type { Patch } from '../../model/contract/patches.ts';
import type { AnyTagged, Identity, ProcessId, Protocol } from '../../model/contract/protocol.ts';
import type { Cause, RecordingHeader } from '../../model/contract/recording.ts';
import { born, type Effect, type LocalState, type ProcessEvent, restored, step } from '../../model/contract/step.ts';
import { durableChange, isSame } from './durable-change.ts';
import { Inbox, type InboxLimits, type Letter } from './inbox.ts';
import type { Clock, Recorder, Session, Store, Timers, Transport } from './ports.ts';

export interface NodeOptions {
  readonly protocol: Protocol;
  readonly identity: Identity;
  readonly store: Store;
  readonly transport: Transport;
  readonly timers: Timers;
  readonly clock: Clock;
  /** Null: nothing is recorded. */
  readonly recorder: Recorder | null;
  /** What a recording says of the system that is run. */
  readonly origin: Pick<RecordingHeader, 'cluster' | 'system' | 'parameters' | 'mutant'>;
  readonly user: User;
  /** The node has stopped because it could not go on. Called at most once. */
  readonly onFailure: (error: Error) => void;
  readonly limits?: Partial<Limits>;
}

/** Whoever uses the protocol at this node. Called when what the step changed is on disk. */
export interface User {
  respond(client: string, response: AnyTagged): void;
  indicate(indication: AnyTagged): void;
}

export interface Limits extends InboxLimits {
  /** The most steps that wait for the next write while one is under way; the node takes no further step then. */
  readonly waitingSteps: number;
  /** The most steps in one turn, so that sockets and timers have theirs. */
  readonly stepsPerTurn: number;
}

export const DEFAULT_LIMITS: Limits = {
  waitingSteps: 4096,
  waitingPerPeer: 1024,
  waitingRequests: 4096,
  stepsPerTurn: 256,
};

/** A step that has been taken and whose effects have not left yet. */
interface Taken {
  readonly number: number;
  readonly effects: readonly Effect[];
  /** The session over which each peer would be sent to, as the protocol knew it when it took the step. */
  readonly sessions: ReadonlyMap<ProcessId, Session>;
  /** Whether the disk has everything that its effects depend on once it has what the steps before it have changed. */
  readonly isFree: boolean;
  /** What it has changed of the durable part, where that was found out, for the recording; otherwise null. */
  readonly change: readonly Patch[] | null;
}

/** Figures of a node, for metrics. */
export interface NodeStatus {
  readonly steps: number;
  readonly commits: number;
  readonly waiting: number;
  readonly unpersisted: number;
  readonly peersUp: readonly ProcessId[];
}

export class Node {
  readonly #options: NodeOptions;
  readonly #limits: Limits;
  readonly #inbox: Inbox;
  #local: LocalState | null = null;
  #steps = 0;
  #commits = 0;
  #life: 'new' | 'running' | 'stopping' | 'stopped' = 'new';
  #turnIsDue = false;
  #sessions: ReadonlyMap<ProcessId, Session> = new Map();
  /** Each timer's wait, by number: one that has been begun anew or cleared must not fire any more. */
  readonly #waits = new Map<string, number>();
  #lastWait = 0;
  /** Taken, and not on their way to the disk yet. */
  #taken: Taken[] = [];
  /** The durable part after the last step, and as it is on disk when the write under way is done. */
  #kept: unknown;
  #written: unknown;
  /** On their way to the disk. */
  #committing: readonly Taken[] | null = null;
  /** Let go, and their user not told yet. */
  #untold: Effect[] = [];
  #whenIdle: (() => void)[] = [];

  constructor(options: NodeOptions) {
    this.#options = options;
    this.#limits = { ...DEFAULT_LIMITS, ...options.limits };
    this.#inbox = new Inbox(options.transport, this.#limits);
  }

  /** The state after the last step; ahead of what is on disk. Null before the start. */
  get local(): LocalState | null {
    return this.#local;
  }

  get status(): NodeStatus {
    return {
      steps: this.#steps,
      commits: this.#commits,
      waiting: this.#inbox.size,
      unpersisted: this.#taken.length + (this.#committing?.length ?? 0),
      peersUp: [...this.#sessions.keys()],
    };
  }

  /** Takes the first step, `start` or `recover`, and begins to talk. */
  start(): void {
    const { protocol, identity, store, transport, recorder, origin, clock } = this.#options;
    this.#life = 'running';
    const { recovered } = store;
    recorder?.begin({
      ...origin,
      node: identity.self,
      protocol: protocol.name,
      protocolVersion: protocol.version,
      incarnation: store.incarnation,
      recovered: recovered === null ? null : recovered.kept,
      at: clock.now(),
    });
    this.#guarded(() => {
      this.#local = recovered === null ? born(protocol, identity) : restored(protocol, identity, recovered.kept);
      // A newborn's durable part is written whole, so that from now on there is something to recover.
      this.#kept = recovered === null ? undefined : recovered.kept;
      this.#written = this.#kept;
      this.#take({ event: { type: recovered === null ? 'start' : 'recover' }, cause: null, session: null });
      this.#persist();
      this.#tell();
    });
    if (this.#life !== 'running') return;
    transport.open({
      linkUp: (peer, session) => this.#receive({ event: { type: 'linkUp', peer }, cause: null, session }),
      linkDown: (peer, session) => this.#receive({ event: { type: 'linkDown', peer }, cause: null, session }),
      receive: (peer, session, { message, cause }) =>
        this.#receive({ event: { type: 'receive', from: peer, message }, cause, session }),
    });
  }

  /**
   * A client's request, which the protocol may answer at any later time, or never. Its schema has been checked.
   *
   * @returns false when the node is too busy, or stops: the request has not been heard and never will be.
   */
  request(client: string, request: AnyTagged): boolean {
    if (this.#life !== 'running' || this.#inbox.isFull) return false;
    this.#receive({ event: { type: 'request', client, request }, cause: null, session: null });
    return true;
  }

  /**
   * Takes no further step, and waits until the effects of those taken have left. Whoever has made transport and store may
   * close them then.
   */
  async stop(): Promise<void> {
    const { timers, protocol } = this.#options;
    if (this.#life === 'running') this.#life = 'stopping';
    for (const timer of protocol.timers) timers.clear(timer);
    if (this.#life === 'stopping') {
      this.#guarded(() => {
        this.#persist();
        this.#tell();
      });
    }
    if (this.#committing !== null) await new Promise<void>((resolve) => this.#whenIdle.push(resolve));
    this.#life = 'stopped';
  }

  #receive(letter: Letter): void {
    if (this.#life !== 'running') return;
    this.#inbox.put(letter);
    this.#haveTurn();
  }

  #haveTurn(): void {
    if (this.#turnIsDue) return;
    this.#turnIsDue = true;
    this.#options.clock.soon(() => {
      this.#turnIsDue = false;
      this.#guarded(() => this.#turn());
    });
  }

  #turn(): void {
    let left = this.#limits.stepsPerTurn;
    while (this.#life === 'running' && left > 0 && this.#taken.length < this.#limits.waitingSteps) {
      const letter = this.#inbox.take();
      if (letter === undefined) break;
      if (!this.#isVoid(letter)) {
        this.#take(letter);
        left -= 1;
      }
    }
    if (this.#life !== 'running') return;
    this.#persist();
    this.#tell();
    if (this.#inbox.size > 0 && this.#taken.length < this.#limits.waitingSteps) this.#haveTurn();
  }

  /** A timer that has been set anew or cancelled since it fired has not fired. */
  #isVoid({ event, wait }: Letter): boolean {
    return event.type === 'timeout' && this.#waits.get(event.timer) !== wait;
  }

  #take({ event, cause, session }: Letter): void {
    const { protocol, identity, recorder, clock } = this.#options;
    if (this.#local === null) return;
    this.#learn(event, session);
    if (event.type === 'timeout') this.#waits.delete(event.timer);
    const { local, effects } = step(protocol, identity, this.#local, event);
    this.#local = local;
    this.#steps += 1;
    const number = this.#steps;
    for (const effect of effects) this.#keepTime(effect);
    const before = this.#kept;
    this.#kept = protocol.durable.keep(local.state);
    const isFree = isSame(before, this.#kept);
    const change = isFree || recorder === null ? null : durableChange(before, this.#kept);
    this.#taken.push({ number, effects, sessions: this.#sessions, isFree, change });
    recorder?.step({ step: number, event, cause, session, effects, durable: change, at: clock.now() });
  }

  /** A step sends over the sessions of which the protocol has been told, not over newer ones that wait in the inbox. */
  #learn(event: ProcessEvent, session: Session | null): void {
    if (event.type !== 'linkUp' && event.type !== 'linkDown') return;
    const sessions = new Map(this.#sessions);
    if (event.type === 'linkUp' && session !== null) sessions.set(event.peer, session);
    else sessions.delete(event.peer);
    this.#sessions = sessions;
  }

  /** Timers are the node's own: they are set and cancelled with the step, before it is on disk. */
  #keepTime(effect: Effect): void {
    if (effect.type !== 'setTimer' && effect.type !== 'cancelTimer') return;
    const { timers } = this.#options;
    const { timer } = effect;
    if (effect.type === 'cancelTimer') {
      this.#waits.delete(timer);
      return timers.clear(timer);
    }
    this.#lastWait += 1;
    const wait = this.#lastWait;
    this.#waits.set(timer, wait);
    timers.set(timer, () => this.#receive({ event: { type: 'timeout', timer }, cause: null, session: null, wait }));
  }

  /**
   * Puts on disk what the steps taken have changed, then lets their effects leave. One write at a time. When none is under
   * way, the steps up to the first that has changed something wait for nothing.
   */
  #persist(): void {
    if (this.#committing !== null) return;
    this.#release(this.#takeFree());
    if (this.#taken.length === 0) return;
    const patches = this.#unwritten();
    const taken = this.#taken;
    this.#taken = [];
    if (patches === null) return this.#release(taken);
    // Before the disk has them: a step that a later incarnation builds on must not be missing.
    this.#options.recorder?.write(null);
    this.#written = this.#kept;
    this.#committing = taken;
    this.#options.store.commit({ patches, kept: this.#kept }, (error) => {
      this.#committing = null;
      this.#commits += 1;
      if (error !== null) this.#fail(error);
      else this.#guarded(() => this.#persisted(taken));
      if (this.#committing === null) for (const resolve of this.#whenIdle.splice(0)) resolve();
    });
  }

  /** Of all steps that wait together: what they have changed more than once is written once. */
  #unwritten(): readonly Patch[] | null {
    const [changed, ...others] = this.#taken.filter(({ isFree }) => !isFree);
    if (others.length === 0 && changed !== undefined && changed.change !== null) return changed.change;
    return durableChange(this.#written, this.#kept);
  }

  #persisted(taken: readonly Taken[]): void {
    if (this.#life === 'stopped') return;
    this.#release([...taken, ...this.#takeFree()]);
    this.#persist();
    this.#tell();
    if (this.#inbox.size > 0) this.#haveTurn();
  }

  /** The first steps that wait, as far as they have changed nothing that is not on disk once all before them is. */
  #takeFree(): Taken[] {
    const changed = this.#taken.findIndex(({ isFree }) => !isFree);
    return this.#taken.splice(0, changed === -1 ? this.#taken.length : changed);
  }

  /** The effects of steps are let go. All that the steps have changed is on disk. */
  #release(taken: readonly Taken[]): void {
    const last = taken.at(-1);
    if (last === undefined) return;
    const { identity, store, transport, recorder } = this.#options;
    recorder?.write(last.number);
    const { incarnation } = store;
    for (const { number, effects, sessions } of taken) {
      for (const [index, effect] of effects.entries()) {
        if (effect.type === 'send') {
          const session = sessions.get(effect.to);
          if (session === undefined) continue;
          const cause: Cause = { from: identity.self, incarnation, step: number, index };
          transport.send(effect.to, session, { message: effect.message, cause });
        } else if (effect.type === 'respond' || effect.type === 'indicate') {
          this.#untold.push(effect);
        }
      }
    }
    transport.flush();
  }

  /** The user hears of the responses and indications that have been let go. */
  #tell(): void {
    const { user } = this.#options;
    for (const effect of this.#untold.splice(0)) {
      if (effect.type === 'respond') user.respond(effect.client, effect.response);
      else if (effect.type === 'indicate') user.indicate(effect.indication);
    }
  }

  #guarded(run: () => void): void {
    try {
      run();
    } catch (thrown) {
      this.#fail(thrown instanceof Error ? thrown : new Error(messageOf(thrown)));
    }
  }

  #fail(error: Error): void {
    if (this.#life === 'stopped') return;
    this.#life = 'stopped';
    for (const timer of this.#options.protocol.timers) this.#options.timers.clear(timer);
    this.#options.onFailure(error);
  }
}
