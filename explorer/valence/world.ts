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
 *
 * A failure detector is no part of that world. Of a system that has one, its budgets for timeouts are what the detector
 * promises: beyond them, a timer does not fire.
 */

import { canonical } from '../../model/contract/data.ts';
import type { ProcessId } from '../../model/contract/protocol.ts';
import type { Bounds } from '../../model/contract/system.ts';
import { allows, type Spent, spend } from '../semantics/environment.ts';
import type { InFlight } from '../semantics/network.ts';
import { viewOf } from '../semantics/observation.ts';
import { ascending, type Configuration } from './configuration.ts';
import { Interned } from './interned.ts';
import { type EventRenaming, NormalForm } from './normal-form.ts';
import { type Local, ProcessSteps, type WorldEvent } from './process-steps.ts';
import type { ConsensusInstance } from './subject.ts';

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

export class TheoremWorld {
  readonly instance: ConsensusInstance;
  readonly ids: readonly ProcessId[];
  readonly events: Interned<WorldEvent>;
  /** The values that are decided somewhere, in the order in which they were met; several worlds may share them. */
  readonly values: Interned<unknown>;
  readonly renamings: readonly EventRenaming[];
  readonly #steps: ProcessSteps;
  readonly #normalForm: NormalForm;
  readonly #spent = new Interned<Spent>();
  readonly #bounds: Bounds<object>;
  readonly #requests: readonly number[];

  constructor(instance: ConsensusInstance, values = new Interned<unknown>()) {
    const { consensus, bounds, environment } = instance;
    this.instance = instance;
    this.values = values;
    this.#steps = new ProcessSteps(instance, values);
    this.#normalForm = new NormalForm(this.#steps, consensus.ordered ?? null);
    this.ids = this.#steps.ids;
    this.events = this.#steps.events;
    this.renamings = this.#normalForm.renamings;
    this.#bounds = consensus.bounds ?? bounds;
    this.#requests = (environment.requests ?? []).flatMap((request, index) => this.#steps.requests(request, index));
  }

  initial(): Configuration {
    const begun = [...this.ids.keys()].map((process) => this.#steps.start(process));
    const spent = this.#spent.intern('{}', () => ({}));
    const buffer = begun.flatMap(({ sent }) => sent).sort(ascending);
    const locals = begun.map(({ local }) => local);
    return this.normal([...locals, spent, ...this.#inTime(locals, buffer)]).to;
  }

  /** The events that are applicable, each once: receipts in the order of the buffer, then timers, then requests. */
  applicable(configuration: Configuration): number[] {
    const receipts = [...new Set(configuration.slice(this.ids.length + 1))].map(
      (message) => this.#steps.messages.value(message).receipt,
    );
    const armed = this.ids.flatMap((_, process) => this.#localOf(configuration, process).timeouts);
    const hasDetector = this.instance.consensus.detector !== undefined;
    const timeouts = hasDetector ? armed.filter((timeout) => this.isInBudget(configuration, timeout)) : armed;
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
      newRound: this.#normalForm.highest(raw) > this.#normalForm.highest(configuration),
    };
  }

  /** Applies an applicable event; numbers grow as they do in a real run. */
  takeAsIs(configuration: Configuration, event: number): Configuration {
    const { process, message, draws } = this.events.value(event);
    const { local, sent } = this.#steps.outcome(configuration[process] as number, event);
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
    return this.#steps
      .outcome(configuration[process] as number, event)
      .sent.map((message) => this.#inFlightOf(message));
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

  /** How many distinct steps of a process have been taken. */
  get steps(): number {
    return this.#steps.taken;
  }

  /** @throws ModelError when a step is not a function of the process's state and the event. */
  verifyPurity(): void {
    this.#steps.verifyPurity();
  }

  /** Whether the process ignores an event: it changes nothing and sends nothing. */
  isIgnored(configuration: Configuration, event: number): boolean {
    return this.#steps.isIgnored(configuration[this.events.value(event).process] as number, event);
  }

  /** The configuration with its numbers replaced, and which replacement that was. */
  normal(raw: Configuration): { to: Configuration; renaming: number } {
    return this.#normalForm.of(raw);
  }

  #inFlightOf(message: number): InFlight {
    const { from, process: to, message: content } = this.#steps.messages.value(message).event;
    return { from, to, message: content };
  }

  #localOf(configuration: Configuration, process: number): Local {
    return this.#steps.locals.value(configuration[process] as number);
  }

  /** The messages that have not come too late: the others are received at once. */
  #inTime(locals: Configuration, buffer: readonly number[]): number[] {
    if (this.instance.consensus.isLate === undefined) return [...buffer];
    return buffer.filter((message) => {
      const { receipt } = this.#steps.messages.value(message);
      return !this.#steps.isLate(locals[this.events.value(receipt).process] as number, message);
    });
  }
}
