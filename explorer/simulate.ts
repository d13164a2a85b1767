/**
 * Simulation: seeded random walks through the reference semantics, for systems beyond exhaustive reach. It can show that
 * a property is violated, never that it holds; and the run it shows is the one it met, not a shortest one.
 */

import { setImmediate } from 'node:timers/promises';
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import type { JumpableRandomGenerator } from 'pure-rand/types/JumpableRandomGenerator';
import { canonical } from '../model/contract/data.ts';
import { ModelError, UsageError } from '../model/contract/errors.ts';
import type { ParameterValue } from '../model/contract/parameter.ts';
import { handlerName, type ProcessEvent } from '../model/contract/step.ts';
import { effectiveParameters, type Instance, type System } from '../model/contract/system.ts';
import type { Trace, TraceEvent } from '../model/contract/trace.ts';
import { explain, type PropertyResult } from './check.ts';
import { type FoundRun, QUIESCENCE } from './exploration.ts';
import { selectProperties } from './select-properties.ts';
import { callModel } from './semantics/observation.ts';
import type { GlobalState } from './semantics/processes.ts';
import { type Semantics, type Successor, semanticsOf } from './semantics/semantics.ts';

export interface SimulateOptions {
  readonly parameters?: Readonly<Record<string, ParameterValue>>;
  readonly mutant?: string | null;
  /** Judge only these properties. Default: all. */
  readonly properties?: readonly string[];
  /** How many runs to make. */
  readonly runs?: number;
  /** The most steps in a run. */
  readonly steps?: number;
  /** The same seed gives the same runs. */
  readonly seed?: number;
  /** Aborting stops the simulation with the result so far. */
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: SimulationProgress) => void;
}

export const DEFAULT_RUNS = 1000;
export const DEFAULT_STEPS = 200;
export const DEFAULT_SEED = 1;

/** How far a simulation has come. */
export interface SimulationProgress {
  /** Runs begun, and runs to be made. */
  readonly run: number;
  readonly runs: number;
  /** Steps taken in all runs. */
  readonly steps: number;
  readonly longest: number;
  readonly elapsedMs: number;
}

/** Why a run ended: nothing could happen, it had all its steps, whatever could happen is out of bounds, it violated. */
type Ending = 'quiescent' | 'steps' | 'bounds' | 'violated';

export interface SimulateResult {
  readonly system: string;
  readonly parameters: Readonly<Record<string, ParameterValue>>;
  readonly mutant: string | null;
  /** A simulation never says `holds`. */
  readonly verdict: 'violated' | 'no violation';
  readonly seed: number;
  /** Runs made to their end. */
  readonly runs: number;
  /** Steps taken in all of them. */
  readonly steps: number;
  /** The number of steps of the longest run. */
  readonly longest: number;
  /** How many runs ended for which reason. */
  readonly ended: Readonly<Record<Ending, number>>;
  readonly elapsedMs: number;
  /** `violated` or `unknown`; for `sometimes`, `holds` once a witness was met. Traces are not shortest ones. */
  readonly properties: readonly PropertyResult[];
  readonly stopped: { readonly reason: 'interrupted' } | null;
  readonly counterexample: Trace | null;
}

/** The first steps are all taken twice, to find out whether the model is a function; later, one in so many. */
const FIRST_REPEATED = 256;
const REPEATED_ONE_IN = 16;

/** After so many milliseconds of work, signals and timers get their turn. */
const BREATHE_MS = 50;

/**
 * Makes random runs of an instance of the system, until one violates a property.
 *
 * @throws UsageError when parameters, mutant or properties do not exist or contradict each other.
 * @throws ModelError when the model is at fault.
 */
