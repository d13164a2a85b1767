/** `check`: builds an instance of a system, explores it, and says in words what that showed. */

import { UsageError } from '../model/contract/errors.ts';
import { fairnessText } from '../model/contract/fairness.ts';
import type { ParameterValue } from '../model/contract/parameter.ts';
import { effectiveParameters, type Instance, type System } from '../model/contract/system.ts';
import type { Trace } from '../model/contract/trace.ts';
import type { Property } from '../spec/property.ts';
import type { TemporalProperty } from '../spec/temporal.ts';
import { describeBounds } from './bounds.ts';
import { type CheckpointOptions, exploreWithEngine, type Progress } from './engine/engine.ts';
import type { SystemOrigin } from './engine/origin.ts';
import { type Exploration, type FoundRun, type Limits, QUIESCENCE, type Stop } from './exploration.ts';
import type { GraphProgress } from './graph/build.ts';
import { exploreNaively } from './naive.ts';
import { type Profile, profileOf } from './profile.ts';
import { replay } from './replay.ts';
import { verdictOn } from './run-verdict.ts';
import { propertyNames, selectProperties } from './select-properties.ts';
import { semanticsOf } from './semantics/semantics.ts';
import { SymmetryGroup } from './semantics/symmetry-group.ts';

export interface CheckOptions extends Limits {
  readonly parameters?: Readonly<Record<string, ParameterValue>>;
  readonly mutant?: string | null;
  /** Check only these properties. Default: all. */
  readonly properties?: readonly string[];
  /** The naive explorer is the oracle of the tests; it is slow. */
  readonly explorer?: 'engine' | 'naive';
  /** Stop, with the result so far, before the process uses more bytes of memory than this. */
  readonly memory?: number;
  /** Compare whole states, not fingerprints: on one thread, and in several times the memory. */
  readonly exact?: boolean;
  /** Of two orders of independent steps, follow one: every state is found all the same. For the engine alone. */
  readonly reduction?: boolean;
  /** Take every memoised step a second time, to be sure that the model is a function; otherwise a sample. */
  readonly paranoid?: boolean;
  /** Threads that may work on it. Default: 1; more need `origin`. */
  readonly workers?: number;
  /** Where other threads find the system: they cannot be sent functions, and load it themselves. */
  readonly origin?: SystemOrigin;
  /** Milliseconds after which there may be two threads, and so on, each time they go by twice as many. Default: 100. */
  readonly workersAfter?: number;
  /** Where to keep checkpoints, to go on from when the process has ended. */
  readonly checkpoint?: CheckpointOptions;
  /** Whether to profile the exploration; it costs time. For the engine alone. */
  readonly profile?: boolean;
  /** Aborting stops the check with the result so far. */
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: Progress) => void;
}

export interface PropertyResult {
  readonly name: string;
  readonly kind: (Property<never> | TemporalProperty<never>)['kind'] | 'quiescence';
  /** For `sometimes`: holds when a witness was found, violated when there is none in all that was explored. */
  readonly verdict: 'holds' | 'violated' | 'unknown';
  /** A shortest violation, or a shortest witness; of a temporal property a short one, with a loop. */
  readonly trace: Trace | null;
  /** Why it is violated, or why it is not known, in a sentence. */
  readonly explanation: string | null;
}

export interface CheckResult {
  readonly system: string;
  readonly parameters: Readonly<Record<string, ParameterValue>>;
  readonly mutant: string | null;
  /** `holds` is only said when everything within the bounds was visited. */
  readonly verdict: 'holds' | 'violated' | 'incomplete';
  readonly distinct: number;
  /** What states were taken together for; null when each stands for itself. */
  readonly symmetry: SymmetryResult | null;
  readonly generated: number;
  /**
   * Transitions that were counted, but not followed, since others lead to the same states; with several workers, about so
   * many. Null if every one was followed.
   */
  readonly skipped: number | null;
  /** The number of states on a longest shortest path from an initial state: an initial state has depth 1. */
  readonly depth: number;
  readonly elapsedMs: number;
  readonly properties: readonly PropertyResult[];
  readonly bounds: {
    /** What the result is exhaustive within, a sentence each. */
    readonly within: readonly string[];
    /** How many successors were not explored, by the bound that cut them. */
    readonly cut: Readonly<Record<string, number>>;
  };
  /** What temporal properties rely on, in words; empty when there are none. */
  readonly fairness: readonly string[];
  /** Why the exploration ended early; null when it did not. */
  readonly stopped: Stop | null;
  readonly quiescent: number;
  /** The estimated probability that two states had one fingerprint, so that one was missed; null when none is used. */
  readonly collisionProbability: number | null;
  /** The shortest of the violations; with a mutant, that of the property which it is there to break. */
  readonly counterexample: Trace | null;
  /** How often handlers were called, and how many of the calls were made a second time to check purity. */
  readonly handlerCalls: { readonly memoised: number; readonly repeated: number } | null;
  /** What actions did, how wide and deep the graph is, what states look like; null if it was not asked for. */
  readonly profile: Profile | null;
}

