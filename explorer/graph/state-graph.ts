/**
 * The state graph of an instance: every state within its bounds, numbered, and every transition between them, in compact
 * arrays. What an exploration forgets as it goes, a question about infinite runs or about all futures of a state needs.
 *
 * States are numbered from 0 in breadth-first order. The transitions out of state `s` are numbered from `offsets[s]` to
 * `offsets[s + 1]`; each has a target and an event. Events are numbered too: equal events have one number wherever they
 * happen. The *cuts* are transitions that lead beyond a bound: they can happen, and nobody looked where they lead.
 */

import type { ProcessId } from '../../model/contract/protocol.ts';
import type { Instance } from '../../model/contract/system.ts';
import { eventKey, type TraceEvent } from '../../model/contract/trace.ts';
import type { FoundRun } from '../exploration.ts';
import { semanticsOf } from '../semantics/semantics.ts';

/** An event of the graph, and what classes of events are told apart by. */
export interface GraphEvent {
  readonly kind: TraceEvent['type'];
  /** The process that it happens to; null for an action of a bare system. */
  readonly process: ProcessId | null;
  /** The type of the message or request, the name of the timer or action; null for what has none of these. */
  readonly name: string | null;
  /** The event, but for an action without the state that it leads to: that is the transition's. */
  readonly event: TraceEvent;
}

/** The transitions beyond a bound, by state, like those within: `offsets` is empty when nothing was cut. */
export interface Cuts {
  readonly offsets: Int32Array;
  readonly events: Int32Array;
  /** How many transitions each bound cut. */
  readonly by: Readonly<Record<string, number>>;
  /** Whether an initial state is beyond a bound. */
  readonly initial: boolean;
}

export interface GraphArrays {
  /** The number of each initial state within the bounds, by its index among the initial states; -1 for one beyond. */
  readonly initial: readonly number[];
  readonly offsets: Int32Array;
  readonly targets: Int32Array;
  readonly eventOf: Int32Array;
  readonly events: readonly GraphEvent[];
  readonly cuts: Cuts;
  /** By state: the transition by which it was found first, -1 for an initial state. Following these back is a shortest way. */
  readonly foundBy: Int32Array;
  /** By state: the number of what properties see of it. States that look the same have the same one. */
  readonly seenOf: Int32Array;
}

/** How many configurations are kept once they have been worked out. */
const KEPT = 20_000;

export class StateGraph implements GraphArrays {
  readonly instance: Instance;
  readonly initial: readonly number[];
  readonly offsets: Int32Array;
  readonly targets: Int32Array;
  readonly eventOf: Int32Array;
  readonly events: readonly GraphEvent[];
  readonly cuts: Cuts;
  readonly foundBy: Int32Array;
  readonly seenOf: Int32Array;
  /** How many different things are seen of its states. */
  readonly looks: number;
  readonly #seen: (look: number) => unknown;
  readonly #semantics;
  readonly #configurations = new Map<number, unknown>();

  /** @param seen what properties read, by its number in `seenOf`; there are `looks` of them. */
  constructor(instance: Instance, arrays: GraphArrays, looks: number, seen: (look: number) => unknown) {
    this.instance = instance;
    this.initial = arrays.initial;
    this.offsets = arrays.offsets;
    this.targets = arrays.targets;
    this.eventOf = arrays.eventOf;
    this.events = arrays.events;
    this.cuts = arrays.cuts;
    this.foundBy = arrays.foundBy;
    this.seenOf = arrays.seenOf;
    this.looks = looks;
    this.#seen = seen;
    this.#semantics = semanticsOf(instance);
  }

  /** How many states there are. */
  get size(): number {
    return this.offsets.length - 1;
  }

  /** How many transitions there are, those beyond a bound not counted. */
  get transitions(): number {
    return this.targets.length;
  }

  /** What properties read of a state: the views and the history, or the state of a bare system. */
  seen(state: number): unknown {
    return this.#seen(this.seenOf[state] as number);
  }

