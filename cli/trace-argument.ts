/** The run that replay and graph show: the trace in a file, or a scripted scenario of a system. */

import { type Run, replay } from '../explorer/replay.ts';
import { runScenario, type ScenarioResult } from '../explorer/scenario.ts';
import { propertyNames } from '../explorer/select-properties.ts';
import { UsageError } from '../model/contract/errors.ts';
import { UnknownName } from '../model/contract/parameter.ts';
import type { Scenario } from '../model/contract/scenario.ts';
import type { Instance } from '../model/contract/system.ts';
import type { Trace } from '../model/contract/trace.ts';
import { buildInstance, findSystem, withReference } from './system-argument.ts';
import { readTrace } from './traces.ts';

/** A run, what it is a run of, and what it is called. */
export interface FoundTrace {
  readonly trace: Trace;
  readonly instance: Instance;
  readonly run: Run;
}

/** A scenario that was run, and what became of what it expects. */
export interface FoundScenario extends FoundTrace {
  readonly name: string;
  readonly scenario: Scenario;
  readonly result: ScenarioResult;
}

/** Traces are JSON; everything else is a system. */
export function isTracePath(reference: string): boolean {
  return reference.endsWith('.json');
}

/**
 * Reads a trace, finds its system, and takes the trace through it.
 *
 * @throws UsageError when the file is no trace, or one that does not fit: because its system, parameters, mutant or
 * property do not exist, or an event cannot happen where the trace has it.
 */
export async function findTrace(path: string): Promise<FoundTrace> {
  const trace = readTrace(path);
  try {
    const found = await findSystem(trace.system);
    const instance = buildInstance(found, trace.parameters, trace.mutant);
    const known = propertyNames(instance);
    if (trace.property !== null && !known.includes(trace.property)) {
      throw new UnknownName('property', trace.property, known, `of system '${trace.system}'`);
    }
    return { trace, instance, run: replay(instance, trace) };
  } catch (thrown) {
    if (!(thrown instanceof UsageError)) throw thrown;
    throw new UsageError(`${path}: ${thrown.message}`, { cause: thrown });
  }
}

/** Runs a scenario of a system. */
export async function findScenario(reference: string, name: string): Promise<FoundScenario> {
  const found = await findSystem(reference);
  const { scenarios } = found.system;
  const scenario = Object.hasOwn(scenarios, name) ? scenarios[name] : undefined;
  if (scenario === undefined) {
    throw new UnknownName('scenario', name, Object.keys(scenarios), `of system '${found.system.name}'`);
  }
  const result = runScenario(found.system, name, scenario);
  const trace = withReference(result.trace, found);
  const instance = buildInstance(found, trace.parameters, trace.mutant);
  return { name, scenario, result, trace, instance, run: replay(instance, trace) };
}