export async function simulate(system: System, options: SimulateOptions = {}): Promise<SimulateResult> {
  const { parameters: given = {}, mutant = null, runs = DEFAULT_RUNS, seed = DEFAULT_SEED, signal } = options;
  for (const [name, value] of Object.entries({ runs, steps: options.steps ?? DEFAULT_STEPS })) {
    if (!Number.isInteger(value) || value < 1)
      throw new UsageError(`${name} is ${value}, but must be a whole number from 1`);
  }
  if (!Number.isInteger(seed)) throw new UsageError(`seed is ${seed}, but must be a whole number`);
  const instance = selectProperties(system, system.build(given, mutant), options.properties);
  const [endless] = options.properties === undefined ? [] : instance.temporal;
  if (endless !== undefined) {
    throw new UsageError(
      `'${endless.name}' is a temporal property: runs that end say nothing of it. lockstep check judges it`,
    );
  }
  const head = { system: system.name, parameters: effectiveParameters(system, given, mutant), mutant };
  const walks = new Walks(instance, options);
  const random = xoroshiro128plus(seed);
  let interrupted = false;
  while (walks.made < runs && walks.violations.size === 0 && !interrupted) {
    // A stretch of the generator for each run: what a run does not depend on how long the others were.
    interrupted = !(await walks.walk(random.clone()));
    random.jump();
    interrupted ||= signal?.aborted === true && walks.made < runs;
  }
  const properties = judge(instance, walks, (property, run) => ({ ...head, ...run, property }));
  const counterexample = properties.find(({ verdict }) => verdict === 'violated')?.trace ?? null;
  const { made, steps, longest, ended } = walks;
  return {
    ...head,
    verdict: counterexample === null ? 'no violation' : 'violated',
    seed,
    runs: made,
    steps,
    longest,
    ended,
    elapsedMs: performance.now() - walks.started,
    properties,
    stopped: interrupted && counterexample === null ? { reason: 'interrupted' } : null,
    counterexample,
  };
}

/** The runs made so far, and what was met on them. */
class Walks {
  readonly started = performance.now();
  made = 0;
  steps = 0;
  longest = 0;
  readonly ended: Record<Ending, number> = { quiescent: 0, steps: 0, bounds: 0, violated: 0 };
  readonly violations = new Map<string, FoundRun>();
  readonly witnesses = new Map<string, FoundRun>();
  private readonly semantics: Semantics<unknown>;
  private readonly mostSteps: number;
  private readonly judgesSteps: boolean;
  private readonly sample = xoroshiro128plus(0);
  private lastBreath = this.started;

  constructor(
    private readonly instance: Instance,
    private readonly options: SimulateOptions,
  ) {
    this.semantics = semanticsOf(instance);
    this.mostSteps = options.steps ?? DEFAULT_STEPS;
    this.judgesSteps = instance.properties.some(({ kind }) => kind === 'alwaysStep');
  }

  /** Makes one run; false when it was interrupted. */
  async walk(random: JumpableRandomGenerator): Promise<boolean> {
    const initials = this.semantics.initial();
    const within = [...initials.entries()].filter(([, { beyond }]) => beyond === null);
    const start = oneOf(random, within);
    if (start === undefined)
      throw new UsageError('no initial state is within the bounds: there is nothing to simulate');
    const [initial, { state: first }] = start;
    const events: TraceEvent[] = [];
    let state = first;
    this.judgeState({ initial, events }, state);
    let ending: Ending | null = this.violations.size > 0 ? 'violated' : null;
    while (ending === null) {
      if (!(await this.breathe())) return false;
      const successors = this.successors(state);
      const taken = oneOf(
        random,
        successors.filter(({ beyond }) => beyond === null),
      );
      if (successors.length === 0) this.judgeEnd({ initial, events }, state);
      if (taken === undefined) {
        ending = this.violations.size > 0 ? 'violated' : successors.length === 0 ? 'quiescent' : 'bounds';
        break;
      }
      events.push(taken.event);
      this.steps++;
      this.judgeStep({ initial, events }, state, taken.state);
      this.judgeState({ initial, events }, taken.state);
      state = taken.state;
      if (this.violations.size > 0) ending = 'violated';
      else if (events.length === this.mostSteps) ending = 'steps';
    }
    this.made++;
    this.ended[ending]++;
    this.longest = Math.max(this.longest, events.length);
    return true;
  }

  private successors(state: unknown): readonly Successor<unknown>[] {
    const successors = this.semantics.successors(state);
    // Drawn, not counted out: runs of like length would have the same steps repeated over and over.
    const repeat = this.steps < FIRST_REPEATED || uniformInt(this.sample, 1, REPEATED_ONE_IN) === 1;
    if (repeat) mustBeSame(this.instance, state, successors, this.semantics.successors(state));
    return successors;
  }

  private judgeState(run: FoundRun, state: unknown): void {
    const seen = this.semantics.seen(state) as never;
    for (const { kind, name, check } of this.instance.properties) {
      if (kind === 'alwaysStep' || this.witnesses.has(name)) continue;
      const verdict = callModel(`property '${name}'`, () => check(seen));
      if (kind === 'sometimes' && verdict === true) this.keep(this.witnesses, name, run);
      if (kind === 'always' && verdict !== true) this.keep(this.violations, name, run);
    }
  }

