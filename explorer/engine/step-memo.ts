/**
 * The memo of steps: (process between steps, event) -> outcome. A protocol is a pure function and its step depends on
 * nothing else, so each distinct local step runs its handler once, however many global states it occurs in. It runs none
 * if another worker tells what comes of the step, or if the event is disabled for the same reason as before, which the
 * {@link GuardMemo} knows.
 */

import { canonical, fromCanonical } from '../../model/contract/data.ts';
import { ModelError } from '../../model/contract/errors.ts';
import type { Identity, ProcessId, Protocol } from '../../model/contract/protocol.ts';
import {
  born,
  crashed,
  type Effect,
  handlerName,
  type LocalState,
  type ProcessEvent,
  restored,
  step,
} from '../../model/contract/step.ts';
import { identityOf, type ObservedStep, type ProcessInstance } from '../../model/contract/system.ts';
import { happenedIn, type TraceEvent } from '../../model/contract/trace.ts';
import { callModel, isVisible, localKey, observe, viewOf } from '../semantics/observation.ts';
import type { ProcessState } from '../semantics/processes.ts';
import { IntList } from './growable.ts';
import { GuardMemo } from './guard-memo.ts';
import type { HistoryMemo } from './history-memo.ts';
import type { Interning, SharedInterner } from './interning.ts';
import type { Judge } from './judge.ts';
import { PairTable } from './pair-table.ts';
import { SharedOutcomes, type Taken } from './shared-outcomes.ts';

/** What the memo says of an event that is disabled; an outcome is the positive number where it begins in the pool. */
export const DISABLED = -1;

/** Where an outcome keeps what: offsets from where it begins in the pool. The sent messages follow, SENT of them. */
export const NEW_LOCAL = 0;
/** The observation for the history variable, or 0. */
export const OBSERVATION = 1;
/** Words to add to the fingerprint for the change of the local state. */
export const LOCAL_LO = 2;
export const LOCAL_HI = 3;
/** Words to add for the messages sent, if each is one more in flight. */
export const SENT_LO = 4;
export const SENT_HI = 5;
/** What properties may see of the step, as a number for the process's view after it and the observation; 0: nothing. */
export const SHOWN = 6;
export const SENT = 7;
export const MESSAGES = 8;

/** What the text of a process between steps begins with. */
const UP = 'up ';
const DOWN = 'down ';

/** The first steps are all taken twice at once; later, one in this many. */
const FIRST_REPEATED = 32;
const REPEATED_ONE_IN = 32;
/** Steps that are taken again at the end of a search. */
const REPEATED_AT_END = 64;
/** The same for events that were foreseen to be disabled: the first are tried all the same; later, one in this many. */
const FIRST_FORESEEN = 8;
const FORESEEN_ONE_IN = 64;

/** A process between steps, as it is interned. */
interface Local {
  readonly process: number;
  readonly is: ProcessState;
}

/** A process and what it runs. */
interface Host {
  readonly id: ProcessId;
  readonly protocol: Protocol;
  readonly identity: Identity;
  /** Why messages and requests are disabled there. */
  readonly guards: GuardMemo;
}

/** Where steps leave what properties see of them. */
export interface StepMemoParts {
  readonly interning: Interning;
  readonly judge: Judge;
  readonly history: HistoryMemo;
}

/** The process in an event that happens to one. */
type ProcessTraceEvent = Exclude<TraceEvent, { type: 'action' }>;

export class StepMemo {
  readonly locals: SharedInterner<Local>;
  readonly events: SharedInterner<ProcessTraceEvent>;
  readonly pool = new IntList(1 << 12);
  /** By event id: the index of the process that it happens to. */
  readonly eventProcess = new IntList();
  /** By local id: the id of the process's view, and the bound it is beyond (counted from 1; 0: none). */
  readonly viewOf = new IntList();
  readonly beyondOf = new IntList();
  /** By local id: the timeouts that may happen, as event ids. */
  readonly timeoutsOf: (readonly number[])[] = [[]];
  readonly handlerCalls = { memoised: 0, repeated: 0 };
  /** Is told of every step that is new, and that no other worker has told of. */
  onStep: ((local: number, event: number, outcome: number) => void) | null = null;

