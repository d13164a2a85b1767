/**
 * Systems: what can be checked and run. A system has parameters and mutants; with values for them it becomes an
 * *instance*: processes on a network in an environment, or a bare transition system, with the properties that must hold.
 */

import type { Property, Snapshot, Verdict } from '../../spec/property.ts';
import type { TemporalProperty } from '../../spec/temporal.ts';
import { type Actions, type NamedAction, namedActions, successorsOf } from './action.ts';
import type { Consensus } from './consensus.ts';
import { UsageError } from './errors.ts';
import { type Fairness, validateActionFairness, validateFairness } from './fairness.ts';
import { type Parameters, type ParameterValue, parameterValues, UnknownName, type ValuesOf } from './parameter.ts';
import type { AnyTagged, Identity, ProcessId, Protocol } from './protocol.ts';
import type { Scenario } from './scenario.ts';
import type { Effect, ProcessEvent } from './step.ts';
import { flawOf, type Interchangeable } from './symmetry.ts';

/**
 * How messages travel.
 * - `set`: unordered, duplicated at will, never forgotten: the classic of TLA+ specifications.
 * - `bag`: unordered, each message delivered at most once; a lost message is one that is never delivered.
 * - `fifo`: in order per ordered pair, as TCP gives within one session; a lost session loses what was in flight.
 */
export type Network = 'set' | 'bag' | 'fifo';

/** How often something may happen in a run: in all, or separately for each of the named ones (others: never). */
export type Budget = number | { readonly [name: string]: Budget };

/** A request that a client may make, once, at any time. */
export interface ClientRequest {
  /** The process that it reaches; of several, any one. */
  readonly to: ProcessId | readonly ProcessId[];
  readonly client?: string;
  readonly request: AnyTagged;
}

/** What may happen around the processes. What is not mentioned never happens, but timers fire without limit. */
export interface Environment {
  readonly requests?: readonly ClientRequest[];
  /** By timer, or by timer and then process. Default: without limit. */
  readonly timeouts?: Budget;
  /** By process. A crash leaves the durable part of the state. */
  readonly crashes?: Budget;
  /** By process. */
  readonly recoveries?: Budget;
  /** Messages lost for good: a `bag` can already delay each for ever, so this matters where absence must be certain. */
  readonly losses?: number;
  /** Messages in a `bag` that come twice. */
  readonly duplications?: number;
  /** Sessions lost between two live processes of a `fifo` network. */
  readonly linkCuts?: number;
}

/** What is not explored beyond; each bound that cut something is reported with how often. */
export interface Bounds<State> {
  /** Predicates on the state of each process, by the name under which the report counts what they cut. */
  readonly local?: Readonly<Record<string, (state: State) => boolean>>;
  /** The most messages in flight at once. */
  readonly inFlight?: number;
}

/** A step as the history variable may observe it. */
export interface ObservedStep<State> {
  readonly process: ProcessId;
  readonly event: ProcessEvent;
  /** The state before the step: null for a process that starts. */
  readonly before: State | null;
  readonly after: State;
  readonly effects: readonly Effect[];
}

/**
 * A history variable: records of the past what properties must know and processes may have forgotten. Nothing reads it
 * but the properties. Both functions are pure.
 */
export interface HistoryVariable<State, History> {
  readonly initial: History;
  /** What matters of a step, as plain data; null for nothing. Computed once per distinct step of a process. */
  observe(step: ObservedStep<State>): unknown;
  next(history: History, observation: never): History;
}

/**
 * A property as it is judged of a run of any length: told one step after the other, in about constant time each. It may
 * keep what it likes. What it says of a run is what its property says of the run's states and steps.
 */
export interface Monitor<State> {
  /** The name of the property that it stands for. */
  readonly property: string;
  /** A run begins. What is returned is told its steps, and gives the verdict of each. */
  begin(): (step: ObservedStep<State>) => Verdict;
}

/** A process of an instance. */
export interface Hosted<State extends object> {
  readonly id: ProcessId;
  readonly protocol: Protocol<State>;
}

/**
 * For each timer of the protocols, how long the runtime waits before it fires: at least and at most so many milliseconds,
 * drawn anew each time. The explorer knows no time: there, a timer may fire whenever it is set.
 */
export type TimerRanges = Readonly<Record<string, readonly [least: number, most: number]>>;

