/**
 * What the processes of the theorem's world do. Local states, messages and events are known by numbers, and each distinct
 * step is taken once.
 */

import { canonical } from '../../model/contract/data.ts';
import { ModelError } from '../../model/contract/errors.ts';
import type { ProcessId } from '../../model/contract/protocol.ts';
import { born, type LocalState, type ProcessEvent, step } from '../../model/contract/step.ts';
import { type ClientRequest, identityOf } from '../../model/contract/system.ts';
import { happenedIn, type TraceEvent } from '../../model/contract/trace.ts';
import { type Allowance, allowance } from '../semantics/environment.ts';
import { callModel, localKey, mustAgree, viewOf } from '../semantics/observation.ts';
import { Interned } from './interned.ts';
import { numbersIn } from './renumbering.ts';
import type { ConsensusInstance } from './subject.ts';
import { MOST_VALUES } from './values.ts';

/** What can happen there. */
type Happening = Extract<TraceEvent, { type: 'receive' | 'timeout' | 'request' }>;
type Receipt = Extract<Happening, { type: 'receive' }>;

/** An event, which belongs to one process. */
export interface WorldEvent {
  /** The index of the process that takes it. */
  readonly process: number;
  readonly event: Happening;
  /** The id of the message that is received; null for timers and requests. */
  readonly message: number | null;
  /** The budget that a timer or a request draws on. */
  readonly draws: Allowance | null;
}

/** A process between two steps. */
export interface Local {
  readonly process: number;
  readonly local: LocalState;
  readonly timeouts: readonly number[];
  /** The index of the value that it has decided; null while it has not. */
  readonly decided: number | null;
  readonly numbers: readonly number[];
  readonly beyond: boolean;
}

/** A message in the buffer. */
export interface InBuffer {
  readonly event: Receipt;
  /** The event of its receipt. */
  readonly receipt: number;
  readonly numbers: readonly number[];
}

/** What a step leads to: a local state, and messages. */
export interface Outcome {
  readonly local: number;
  readonly sent: readonly number[];
}

export class ProcessSteps {
  readonly ids: readonly ProcessId[];
  readonly events = new Interned<WorldEvent>();
  readonly locals = new Interned<Local>();
  readonly messages = new Interned<InBuffer>();
  readonly #instance: ConsensusInstance;
  readonly #values: Interned<unknown>;
  /** What each event does to each local state. */
  readonly #outcomes: Map<number, Outcome>[] = [];
  /** By local state: for messages to its process, whether they come too late. */
  readonly #late: Map<number, boolean>[] = [];

  constructor(instance: ConsensusInstance, values: Interned<unknown>) {
    this.#instance = instance;
    this.#values = values;
    this.ids = instance.processes.map(({ id }) => id);
  }

  /** How many distinct steps have been taken. */
  get taken(): number {
    return this.#outcomes.reduce((sum, { size }) => sum + size, 0);
  }

  start(process: number): Outcome {
    const { id, protocol } = this.#host(process);
    const identity = identityOf(this.#instance, id);
    return this.#enter(
      process,
      { type: 'start' },
      step(protocol, identity, born(protocol, identity), { type: 'start' }),
    );
  }