  readonly #instance: ProcessInstance;
  readonly #judge: Judge;
  readonly #history: HistoryMemo;
  readonly #hosts: readonly Host[];
  readonly #indexes: ReadonlyMap<ProcessId, number>;
  readonly #bounds: readonly ((state: object) => boolean)[];
  readonly #steps = new PairTable(1 << 12);
  /** Steps of all workers. */
  readonly #shared: SharedOutcomes;
  /** By view and observation, what a step shows. */
  readonly #shown = new PairTable();
  #lastShown = 0;
  readonly #paranoid: boolean;
  /** How many events were foreseen to be disabled. */
  #foreseen = 0;

  constructor(instance: ProcessInstance, { interning, judge, history }: StepMemoParts, paranoid: boolean) {
    this.#instance = instance;
    this.#judge = judge;
    this.#history = history;
    this.#paranoid = paranoid;
    this.#shared = interning.part(new SharedOutcomes(() => interning.sync()));
    this.#hosts = instance.processes.map(({ id, protocol }) => {
      const identity = identityOf(instance, id);
      return { id, protocol, identity, guards: new GuardMemo(protocol, identity) };
    });
    this.#indexes = new Map(instance.processes.map(({ id }, index) => [id, index]));
    this.#bounds = Object.values(instance.bounds.local ?? {});
    this.pool.push(0);
    this.eventProcess.push(0);
    this.viewOf.push(0);
    this.beyondOf.push(0);
    this.events = interning.interner(
      (_place, text) => fromCanonical(text) as ProcessTraceEvent,
      (_id, event) => this.eventProcess.push(this.indexOf(event.process)),
    );
    this.locals = interning.interner(
      (place, text) => this.#decodeLocal(place, text),
      (_id, local) => this.#announceLocal(local),
    );
  }

  /** The outcome of an event at a process in a local state: where it begins in the pool, or {@link DISABLED}. */
  outcome(local: number, event: number): number {
    const known = this.#steps.get(local, event);
    return known !== 0 ? known : this.#compute(local, event);
  }

  /** The id of an event; the process that it happens to is in {@link eventProcess}. */
  internEvent(event: ProcessTraceEvent): number {
    return this.events.intern('event', canonical(event));
  }

  /** The id of a message in flight: that of its receipt. */
  internMessage(
    from: ProcessId,
    to: ProcessId,
    message: Extract<ProcessTraceEvent, { type: 'receive' }>['message'],
  ): number {
    return this.internEvent({ type: 'receive', process: to, from, message });
  }

  /** The id of a process between steps, or of what a crash has left of it. */
  internProcess(id: ProcessId, is: ProcessState): number {
    return this.locals.intern(id, is.up ? UP + canonical(is.local) : DOWN + canonical(is.kept));
  }

  /** What makes the outcome of an event, as an error message names it. */
  handlerText(event: number): string {
    const happened = this.events.value(event);
    const { id, protocol } = this.#host(this.indexOf(happened.process));
    if (happened.type === 'crash') return `what a crash leaves of ${protocol.name} at ${id}`;
    return `handler ${handlerName(happenedIn(happened))} of ${protocol.name} at ${id}`;
  }

  isUp(local: number): boolean {
    return this.locals.value(local).is.up;
  }

  indexOf(id: ProcessId): number {
    const index = this.#indexes.get(id);
    if (index === undefined) throw new ModelError(`a message is sent to '${id}', which is no process of the system`);
    return index;
  }

  /** Starts a process: its local id, the messages that it sends, and what it did. */
  start(process: number): { local: number; sent: readonly number[]; observed: ObservedStep<object> } {
    const { id, protocol, identity } = this.#host(process);
    const { local, effects } = step(protocol, identity, born(protocol, identity), { type: 'start' });
    const observed = { process: id, event: { type: 'start' }, before: null, after: local.state, effects } as const;
    return { local: this.#internUp(process, { type: 'start' }, local), sent: this.#sent(process, effects), observed };
  }

  /** Takes memoised steps again, a sample of them or all, and compares. */
  verifyPurity(): void {
    const all = [...this.#steps.entries()];
    const stride = this.#paranoid ? 1 : Math.max(1, Math.floor(all.length / REPEATED_AT_END));
    for (let index = 0; index < all.length; index += stride) this.#repeat(...(all[index] as (typeof all)[number]));
  }

  #host(process: number): Host {
    return this.#hosts[process] as Host;
  }

  #compute(local: number, event: number): number {
    const told = this.#told(local, event);
    if (told !== null) return told;
    const outcome = this.#isForeseen(local, event) ? DISABLED : this.#call(local, event);
    if (outcome === DISABLED) this.#shared.set(local, event, null);
    this.#steps.set(local, event, outcome);
    this.onStep?.(local, event, outcome);
    return outcome;
  }

  /** The outcome that another worker has told of; null for none. */
  #told(local: number, event: number): number | null {
    const told = this.#paranoid ? undefined : this.#shared.get(local, event);
    if (told === undefined) return null;
    const outcome = told === null ? DISABLED : this.#write(this.#wordsOf(local, told));
    this.#steps.set(local, event, outcome);
    return outcome;
  }

  #call(local: number, event: number): number {
    const taken = this.#take(local, event, true);
    if (taken !== null) this.#shared.set(local, event, taken);
    const outcome = taken === null ? DISABLED : this.#write(this.#wordsOf(local, taken));
    const calls = ++this.handlerCalls.memoised;
    if (this.#paranoid || calls <= FIRST_REPEATED || calls % REPEATED_ONE_IN === 0) this.#repeat(local, event, outcome);
    return outcome;
  }

  /** Whether an event is disabled for a reason that was met before, so that the handler need not be called. */
  #isForeseen(local: number, event: number): boolean {
    const { process, is } = this.locals.value(local);
    if (!is.up || !this.#isGuarded(this.events.value(event))) return false;
    if (!this.#host(process).guards.isDisabled(event, is.local.state)) return false;
    const times = ++this.#foreseen;
    if (this.#paranoid || times <= FIRST_FORESEEN || times % FORESEEN_ONE_IN === 0) {
      this.#repeat(local, event, DISABLED);
    }
    return true;
  }

  /** Takes a step that is known, and compares. */
  #repeat(local: number, event: number, outcome: number): void {
    this.handlerCalls.repeated++;
    this.#mustEqual(local, event, this.#take(local, event, false), outcome);
  }

  /** Runs the handler, so as to learn its guard or plainly; null when the event is disabled. */
  #take(localId: number, eventId: number, learns: boolean): Taken | null {
    const { process, is } = this.locals.value(localId);
    const event = this.events.value(eventId);
    const { id, protocol, identity, guards } = this.#host(process);
    if (event.type === 'crash') {
      if (!is.up) return null;
      return { newLocal: this.#internDown(process, crashed(protocol, is.local)), observation: 0, sent: [] };
    }
    if (is.up === (event.type === 'recover')) return null;
    const before = is.up ? is.local : restored(protocol, identity, is.kept);
    const happened = happenedIn(event);
    const { local, effects } =
      learns && this.#isGuarded(event)
        ? guards.step(eventId, before, happened)
        : step(protocol, identity, before, happened);
    const newLocal = this.#internUp(process, happened, local);
    if (newLocal === localId && !this.#consumes(event) && !isVisible(id, effects)) return null;
    const observed = { process: id, event: happened, before: before.state, after: local.state, effects };
    return { newLocal, observation: this.observationOf(observed), sent: this.#sent(process, effects) };
  }

  /** Whether an event takes place only if its handler has an effect. A timeout always does: its timer is disarmed. */
  #isGuarded(event: ProcessTraceEvent): boolean {
    return (event.type === 'receive' || event.type === 'request') && !this.#consumes(event);
  }

  /** Whether an event takes place even if the process ignores it: the link it came from has changed. */
  #consumes({ type }: ProcessTraceEvent): boolean {
    return type === 'linkDown' || type === 'linkUp' || (type === 'receive' && this.#instance.network === 'fifo');
  }

  /** The id of what the history variable observes of a step, or 0. */
  observationOf(observed: ObservedStep<object>): number {
    const observation = observe(this.#instance.history, observed);
    return observation === null ? 0 : this.#history.internObservation(observation);
  }

  /** What the pool has of a step out of a local state. */
  #wordsOf(local: number, { newLocal, observation, sent }: Taken): readonly number[] {
    const { lo, hi } = this.locals;
    const sum = (words: IntList) => sent.reduce((total, message) => (total + words.at(message)) | 0, 0);
    const localLo = (lo.at(newLocal) - lo.at(local)) | 0;
    const localHi = (hi.at(newLocal) - hi.at(local)) | 0;
    const [sentLo, sentHi] = [sum(this.events.lo), sum(this.events.hi)];
    const shown = this.#shownBy(local, newLocal, observation);
    return [newLocal, observation, localLo, localHi, sentLo, sentHi, shown, sent.length, ...sent];
  }

  #shownBy(local: number, newLocal: number, observation: number): number {
    const view = this.viewOf.at(newLocal);
    if (observation === 0 && view === this.viewOf.at(local)) return 0;
    const known = this.#shown.get(view, observation);
    if (known !== 0) return known;
    this.#shown.set(view, observation, ++this.#lastShown);
    return this.#lastShown;
  }

  #write(outcome: readonly number[]): number {
    const begins = this.pool.length;
    for (const word of outcome) this.pool.push(word);
    return begins;
  }

  #mustEqual(local: number, event: number, again: Taken | null, memoised: number): void {
    const same =
      again === null
        ? memoised === DISABLED
        : memoised !== DISABLED &&
          this.#wordsOf(local, again).every((word, index) => word === this.pool.at(memoised + index));
    if (same) return;
    const { process, is } = this.locals.value(local);
    const happened = this.events.value(event);
    const { id, protocol } = this.#host(process);
    throw new ModelError(
      `${protocol.name}: handler ${handlerName(happenedIn(happened))} of ${id} is not a function of its arguments: ` +
        'taken twice in the same state, the same event had different outcomes. A handler must not use randomness, the ' +
        `clock, or variables outside.\n  event: ${canonical(happened)}\n  state: ${canonical(is)}`,
    );
  }

  #internUp(process: number, happened: ProcessEvent, local: LocalState): number {
    const { id, protocol } = this.#host(process);
    return this.locals.intern(id, UP + localKey(protocol, id, happened, local));
  }

  #internDown(process: number, kept: unknown): number {
    const { id } = this.#host(process);
    return this.locals.intern(id, DOWN + callModel(`the durable state of ${id}`, () => canonical(kept)));
  }

  #decodeLocal(id: string, text: string): Local {
    const process = this.indexOf(id);
    if (text.startsWith(DOWN)) return { process, is: { up: false, kept: fromCanonical(text.slice(DOWN.length)) } };
    return { process, is: { up: true, local: fromCanonical(text.slice(UP.length)) as LocalState } };
  }

  #announceLocal({ process, is }: Local): void {
    const { id } = this.#host(process);
    if (is.up) {
      const { state, timers } = is.local;
      this.viewOf.push(this.#judge.internView(id, viewOf(this.#instance, id, state)));
      this.beyondOf.push(1 + this.#bounds.findIndex((within) => !callModel('a bound', () => within(state))));
      this.timeoutsOf.push(timers.map((timer) => this.internEvent({ type: 'timeout', process: id, timer })));
    } else {
      this.viewOf.push(this.#judge.internCrashed(id));
      this.beyondOf.push(0);
      this.timeoutsOf.push([]);
    }
  }

  /** The messages that leave the process. A set takes each once; an unordered network is kept in order of ids. */
  #sent(process: number, effects: readonly Effect[]): number[] {
    const { id } = this.#host(process);
    const sent = effects.flatMap((effect) =>
      effect.type === 'send' && effect.to !== id ? [this.internMessage(id, effect.to, effect.message)] : [],
    );
    if (this.#instance.network === 'fifo') return sent;
    const ordered = sent.sort((a, b) => a - b);
    return this.#instance.network === 'set' ? [...new Set(ordered)] : ordered;
  }
}