/** Processes, network, environment and bounds, and what must hold of them. */
export interface ProcessInstance<State extends object = object, View = unknown, History = unknown> {
  readonly kind: 'processes';
  readonly processes: readonly Hosted<State>[];
  readonly network: Network;
  readonly environment: Environment;
  readonly bounds: Bounds<State>;
  /** For the runtime only. */
  readonly timers: TimerRanges;
  /** What properties see of a process. Small views make checks fast and counterexamples readable. */
  view(state: State, process: ProcessId): View;
  readonly history: HistoryVariable<State, History>;
  /** Names that can be exchanged without any difference; explored up to them on demand. */
  readonly symmetry: readonly Interchangeable[];
  readonly properties: readonly Property<Snapshot<View, History>>[];
  readonly temporal: readonly TemporalProperty<Snapshot<View, History>>[];
  /** For recorded runs: in place of properties that would take the longer, the longer a run is. */
  readonly monitors: readonly Monitor<State>[];
  /** What temporal properties may rely on. */
  readonly fairness: readonly Fairness[];
  /** Whether a state in which nothing can happen is as it should be. Default: it is. */
  quiescence(state: Snapshot<View, History>): Verdict;
  /** How inputs and decisions are seen; null for a system that is not about consensus. */
  readonly consensus: Consensus<State, View> | null;
}

/** Initial states and a function that lists named successors. */
export interface TransitionInstance<State = unknown> {
  readonly kind: 'transitions';
  initial(): Iterable<State>;
  /** The actions that `next` takes in turn; null when the system gives only `next`. */
  readonly actions: readonly NamedAction<State>[] | null;
  next(state: State): Iterable<readonly [action: string, state: State]>;
  readonly bounds: Bounds<State>;
  readonly symmetry: readonly Interchangeable[];
  readonly properties: readonly Property<State>[];
  readonly temporal: readonly TemporalProperty<State>[];
  readonly fairness: readonly Fairness[];
  quiescence(state: State): Verdict;
}

export type Instance = ProcessInstance | TransitionInstance;

/** A single rule broken on purpose, and the property that then must fail. */
export interface Mutant<Rules, Values> {
  /** The broken rule in a sentence. */
  readonly help: string;
  readonly rules: Partial<Rules>;
  /** The property that it is there to break; `quiescence` when it gets stuck. Others may break on the way. */
  readonly breaks: string;
  /** Parameters under which it is found, where the defaults are too small to show it. */
  readonly parameters?: Partial<Values>;
}

type AnyMutant = Mutant<object, Record<string, ParameterValue>>;

/** What can be checked or run, with values for its parameters. */
export interface System {
  readonly lockstep: 'system';
  readonly name: string;
  /** One line: what it is. */
  readonly summary: string;
  readonly parameters: Parameters;
  readonly mutants: Readonly<Record<string, AnyMutant>>;
  readonly scenarios: Readonly<Record<string, Scenario>>;
  build(values: Readonly<Record<string, ParameterValue>>, mutant: string | null): Instance;
}

interface Definition<P extends Parameters, Rules extends object> {
  readonly name: string;
  readonly summary: string;
  readonly parameters?: P;
  /** The rules of the protocol that mutants may break. */
  readonly rules?: Rules;
  readonly mutants?: Readonly<Record<string, Mutant<NoInfer<Rules>, ValuesOf<NoInfer<P>>>>>;
  /** Runs that lectures and papers tell. */
  readonly scenarios?: Readonly<Record<string, Scenario>>;
}

interface ProcessParts<State extends object, View, History> {
  readonly processes: readonly Hosted<State>[];
  readonly network: Network;
  readonly environment?: Environment;
  readonly bounds?: Bounds<State>;
  /** Needed to run the system, not to check it. */
  readonly timers?: TimerRanges;
  readonly view: (state: State, process: ProcessId) => View;
  /** Default: records nothing. */
  readonly history?: HistoryVariable<State, History>;
  /** Default: no two names are interchangeable. */
  readonly symmetry?: readonly Interchangeable[];
  readonly properties: readonly (Property<Snapshot<View, History>> | TemporalProperty<Snapshot<View, History>>)[];
  /** Needed to judge long runs of the system. */
  readonly monitors?: readonly Monitor<State>[];
  /** What is owed the system, for its temporal properties. Default: nothing. */
  readonly fairness?: readonly Fairness[];
  readonly quiescence?: (state: Snapshot<View, History>) => Verdict;
  /** For `lockstep flp`. */
  readonly consensus?: Consensus<NoInfer<State>, NoInfer<View>>;
}