  private judgeStep(run: FoundRun, before: unknown, after: unknown): void {
    if (!this.judgesSteps) return;
    const [seenBefore, seenAfter] = [this.semantics.seen(before), this.semantics.seen(after)];
    if (canonical(seenBefore) === canonical(seenAfter)) return;
    for (const { kind, name, check } of this.instance.properties) {
      if (kind !== 'alwaysStep') continue;
      const verdict = callModel(`property '${name}'`, () => check(seenBefore as never, seenAfter as never));
      if (verdict !== true) this.keep(this.violations, name, run);
    }
  }

  private judgeEnd(run: FoundRun, state: unknown): void {
    const verdict = callModel(QUIESCENCE, () => this.instance.quiescence(this.semantics.seen(state) as never));
    if (verdict !== true) this.keep(this.violations, QUIESCENCE, run);
  }

  private keep(found: Map<string, FoundRun>, name: string, { initial, events }: FoundRun): void {
    if (!found.has(name)) found.set(name, { initial, events: [...events] });
  }

  /** Lets signals in from time to time; false when the simulation is to stop. */
  private async breathe(): Promise<boolean> {
    const now = performance.now();
    if (now - this.lastBreath < BREATHE_MS) return true;
    const { runs = DEFAULT_RUNS, onProgress, signal } = this.options;
    const { steps, longest } = this;
    onProgress?.({ run: this.made + 1, runs, steps, longest, elapsedMs: now - this.started });
    await setImmediate();
    this.lastBreath = performance.now();
    return signal?.aborted !== true;
  }
}

/** @throws ModelError when the same state had different successors the second time. */
function mustBeSame(
  instance: Instance,
  state: unknown,
  first: readonly Successor<unknown>[],
  second: readonly Successor<unknown>[],
): void {
  const text = ({ event, state }: Successor<unknown>) => canonical([event, state]);
  const at = first.findIndex((successor, index) => {
    const again = second[index];
    return again === undefined || text(successor) !== text(again);
  });
  const differing = first[at] ?? second[first.length];
  if (differing === undefined) return;
  const { where, of } = stepOf(instance, state, differing.event);
  throw new ModelError(
    `${where} is not a function of its arguments: taken twice in the same state, the same event had different ` +
      'outcomes. A model must not use randomness, the clock, or variables outside.\n' +
      `  event: ${canonical(differing.event)}\n  state: ${canonical(of)}`,
  );
}

/** What a step is a function of, and what to call it. */
function stepOf(instance: Instance, state: unknown, event: TraceEvent): { where: string; of: unknown } {
  if (instance.kind === 'transitions' || event.type === 'action') return { where: 'next', of: state };
  const hosted = instance.processes.find(({ id }) => id === event.process);
  const { processes } = state as GlobalState;
  return {
    where: `${hosted?.protocol.name ?? 'the system'}: handler ${handlerName(event as ProcessEvent)} of ${event.process}`,
    of: processes[event.process] ?? null,
  };
}

/** One of the items, each as likely as any other; undefined when there is none. */
function oneOf<T>(random: JumpableRandomGenerator, items: readonly T[]): T | undefined {
  return items.length === 0 ? undefined : items[uniformInt(random, 0, items.length - 1)];
}

function judge(
  instance: Instance,
  { violations, witnesses }: Walks,
  traceOf: (property: string, run: FoundRun) => Trace,
): PropertyResult[] {
  const all = [...instance.properties, { kind: 'quiescence', name: QUIESCENCE } as const];
  return all.map(({ kind, name }) => {
    const run = violations.get(name);
    if (run !== undefined) {
      const explanation = explainAgain(instance, name, run);
      return { name, kind, verdict: 'violated', trace: traceOf(name, run), explanation };
    }
    const witness = witnesses.get(name);
    const verdict = witness === undefined ? 'unknown' : 'holds';
    return { name, kind, verdict, trace: witness === undefined ? null : traceOf(name, witness), explanation: null };
  });
}

/** A run that cannot be repeated was made by a model that is not a function. */
function explainAgain(instance: Instance, name: string, run: FoundRun): string {
  try {
    return explain(instance, name, run);
  } catch (thrown) {
    if (!(thrown instanceof UsageError)) throw thrown;
    throw new ModelError(
      `the run that violates '${name}' cannot be repeated, so the model is not a function: ${thrown.message}`,
    );
  }
}
