/**
 * The world of the theorem: reliable, unordered, asynchronous, and with no failure that can be seen.
 *
 * Source: Fischer, Lynch and Paterson, "Impossibility of Distributed Consensus with One Faulty Process" (JACM 1985),
 * section 2; the lecture on programming distributed systems, slides "FLP: System model" and "FLP: Configurations".
 *
 * An instance's protocol is taken as it is, and what is around it is replaced:
 * - The buffer is a bag without loss or duplication. A receipt takes its message out of the buffer even when the receiver
 *   ignores it: elsewhere such a message stays in flight, here every message is delivered once and then gone.
 * - The receipt of nothing is a timer that fires. For a process without an armed timer it would change nothing, and is
 *   left out.
 * - A crash is silence: the process takes no more steps. That changes no configuration, only whose events a run has.
 * - Each request is made once. A budget for timeouts is a bound: a timer that is armed may fire in the theorem's world, and what
 *   comes of it when the budget is spent is not explored. Crashes, recoveries, losses and duplications do not happen.
 */

import type { Ordered } from '../../model/contract/consensus.ts';
import { canonical } from '../../model/contract/data.ts';
import { freeze } from '../../model/contract/draft.ts';
import { ModelError } from '../../model/contract/errors.ts';
import type { ProcessId } from '../../model/contract/protocol.ts';
import { born, type LocalState, type ProcessEvent, step } from '../../model/contract/step.ts';
import { type Bounds, identityOf } from '../../model/contract/system.ts';
import type { TraceEvent } from '../../model/contract/trace.ts';
import { type Allowance, allowance, allows, type Spent, spend } from '../semantics/environment.ts';
import type { InFlight } from '../semantics/network.ts';
import { callModel, localKey, mustAgree, viewOf } from '../semantics/observation.ts';
import { Interned } from './interned.ts';
import { numbersIn, type Renumbering, renumbered, renumbering } from './renumbering.ts';
import type { ConsensusInstance } from './subject.ts';
import { MOST_VALUES } from './values.ts';

/**
 * A configuration, by the ids of its parts: the state of each process, then what is spent of the budgets, then the messages
 * in the buffer in ascending order, one as often as it is there.
 */
export type Configuration = readonly number[];

/** An event, which belongs to one process. */
export interface WorldEvent {
  /** The index of the process that takes it. */
  readonly process: number;
  readonly event: TraceEvent;
  /** The id of the message that is received; null for timers and requests. */
  readonly message: number | null;
  /** The budget that a timer or a request draws on. */
  readonly draws: Allowance | null;
}

/** Under which id an event goes on after the numbers of a configuration have been replaced. */
export type EventRenaming = (event: number) => number;

/** What an event leads to. */
export interface Taken {
  /** The configuration, with its numbers replaced. */
  readonly to: Configuration;
  /** Whether it is beyond a bound of the instance, or its timer's budget is spent. */
  readonly beyond: boolean;
  /** Which replacement it was: an index of {@link TheoremWorld.renamings}. */
  readonly renaming: number;
  /** Whether it brought in a number above all others: a new round begins. */
  readonly newRound: boolean;
}

/** A process between two steps. */
interface Local {
  readonly process: number;
  readonly local: LocalState;
  readonly timeouts: readonly number[];
  /** The index of the value that it has decided; null while it has not. */
  readonly decided: number | null;
  readonly numbers: readonly number[];
  readonly beyond: boolean;
}

interface InBuffer {
  readonly event: TraceEvent & { readonly type: 'receive' };
  /** The event of its receipt. */
  readonly receipt: number;
  readonly numbers: readonly number[];
}

/** A replacement of numbers, and what it has been found to make of local states and messages. */
interface Replacement {
  readonly index: number;
  readonly map: Renumbering;
  readonly locals: Map<number, number>;
  readonly messages: Map<number, number>;
}

interface Outcome {
  readonly local: number;
  readonly sent: readonly number[];
}

export class TheoremWorld {
  readonly instance: ConsensusInstance;
  readonly ids: readonly ProcessId[];
  readonly events = new Interned<WorldEvent>();
  /** The values that are decided somewhere, in the order in which they were met; several worlds may share them. */
  readonly values: Interned<unknown>;
  /** The first one changes nothing. */
  readonly renamings: EventRenaming[] = [(event) => event];
  readonly #locals = new Interned<Local>();
  readonly #buffered = new Interned<InBuffer>();
  readonly #spent = new Interned<Spent>();
  /** What each event does to each local state. */
  readonly #outcomes: Map<number, Outcome>[] = [];
  /** By local state: for messages to its process, whether they come too late. */
  readonly #late: Map<number, boolean>[] = [];
  readonly #replacements = new Map<string, Replacement>();
  readonly #ordered: Ordered | null;
  readonly #bounds: Bounds<object>;
  readonly #requests: readonly number[];