  /** What properties read of the states with this number in `seenOf`. */
  seenAs(look: number): unknown {
    return this.#seen(look);
  }

  /** Evaluates a predicate on what is seen, once for each look: 1 for every state of which it holds. */
  where(predicate: (seen: never) => boolean): Uint8Array {
    const ofLook = new Uint8Array(this.looks);
    for (let look = 0; look < this.looks; look++) ofLook[look] = predicate(this.#seen(look) as never) ? 1 : 0;
    const ofState = new Uint8Array(this.size);
    for (let state = 0; state < ofState.length; state++)
      ofState[state] = ofLook[this.seenOf[state] as number] as number;
    return ofState;
  }

  /** Whether something can happen in a state that leads beyond a bound. */
  isCut(state: number): boolean {
    const { offsets } = this.cuts;
    return offsets.length > 0 && (offsets[state] as number) < (offsets[state + 1] as number);
  }

  /** Whether nothing at all can happen in a state. */
  isQuiescent(state: number): boolean {
    return this.offsets[state] === this.offsets[state + 1] && !this.isCut(state);
  }

  /** The state that a transition leaves. */
  sourceOf(transition: number): number {
    let [low, high] = [0, this.size - 1];
    while (low < high) {
      const middle = (low + high + 1) >>> 1;
      if ((this.offsets[middle] as number) <= transition) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  /** What happens in a transition, as a trace has it. */
  traceEvent(transition: number): TraceEvent {
    const { event } = this.events[this.eventOf[transition] as number] as GraphEvent;
    return event.type === 'action' ? { ...event, state: this.seen(this.targets[transition] as number) } : event;
  }

  /** A run along transitions, which must follow each other, from an initial state. */
  run(initial: number, transitions: readonly number[]): FoundRun {
    return {
      initial: this.initial.indexOf(initial),
      events: transitions.map((transition) => this.traceEvent(transition)),
    };
  }

  /** The transitions of a shortest way to a state, and the initial state in which it begins. */
  wayTo(state: number): { readonly from: number; readonly transitions: number[] } {
    const transitions: number[] = [];
    let from = state;
    for (let by = this.foundBy[from] as number; by >= 0; by = this.foundBy[from] as number) {
      transitions.unshift(by);
      from = this.sourceOf(by);
    }
    return { from, transitions };
  }

  /**
   * The state itself as the reference semantics has it (a `GlobalState`, or the state of a bare system), worked out when
   * it is asked for. Where an environment lists the same request twice, either may have been made.
   */
  configuration(state: number): unknown {
    const known = this.#configurations.get(state);
    if (known !== undefined) return known;
    const by = this.foundBy[state] as number;
    const configuration = by < 0 ? this.#initialConfiguration(state) : this.#after(this.sourceOf(by), by);
    if (this.#configurations.size >= KEPT) this.#configurations.clear();
    this.#configurations.set(state, configuration);
    return configuration;
  }

  #initialConfiguration(state: number): unknown {
    return this.#semantics.initial()[this.initial.indexOf(state)]?.state;
  }

  #after(source: number, transition: number): unknown {
    const key = eventKey(this.traceEvent(transition));
    const successors = this.#semantics.successors(this.configuration(source));
    const taken = successors.find(({ event }) => eventKey(event) === key);
    if (taken === undefined) throw new Error('a transition of the graph cannot be taken: the model is impure');
    return taken.state;
  }
}

/** What classes of events are told apart by, of an event. */
export function graphEvent(event: TraceEvent): GraphEvent {
  if (event.type === 'action') {
    return { kind: 'action', process: null, name: event.action, event: { ...event, state: null } };
  }
  return { kind: event.type, process: event.process, name: nameOf(event), event };
}

function nameOf(event: Exclude<TraceEvent, { type: 'action' }>): string | null {
  switch (event.type) {
    case 'request':
      return event.request.type;
    case 'receive':
    case 'lose':
    case 'duplicate':
      return event.message.type;
    case 'timeout':
      return event.timer;
    default:
      return null;
  }
}