/** A symmetry that was used: `distinct` are then the states that stand for others. */
export interface SymmetryResult {
  /** Which names are interchangeable, a phrase for each kind. */
  readonly interchangeable: readonly string[];
  /** How many renamings there are of them. */
  readonly renamings: number;
  /** How many states the distinct ones stand for, themselves included. */
  readonly represented: number;
}

/**
 * Explores everything that an instance of the system can do, and judges its properties.
 *
 * @throws UsageError when parameters, mutant or properties do not exist or contradict each other.
 * @throws ModelError when the model is at fault; nothing is then known of its properties.
 */
export async function check(system: System, options: CheckOptions = {}): Promise<CheckResult> {
  const { parameters: given = {}, mutant = null, explorer = 'engine' } = options;
  const started = performance.now();
  const instance = selectProperties(system, system.build(given, mutant), options.properties);
  if (options.symmetry === true && instance.symmetry.length === 0) {
    throw new UsageError(
      `system '${system.name}' declares no symmetry: check it without --symmetry, or let it say which names are interchangeable`,
    );
  }
  refuseReduction(instance, options);
  const naive = explorer === 'naive';
  if (options.profile === true && (naive || options.exact === true || options.checkpoint?.resume === true)) {
    throw new UsageError(
      'a profile is of one whole search by fingerprints: it goes neither with the naive explorer, nor with --exact, nor with --resume',
    );
  }
  const until = options.until ?? aimOf(system, instance, mutant);
  const { origin: found, ...rest } = options;
  const origin = found && { ...found, parameters: given, mutant, properties: options.properties ?? null };
  const head = { system: system.name, parameters: effectiveParameters(system, given, mutant), mutant };
  const { properties: judged = null, checkpoint, symmetry = false, reduction = false } = options;
  const identity = { ...checkpoint?.identity, ...head, properties: judged, until, symmetry, reduction };
  const limits = {
    ...rest,
    ...(until === null ? {} : { until }),
    ...(origin && { origin }),
    ...(checkpoint && { checkpoint: { ...checkpoint, identity } }),
  };
  const { handlerCalls, elapsedMs, profile, skipped, ...exploration } = naive
    ? { ...exploreNaively(instance, limits), handlerCalls: null, elapsedMs: null, profile: null, skipped: 0 }
    : await exploreWithEngine(instance, limits);
  const explored = performance.now();
  const traceOf: TraceOf = (property, run) => ({ ...head, ...run, property });
  const safety = judge(instance, exploration, traceOf);
  const temporal = await judgeTemporalProperties(instance, exploration, until, options, traceOf);
  const properties = [...safety, ...temporal.results];
  const violations = properties.filter(({ verdict }) => verdict === 'violated');
  const { distinct, represented, generated, depth, quiescent, cut } = exploration;
  const stopped = exploration.stopped ?? temporal.stopped;
  const isKnown = stopped === null && properties.every(({ verdict }) => verdict !== 'unknown');
  return {
    ...head,
    verdict: violations.length > 0 ? 'violated' : isKnown ? 'holds' : 'incomplete',
    distinct,
    symmetry: symmetry ? symmetryResult(instance, represented) : null,
    generated,
    skipped: reduction ? skipped : null,
    depth,
    elapsedMs: (elapsedMs ?? explored - started) + (performance.now() - explored),
    properties,
    bounds: { within: describeBounds(instance), cut },
    fairness: instance.temporal.length === 0 ? [] : instance.fairness.map(fairnessText),
    stopped,
    quiescent,
    collisionProbability: naive || options.exact ? null : collisionProbability(distinct),
    counterexample:
      violations.find(({ name }) => name === until)?.trace ??
      shortest(violations.flatMap(({ trace }) => (trace === null ? [] : [trace]))),
    handlerCalls,
    profile: profile && profileOf(instance, profile),
  };
}

/** @throws UsageError when a reduction is asked for that there is not. */
function refuseReduction({ kind }: Instance, { reduction, explorer, symmetry, exact, profile }: CheckOptions): void {
  if (reduction !== true) return;
  const refusals = [
    [
      kind === 'transitions',
      'a bare transition system has no processes whose steps could be independent: leave out --reduction',
    ],
    [explorer === 'naive', 'the naive explorer follows every step: leave out --reduction'],
    [
      symmetry,
      'a reduction asks how a state was reached, which one that stands for others does not know: leave out --symmetry or --reduction',
    ],
    [
      exact,
      'an exact check compares whole rows, which with a reduction say how a state was reached: leave out --exact or --reduction',
    ],
    [profile, 'a profile is of all transitions, and a reduction leaves some out: profile without --reduction'],
  ] as const;
  const refusal = refusals.find(([applies]) => applies);
  if (refusal !== undefined) throw new UsageError(refusal[1]);
}

function symmetryResult(instance: Instance, represented: number): SymmetryResult {
  const group = new SymmetryGroup(instance.symmetry);
  return { interchangeable: group.describe(), renamings: group.order, represented };
}