type TransitionParts<State> = Steps<State> & {
  readonly initial: () => Iterable<State>;
  readonly bounds?: Bounds<State>;
  /** Default: no two names are interchangeable. */
  readonly symmetry?: readonly Interchangeable[];
  readonly properties?: readonly (Property<State> | TemporalProperty<State>)[];
  readonly fairness?: readonly Fairness[];
  readonly quiescence?: (state: State) => Verdict;
};

/** What can happen: actions, or a function that lists named successors. The engine is much faster with actions. */
type Steps<State> =
  | { readonly actions: Actions<State>; readonly next?: never }
  | {
      readonly next: (state: State) => Iterable<readonly [action: string, state: State]>;
      readonly actions?: never;
    };

/** A history that records nothing. */
const noHistory: HistoryVariable<unknown, null> = { initial: null, observe: () => null, next: () => null };

/** Defines a system of processes. `build` makes an instance of it for given parameters and (possibly broken) rules. */
export function system<
  State extends object,
  View,
  History = null,
  P extends Parameters = Record<never, never>,
  Rules extends object = Record<never, never>,
>(
  definition: Definition<P, Rules> & { build(values: ValuesOf<P>, rules: Rules): ProcessParts<State, View, History> },
): System {
  return family(definition, (values, rules) => {
    const parts = definition.build(values, rules);
    const instance = {
      kind: 'processes',
      environment: {},
      bounds: {},
      timers: {},
      history: noHistory,
      monitors: [],
      fairness: [],
      symmetry: [],
      quiescence: () => true,
      consensus: null,
      ...parts,
      ...told(parts.properties),
    } as unknown as ProcessInstance;
    validate(definition.name, instance);
    return instance;
  });
}

/**
 * Defines a bare transition system, for what is not message passing: a lock, a register, a puzzle. One with parameters or
 * mutants gives a `build` instead of its parts.
 */
export function transitionSystem<State>(
  definition: Definition<Record<never, never>, object> & TransitionParts<State>,
): System;
export function transitionSystem<State, P extends Parameters, Rules extends object>(
  definition: Definition<P, Rules> & { build(values: ValuesOf<P>, rules: Rules): TransitionParts<State> },
): System;
export function transitionSystem<State, P extends Parameters, Rules extends object>(
  definition: Definition<P, Rules> &
    (TransitionParts<State> | { build(values: ValuesOf<P>, rules: Rules): TransitionParts<State> }),
): System {
  return family(definition, (values, rules) => {
    const parts = 'build' in definition ? definition.build(values, rules) : definition;
    const { initial, bounds = {}, symmetry = [], properties = [], fairness = [], quiescence = () => true } = parts;
    validateActionFairness(definition.name, fairness);
    const flaw = (parts.actions === undefined) === (parts.next === undefined) ? EITHER : flawOf(symmetry, []);
    if (flaw !== null) throw new UsageError(`system '${definition.name}': ${flaw}`);
    const actions = parts.actions === undefined ? null : namedActions(parts.actions);
    const next = parts.next ?? ((state: State) => successorsOf(actions ?? [], state));
    const what = { initial, actions, next, bounds, symmetry, ...told(properties), fairness, quiescence };
    return { kind: 'transitions', ...what } as unknown as TransitionInstance;
  });
}

const EITHER = 'it must give either actions or next';

/** Safety and liveness, told apart: they are judged by different means. */
function told<X>(properties: readonly (Property<X> | TemporalProperty<X>)[]) {
  return {
    properties: properties.filter((property) => !isTemporal(property)),
    temporal: properties.filter(isTemporal),
  };
}

function isTemporal<X>(property: Property<X> | TemporalProperty<X>): property is TemporalProperty<X> {
  return property.kind === 'eventually' || property.kind === 'leadsTo' || property.kind === 'eventuallyAlways';
}

function family<P extends Parameters, Rules extends object>(
  definition: Definition<P, Rules>,
  build: (values: ValuesOf<P>, rules: Rules) => Instance,
): System {
  const { name, summary, parameters = {}, rules = {}, scenarios = {} } = definition;
  const mutants = (definition.mutants ?? {}) as Readonly<Record<string, AnyMutant>>;
  return {
    lockstep: 'system',
    name,
    summary,
    parameters,
    mutants,
    scenarios,
    build(given, mutant) {
      if (mutant !== null && !Object.hasOwn(mutants, mutant))
        throw new UnknownName('mutant', mutant, Object.keys(mutants), `of system '${name}'`);
      const broken = mutant === null ? undefined : mutants[mutant];
      const values = parameterValues(name, parameters, { ...broken?.parameters, ...given });
      return build(values as ValuesOf<P>, { ...rules, ...broken?.rules } as Rules);
    },
  };
}