  /** The events of a client's request, which can be made once: one for each process that it may go to. */
  requests({ to, client = 'client', request }: ClientRequest, index: number): number[] {
    const draws = { counter: `request ${index}`, limit: 1 };
    return [to].flat().map((process) => this.#internEvent({ type: 'request', process, client, request }, null, draws));
  }

  outcome(local: number, event: number): Outcome {
    const known = this.#outcomes[local]?.get(event);
    if (known !== undefined) return known;
    const { process, event: happening } = this.events.value(event);
    const happened = happenedIn(happening);
    const outcome = this.#enter(process, happened, this.#apply(process, this.locals.value(local).local, happened));
    const [was, is] = [this.locals.value(local).decided, this.locals.value(outcome.local).decided];
    if (was !== null && was !== is) {
      throw new ModelError(
        `${this.ids[process]} decides ${canonical(this.#values.value(was))} and later does not stand by it: a decision is for good`,
      );
    }
    const outcomes = this.#outcomes[local] ?? new Map<number, Outcome>();
    while (this.#outcomes.length <= local) this.#outcomes.push(new Map());
    this.#outcomes[local] = outcomes.set(event, outcome);
    return outcome;
  }

  /** Whether a process in this state ignores an event: it changes nothing and sends nothing. */
  isIgnored(before: number, event: number): boolean {
    const { local, sent } = this.outcome(before, event);
    return local === before && sent.length === 0;
  }

  /** @throws ModelError when the system takes for too late what its process does not ignore. */
  isLate(local: number, message: number): boolean {
    while (this.#late.length <= local) this.#late.push(new Map());
    const known = this.#late[local]?.get(message);
    if (known !== undefined) return known;
    const { event, receipt } = this.messages.value(message);
    const { state } = this.locals.value(local).local;
    const late = callModel('isLate', () => this.#instance.consensus.isLate?.(state, event.message) ?? false);
    if (late && !this.isIgnored(local, receipt)) {
      throw new ModelError(
        `isLate of ${canonical(event.message)} is true, but ${event.process} does not ignore it in the state ${canonical(state)}`,
      );
    }
    this.#late[local]?.set(message, late);
    return late;
  }

  /**
   * Takes every distinct step a second time: the theorem is about processes that share nothing but messages.
   *
   * @throws ModelError when a step is not a function of the process's state and the event.
   */
  verifyPurity(): void {
    for (const [local, outcomes] of this.#outcomes.entries()) {
      for (const [event, { local: next }] of outcomes) {
        const { process, event: happening } = this.events.value(event);
        const again = this.#apply(process, this.locals.value(local).local, happenedIn(happening)).local;
        const id = this.ids[process] ?? '';
        mustAgree(`a step of ${id} (${happening.type})`, this.locals.value(next).local, again);
      }
    }
  }

  /** @param text tells the local state from others of the process */
  internLocal(process: number, local: LocalState, text: string): number {
    return this.locals.intern(`${process} ${text}`, () => {
      const { consensus, environment, bounds } = this.#instance;
      const id = this.ids[process] as ProcessId;
      const within = Object.values((consensus.bounds ?? bounds).local ?? {});
      const timeouts = local.timers.map((timer) => {
        const draws = allowance('timeouts', consensus.timeouts ?? environment.timeouts ?? Infinity, [timer, id]);
        return this.#internEvent({ type: 'timeout', process: id, timer }, null, draws);
      });
      return {
        process,
        local,
        timeouts,
        decided: this.#decisionOf(id, local),
        numbers: this.#numbersIn(local.state),
        beyond: within.some((bound) => !callModel('bound', () => bound(local.state))),
      };
    });
  }

  internMessage(event: Receipt): number {
    return this.messages.intern(canonical(event), () => ({
      event,
      receipt: this.#internEvent(event, this.messages.size, null),
      numbers: this.#numbersIn(event.message),
    }));
  }

  #internEvent(event: Happening, message: number | null, draws: Allowance | null): number {
    const process = this.ids.indexOf(event.process);
    return this.events.intern(canonical(event), () => ({ process, event, message, draws }));
  }

  /** Gives ids to what a step has led to. */
  #enter(process: number, event: ProcessEvent, { local, effects }: ReturnType<typeof step>): Outcome {
    const { id, protocol } = this.#host(process);
    const sent = effects.flatMap((effect) => {
      if (effect.type !== 'send' || effect.to === id) return [];
      if (!this.ids.includes(effect.to)) throw new ModelError(`${id} sends to '${effect.to}', which is no process`);
      return [this.internMessage({ type: 'receive', process: effect.to, from: id, message: effect.message })];
    });
    return { local: this.internLocal(process, local, localKey(protocol, id, event, local)), sent };
  }

  #apply(process: number, local: LocalState, event: ProcessEvent) {
    const { id, protocol } = this.#host(process);
    return step(protocol, identityOf(this.#instance, id), local, event);
  }

  #host(process: number) {
    const host = this.#instance.processes[process];
    if (host === undefined) throw new ModelError(`there is no process ${process}`);
    return host;
  }

  #decisionOf(id: ProcessId, { state }: LocalState): number | null {
    return callModel('decision', () => {
      const value = this.#instance.consensus.decision(viewOf(this.#instance, id, state) as never, id);
      if (value === null) return null;
      const decided = this.#values.intern(canonical(value), () => value);
      if (decided >= MOST_VALUES) throw new Error(`there are more than ${MOST_VALUES} values that are decided`);
      return decided;
    });
  }

  #numbersIn(value: unknown): readonly number[] {
    const { ordered } = this.#instance.consensus;
    return ordered === undefined ? [] : numbersIn(value, ordered);
  }
}