/** The property that a mutant is there to break, if it is among those that are checked. */
function aimOf({ mutants }: System, instance: Instance, mutant: string | null): string | null {
  const aim = mutant === null ? undefined : mutants[mutant]?.breaks;
  return aim !== undefined && propertyNames(instance).includes(aim) ? aim : null;
}

/** A run that was found as a trace of this instance, which names the property that it shows something of. */
type TraceOf = (property: string, run: FoundRun) => Trace;

/** Temporal properties are judged when everything was explored: nothing broke, or what breaks is to be one of them. */
async function judgeTemporalProperties(
  instance: Instance,
  { stopped, found, depth }: Exploration,
  until: string | null,
  { explorer, memory, paranoid, signal, onProgress }: CheckOptions,
  traceOf: TraceOf,
): Promise<{ readonly results: readonly PropertyResult[]; readonly stopped: Stop | null }> {
  if (instance.temporal.length === 0) return { results: [], stopped: null };
  // Most systems have none: they do without what judges them.
  const [{ checkLiveness }, { temporalResults }] = await Promise.all([
    import('./liveness/check-liveness.ts'),
    import('./liveness/results.ts'),
  ]);
  const isBroken = instance.properties.some(({ kind, name }) => kind !== 'sometimes' && found.has(name));
  const isAimed = instance.temporal.some(({ name }) => name === until);
  if (stopped !== null || ((isBroken || found.has(QUIESCENCE)) && !isAimed)) {
    return { results: temporalResults(instance, [], traceOf), stopped: null };
  }
  const judged = await checkLiveness(instance, {
    naive: explorer === 'naive',
    ...(memory && { memory }),
    ...(paranoid && { paranoid }),
    ...(signal && { signal }),
    ...(onProgress && {
      onProgress: ({ states, transitions, frontier, elapsedMs }: GraphProgress) =>
        onProgress({ distinct: states, generated: transitions, depth, frontier, elapsedMs, workers: 1 }),
    }),
  });
  return { results: temporalResults(instance, judged.verdicts, traceOf), stopped: judged.stopped };
}

function judge(instance: Instance, exploration: Exploration, traceOf: TraceOf): PropertyResult[] {
  const all = [...instance.properties, { kind: 'quiescence', name: QUIESCENCE } as const];
  const found = new Map([...exploration.found, ...wrongFromTheStart(instance)]);
  const violated = all.some(({ kind, name }) => kind !== 'sometimes' && found.has(name));
  return all.map(({ kind, name }) => {
    const run = found.get(name);
    const trace = run === undefined ? null : traceOf(name, asWritten(instance, run));
    if (kind === 'sometimes') {
      const missing = exploration.stopped !== null || violated ? 'unknown' : 'violated';
      const explanation = missing === 'violated' && run === undefined ? 'no reachable state is like this' : null;
      return { name, kind, verdict: run === undefined ? missing : 'holds', trace, explanation };
    }
    if (run !== undefined) return { name, kind, verdict: 'violated', trace, explanation: explain(instance, name, run) };
    return {
      name,
      kind,
      verdict: exploration.stopped !== null || violated ? 'unknown' : 'holds',
      trace,
      explanation: null,
    };
  });
}

/** The properties of steps that an initial state violates: no run is shorter than the one without any step. */
function wrongFromTheStart(instance: Instance): [name: string, run: FoundRun][] {
  const asked = instance.properties.filter(
    (property) => property.kind === 'alwaysStep' && property.initial !== undefined,
  );
  if (asked.length === 0) return [];
  const runs = semanticsOf(instance)
    .initial()
    .flatMap(({ beyond }, initial): FoundRun[] => (beyond === null ? [{ initial, events: [] }] : []));
  return asked.flatMap(({ name }): [string, FoundRun][] => {
    const run = runs.find((candidate) => verdictOn(instance, name, candidate) !== true);
    return run === undefined ? [] : [[name, run]];
  });
}

/** The run with its events as the reference semantics has them: fields in the order in which handlers wrote them. */
function asWritten(instance: Instance, run: FoundRun): FoundRun {
  return { ...run, events: replay(instance, run).steps.map(({ event }) => event) };
}

/** Why a run violates a property, in the property's own words; the run is replayed through the reference semantics. */
export function explain(instance: Instance, name: string, run: FoundRun): string {
  const verdict = verdictOn(instance, name, run);
  const property = instance.properties.find((candidate) => candidate.name === name);
  if (verdict === true && property?.kind !== 'sometimes') {
    throw new Error(`the run found for '${name}' does not violate it: the engine and the reference semantics disagree`);
  }
  return typeof verdict === 'string' ? verdict : `'${name}' does not hold`;
}

function shortest(traces: readonly Trace[]): Trace | null {
  return traces.reduce<Trace | null>(
    (best, trace) => (best === null || trace.events.length < best.events.length ? trace : best),
    null,
  );
}

/** The expected number of pairs among n 64-bit fingerprints that collide: an upper bound of the probability of any. */
function collisionProbability(distinct: number): number {
  return (distinct * (distinct - 1)) / 2 / 2 ** 64;
}