/** Who a process of an instance is: it knows the processes that run the same protocol. */
export function identityOf({ processes }: ProcessInstance, self: ProcessId): Identity {
  const name = processes.find(({ id }) => id === self)?.protocol.name;
  const group = processes.filter(({ protocol }) => protocol.name === name).map(({ id }) => id);
  return { self, processes: group, peers: group.filter((id) => id !== self) };
}

/** Whether a value, such as one that a user's module exports, is a system. */
export function isSystem(value: unknown): value is System {
  return typeof value === 'object' && value !== null && 'lockstep' in value && value.lockstep === 'system';
}

/** The parameter values that an instance of a system is built with: the given ones, a mutant's own, the defaults. */
export function effectiveParameters(
  { name, parameters, mutants }: System,
  given: Readonly<Record<string, ParameterValue>>,
  mutant: string | null,
): Record<string, ParameterValue> {
  const own = mutant === null ? undefined : mutants[mutant]?.parameters;
  return parameterValues(name, parameters, { ...own, ...given });
}

/** A day, in milliseconds. */
const LONGEST_WAIT = 86_400_000;

/** Refuses what contradicts itself. */
function validate(name: string, instance: ProcessInstance): void {
  const { processes, network, environment, timers: ranges, symmetry } = instance;
  const properties = [...instance.properties, ...instance.temporal];
  const refuse = (why: string): never => {
    throw new UsageError(`system '${name}': ${why}`);
  };
  const ids = new Set(processes.map(({ id }) => id));
  if (processes.length === 0) refuse('it has no processes');
  if (ids.size < processes.length) refuse('two processes have the same id');
  // What is kept by process must not find what all objects have.
  for (const id of ids) if (id in Object.prototype) refuse(`no process can be called '${id}': give it another id`);
  if (new Set(properties.map((property) => property.name)).size < properties.length)
    refuse('two properties have the same name');
  const flaw = flawOf(symmetry, processes);
  if (flaw !== null) refuse(flaw);
  const {
    losses = 0,
    duplications = 0,
    linkCuts = 0,
    requests = [],
    crashes = 0,
    recoveries = 0,
    timeouts = {},
  } = environment;
  if (network !== 'bag' && (losses > 0 || duplications > 0)) {
    refuse(
      network === 'set'
        ? 'losses and duplications need the bag network: a set already duplicates every message and never loses one'
        : 'losses and duplications need the bag network: a fifo link loses messages only with its session (linkCuts)',
    );
  }
  if (network !== 'fifo' && linkCuts > 0)
    refuse(`linkCuts need the fifo network: in a ${network} there are no sessions to lose`);
  if (total(recoveries) > 0 && total(crashes) === 0)
    refuse('recoveries without crashes: nothing can recover; give crashes too');
  for (const { to, request } of requests) {
    for (const target of [to].flat())
      if (!ids.has(target)) refuse(`request ${request.type} is for '${target}', which is no process of it`);
  }
  const timers = new Set(processes.flatMap(({ protocol }) => protocol.timers));
  for (const [timer, budget] of entries(timeouts)) {
    if (!timers.has(timer))
      refuse(`timeouts name '${timer}', which is no timer of its protocols (${[...timers].join(', ')})`);
    for (const [id] of entries(budget))
      if (!ids.has(id)) refuse(`timeouts of ${timer} name '${id}', which is no process of it`);
  }
  for (const [timer, [least, most]] of Object.entries(ranges)) {
    if (!timers.has(timer))
      refuse(`timers name '${timer}', which is no timer of its protocols (${[...timers].join(', ')})`);
    if (!(least >= 0 && most >= least && most <= LONGEST_WAIT))
      refuse(
        `the range of timer ${timer} is [${least}, ${most}]: it must be [least, most] in milliseconds, up to a day`,
      );
  }
  for (const [id] of [...entries(crashes), ...entries(recoveries)])
    if (!ids.has(id)) refuse(`crashes or recoveries name '${id}', which is no process of it`);
  for (const { property } of instance.monitors)
    if (!properties.some((other) => other.name === property))
      refuse(`a monitor stands for '${property}', which is no property of it`);
  validateFairness(name, instance);
}

function entries(budget: Budget): [string, Budget][] {
  return typeof budget === 'number' ? [] : Object.entries(budget);
}

function total(budget: Budget): number {
  return typeof budget === 'number'
    ? budget
    : Object.values(budget).reduce<number>((sum, part) => sum + total(part), 0);
}