  constructor(instance: ConsensusInstance, values = new Interned<unknown>()) {
    this.instance = instance;
    this.values = values;
    this.ids = instance.processes.map(({ id }) => id);
    this.#ordered = instance.consensus.ordered ?? null;
    this.#bounds = instance.consensus.bounds ?? instance.bounds;
    this.#requests = (instance.environment.requests ?? []).flatMap(({ to, client = 'client', request }, index) =>
      [to].flat().map((process) => {
        const draws = { counter: `request ${index}`, limit: 1 };
        return this.#internEvent({ type: 'request', process, client, request }, null, draws);
      }),
    );
  }

  initial(): Configuration {
    const begun = this.instance.processes.map(({ id, protocol }, process) => {
      const identity = identityOf(this.instance, id);
      return this.#enter(
        process,
        { type: 'start' },
        step(protocol, identity, born(protocol, identity), { type: 'start' }),
      );
    });
    const spent = this.#spent.intern('{}', () => ({}));
    const buffer = begun.flatMap(({ sent }) => sent).sort(ascending);
    const locals = begun.map(({ local }) => local);
    return this.normal([...locals, spent, ...this.#inTime(locals, buffer)]).to;
  }

  /** The events that are applicable, each once: receipts in the order of the buffer, then timers, then requests. */
  applicable(configuration: Configuration): number[] {
    const receipts = [...new Set(configuration.slice(this.ids.length + 1))].map(
      (message) => this.#buffered.value(message).receipt,
    );
    const timeouts = this.ids.flatMap((_, process) => this.#localOf(configuration, process).timeouts);
    const requests = this.#requests.filter(
      (request) => this.isInBudget(configuration, request) && !this.isIgnored(configuration, request),
    );
    return [...receipts, ...timeouts, ...requests];
  }

  /** Whether the budget that an event draws on, if there is one, is not spent yet. */
  isInBudget(configuration: Configuration, event: number): boolean {
    const { draws } = this.events.value(event);
    return draws === null || allows(this.#spent.value(configuration[this.ids.length] as number), draws);
  }

  /** Applies an applicable event, and replaces the numbers of the configuration that it leads to. */
  take(configuration: Configuration, event: number): Taken {
    if (!this.isInBudget(configuration, event))
      return { to: configuration, beyond: true, renaming: 0, newRound: false };
    const raw = this.takeAsIs(configuration, event);
    const { to, renaming } = this.normal(raw);
    const { process } = this.events.value(event);
    const inFlight = raw.length - this.ids.length - 1;
    return {
      to,
      renaming,
      beyond: inFlight > (this.#bounds.inFlight ?? Infinity) || this.#localOf(to, process).beyond,
      newRound: this.#highest(raw) > this.#highest(configuration),
    };
  }

  /** Applies an applicable event; numbers grow as they do in a real run. */
  takeAsIs(configuration: Configuration, event: number): Configuration {
    const { process, message, draws } = this.events.value(event);
    const { local, sent } = this.#outcome(configuration[process] as number, event);
    const head = configuration.slice(0, this.ids.length + 1);
    head[process] = local;
    if (draws !== null) {
      const spent = spend(this.#spent.value(head[this.ids.length] as number), draws);
      head[this.ids.length] = this.#spent.intern(canonical(spent), () => spent);
    }
    const buffer = configuration.slice(this.ids.length + 1);
    if (message !== null) buffer.splice(buffer.indexOf(message), 1);
    return [...head, ...this.#inTime(head, [...buffer, ...sent]).sort(ascending)];
  }

  /** The configuration without the messages to a process and from it. */
  withoutMessagesOf(configuration: Configuration, process: number): Configuration {
    const id = this.ids[process];
    const head = this.ids.length + 1;
    return configuration.filter((message, at) => {
      if (at < head) return true;
      const { from, to } = this.#inFlightOf(message);
      return from !== id && to !== id;
    });
  }

  /** What the event's process sends when it takes the event. */
  sentBy(configuration: Configuration, event: number): InFlight[] {
    const { process } = this.events.value(event);
    return this.#outcome(configuration[process] as number, event).sent.map((message) => this.#inFlightOf(message));
  }

  /** What a process has decided, as an index of {@link values}; null while it has not. */
  decided(configuration: Configuration, process: number): number | null {
    return this.#localOf(configuration, process).decided;
  }

  /** What properties see of a process. */
  view(configuration: Configuration, process: number): unknown {
    return viewOf(this.instance, this.ids[process] as ProcessId, this.#localOf(configuration, process).local.state);
  }

  state(configuration: Configuration, process: number): object {
    return this.#localOf(configuration, process).local.state;
  }

  /** What is in the buffer, one as often as it is there. */
  buffer(configuration: Configuration): InFlight[] {
    return configuration.slice(this.ids.length + 1).map((message) => this.#inFlightOf(message));
  }

  #inFlightOf(message: number): InFlight {
    const { from, process: to, message: content } = this.#buffered.value(message).event;
    return { from, to, message: content };
  }

  /** How many distinct steps of a process have been taken. */
  get steps(): number {
    return this.#outcomes.reduce((sum, { size }) => sum + size, 0);
  }

  /**
   * Takes every distinct step a second time: the theorem is about processes that share nothing but messages.
   *
   * @throws ModelError when a step is not a function of the process's state and the event.
   */
  verifyPurity(): void {
    for (const [local, outcomes] of this.#outcomes.entries()) {
      for (const [event, { local: next }] of outcomes) {
        const { process, happened, again } = this.#stepAgain(local, event);
        const id = this.ids[process] ?? '';
        mustAgree(`a step of ${id} (${happened.type})`, this.#locals.value(next).local, again);
      }
    }
  }

  #stepAgain(local: number, event: number) {
    const { process } = this.events.value(event);
    const happened = processEvent(this.events.value(event).event);
    return { process, happened, again: this.#apply(process, this.#locals.value(local).local, happened).local };
  }

  #apply(process: number, local: LocalState, event: ProcessEvent) {
    const { id, protocol } = this.#host(process);
    return step(protocol, identityOf(this.instance, id), local, event);
  }

  #host(process: number) {
    const host = this.instance.processes[process];
    if (host === undefined) throw new ModelError(`there is no process ${process}`);
    return host;
  }

  #localOf(configuration: Configuration, process: number): Local {
    return this.#locals.value(configuration[process] as number);
  }

  /** Whether the process ignores an event: it changes nothing and sends nothing. */
  isIgnored(configuration: Configuration, event: number): boolean {
    const before = configuration[this.events.value(event).process] as number;
    const { local, sent } = this.#outcome(before, event);
    return local === before && sent.length === 0;
  }

  /** The messages that have not come too late: the others are received at once. */
  #inTime(locals: Configuration, buffer: readonly number[]): number[] {
    if (this.instance.consensus.isLate === undefined) return [...buffer];
    return buffer.filter((message) => {
      const { receipt } = this.#buffered.value(message);
      return !this.#isLate(locals[this.events.value(receipt).process] as number, message);
    });
  }

  #isLate(local: number, message: number): boolean {
    while (this.#late.length <= local) this.#late.push(new Map());
    const known = this.#late[local]?.get(message);
    if (known !== undefined) return known;
    const { event, receipt } = this.#buffered.value(message);
    const { state } = this.#locals.value(local).local;
    const late = callModel('isLate', () => this.instance.consensus.isLate?.(state, event.message) ?? false);
    if (late) {
      const { local: after, sent } = this.#outcome(local, receipt);
      if (after !== local || sent.length > 0) {
        throw new ModelError(
          `isLate of ${canonical(event.message)} is true, but ${event.process} does not ignore it in the state ${canonical(state)}`,
        );
      }
    }
    this.#late[local]?.set(message, late);
    return late;
  }

  #outcome(local: number, event: number): Outcome {
    const known = this.#outcomes[local]?.get(event);
    if (known !== undefined) return known;
    const { process, event: happened } = this.events.value(event);
    const taken = processEvent(happened);
    const outcome = this.#enter(process, taken, this.#apply(process, this.#locals.value(local).local, taken));
    const [was, is] = [this.#locals.value(local).decided, this.#locals.value(outcome.local).decided];
    if (was !== null && was !== is) {
      throw new ModelError(
        `${this.ids[process]} decides ${canonical(this.values.value(was))} and later does not stand by it: a decision is for good`,
      );
    }
    const outcomes = this.#outcomes[local] ?? new Map<number, Outcome>();
    while (this.#outcomes.length <= local) this.#outcomes.push(new Map());
    this.#outcomes[local] = outcomes.set(event, outcome);
    return outcome;
  }

  /** Gives ids to what a step has led to. */
  #enter(process: number, event: ProcessEvent, { local, effects }: ReturnType<typeof step>): Outcome {
    const { id, protocol } = this.#host(process);
    const sent = effects.flatMap((effect) => {
      if (effect.type !== 'send' || effect.to === id) return [];
      if (!this.ids.includes(effect.to)) throw new ModelError(`${id} sends to '${effect.to}', which is no process`);
      return [this.#internMessage({ type: 'receive', process: effect.to, from: id, message: effect.message })];
    });
    return { local: this.#internLocal(process, local, localKey(protocol, id, event, local)), sent };
  }

  #internLocal(process: number, local: LocalState, text: string): number {
    return this.#locals.intern(`${process} ${text}`, () => {
      const { consensus, environment } = this.instance;
      const id = this.ids[process] as ProcessId;
      const decided = this.#decisionOf(id, local);
      const timeouts = local.timers.map((timer) => {
        const draws = allowance('timeouts', consensus.timeouts ?? environment.timeouts ?? Infinity, [timer, id]);
        return this.#internEvent({ type: 'timeout', process: id, timer }, null, draws);
      });
      return {
        process,
        local,
        timeouts,
        decided,
        numbers: this.#numbersIn(local.state),
        beyond: Object.values(this.#bounds.local ?? {}).some(
          (within) => !callModel('bound', () => within(local.state)),
        ),
      };
    });
  }

  #decisionOf(id: ProcessId, { state }: LocalState): number | null {
    return callModel('decision', () => {
      const value = this.instance.consensus.decision(viewOf(this.instance, id, state) as never, id);
      if (value === null) return null;
      const decided = this.values.intern(canonical(value), () => value);
      if (decided >= MOST_VALUES) throw new Error(`there are more than ${MOST_VALUES} values that are decided`);
      return decided;
    });
  }

  #internMessage(event: TraceEvent & { readonly type: 'receive' }): number {
    return this.#buffered.intern(canonical(event), () => ({
      event,
      receipt: this.#internEvent(event, this.#buffered.size, null),
      numbers: this.#numbersIn(event.message),
    }));
  }

  #internEvent(event: TraceEvent & { readonly process: ProcessId }, message: number | null, draws: Allowance | null) {
    const process = this.ids.indexOf(event.process);
    return this.events.intern(canonical(event), () => ({ process, event, message, draws }));
  }

  #numbersIn(value: unknown): readonly number[] {
    return this.#ordered === null ? [] : numbersIn(value, this.#ordered);
  }

  #highest(configuration: Configuration): number {
    return this.#ordered === null ? 0 : Math.max(0, ...this.#numbers(configuration));
  }

  #numbers(configuration: Configuration): Set<number> {
    const processes = this.ids.length;
    const all = new Set<number>();
    for (let at = 0; at < configuration.length; at++) {
      if (at === processes) continue;
      const part = at < processes ? this.#locals : this.#buffered;
      for (const number of part.value(configuration[at] as number).numbers) all.add(number);
    }
    return all;
  }

  /** The configuration with its numbers replaced, and which replacement that was. */
  normal(raw: Configuration): { to: Configuration; renaming: number } {
    const map = this.#ordered === null ? null : renumbering(this.#numbers(raw), this.#ordered);
    if (map === null) return { to: raw, renaming: 0 };
    const replacement = this.#replacement(map);
    const processes = this.ids.length;
    const head = raw.slice(0, processes + 1).map((id, at) => (at < processes ? this.#renewLocal(id, replacement) : id));
    const buffer = raw.slice(processes + 1).map((id) => this.#renewMessage(id, replacement));
    return { to: [...head, ...buffer.sort(ascending)], renaming: replacement.index };
  }

  #replacement(map: Renumbering): Replacement {
    const text = [...map].join(' ');
    const known = this.#replacements.get(text);
    if (known !== undefined) return known;
    const fresh = { index: this.renamings.length, map, locals: new Map(), messages: new Map() };
    this.#replacements.set(text, fresh);
    this.renamings.push((event) => {
      const { message } = this.events.value(event);
      return message === null ? event : this.#buffered.value(this.#renewMessage(message, fresh)).receipt;
    });
    return fresh;
  }

  #renewLocal(id: number, { map, locals }: Replacement): number {
    return remembered(locals, id, () => {
      const { process, local, numbers } = this.#locals.value(id);
      if (this.#ordered === null || numbers.length === 0) return id;
      const state = freeze(renumbered(local.state, this.#ordered, map) as object, true);
      const renewed = { ...local, state };
      return this.#internLocal(process, renewed, canonical(renewed));
    });
  }

  #renewMessage(id: number, { map, messages }: Replacement): number {
    return remembered(messages, id, () => {
      const { event, numbers } = this.#buffered.value(id);
      if (this.#ordered === null || numbers.length === 0) return id;
      const message = freeze(renumbered(event.message, this.#ordered, map) as typeof event.message, true);
      return this.#internMessage({ ...event, message });
    });
  }
}

function remembered(known: Map<number, number>, id: number, compute: () => number): number {
  const found = known.get(id) ?? compute();
  known.set(id, found);
  return found;
}

function ascending(a: number, b: number): number {
  return a - b;
}

function processEvent(event: TraceEvent): ProcessEvent {
  switch (event.type) {
    case 'receive':
      return { type: 'receive', from: event.from, message: event.message };
    case 'timeout':
      return { type: 'timeout', timer: event.timer };
    case 'request':
      return { type: 'request', client: event.client, request: event.request };
    default:
      throw new Error(`${event.type} is no event of the theorem's world`);
  }
}
