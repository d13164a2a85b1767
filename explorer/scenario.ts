/** Runs scripted scenarios: finds for each line of the script the one event that it means. */

import { canonical } from '../model/contract/data.ts';
import { UsageError } from '../model/contract/errors.ts';
import type { EventPattern, Scenario } from '../model/contract/scenario.ts';
import type { Instance, System } from '../model/contract/system.ts';
import { effectiveParameters } from '../model/contract/system.ts';
import { eventKey, type Trace, type TraceEvent } from '../model/contract/trace.ts';
import { callModel } from './semantics/observation.ts';
import { semanticsOf } from './semantics/semantics.ts';

/** What a property turned out to say of a scripted run. */
export type Outcome = 'holds' | 'violated' | 'reached' | 'not reached';

export interface ScenarioResult {
  readonly trace: Trace;
  /** Each property that the scenario expects something of: what it expects, and what came out. */
  readonly outcomes: readonly { readonly property: string; readonly expected: Outcome; readonly actual: Outcome }[];
  readonly asExpected: boolean;
}

/**
 * Runs a scenario of a system.
 *
 * @throws UsageError when a line of the script means no event that is possible there, or more than one.
 */
export function runScenario(system: System, name: string, scenario: Scenario): ScenarioResult {
  const mutant = scenario.mutant ?? null;
  const given = scenario.parameters ?? {};
  const instance = system.build(given, mutant);
  const { events, states } = follow(instance, scenario.script, `scenario '${name}'`);
  const outcomes = Object.entries(scenario.expect).map(([property, expected]) => ({
    property,
    expected,
    actual: outcomeAlong(instance, property, states),
  }));
  const violated = outcomes.find(({ actual }) => actual === 'violated')?.property ?? null;
  const parameters = effectiveParameters(system, given, mutant);
  return {
    trace: { system: system.name, parameters, mutant, initial: 0, events, property: violated },
    outcomes,
    asExpected: outcomes.every(({ expected, actual }) => expected === actual),
  };
}

/** The events that a script means, and the states along them. */
function follow(
  instance: Instance,
  script: readonly EventPattern[],
  where: string,
): { events: TraceEvent[]; states: unknown[] } {
  const semantics = semanticsOf(instance);
  const [initial] = semantics.initial();
  const states: unknown[] = [initial?.state];
  const events = script.map((pattern, index) => {
    const possible = semantics.successors(states.at(-1));
    const meant = possible.filter(({ event }) => matches(pattern, event));
    const line = `${where}, line ${index + 1} of ${script.length}: ${canonical(pattern)}`;
    const [successor] = meant;
    if (successor === undefined) {
      throw new UsageError(
        `${line} is not possible there. What is:\n${possible.map(({ event }) => `  ${eventKey(event)}`).join('\n')}`,
      );
    }
    // The same request, asked for twice, is two events that are alike: it does not matter which.
    if (new Set(meant.map(({ event }) => eventKey(event))).size > 1) {
      throw new UsageError(
        `${line} may mean several events; say more:\n${meant.map(({ event }) => `  ${eventKey(event)}`).join('\n')}`,
      );
    }
    states.push(successor.state);
    return successor.event;
  });
  return { events, states };

  function matches(pattern: unknown, value: unknown): boolean {
    if (
      typeof pattern !== 'object' ||
      pattern === null ||
      Array.isArray(pattern) ||
      pattern instanceof Set ||
      pattern instanceof Map
    ) {
      return canonical(pattern) === canonical(value);
    }
    if (typeof value !== 'object' || value === null) return false;
    return Object.entries(pattern).every(
      ([key, part]) => Object.hasOwn(value, key) && matches(part, (value as Record<string, unknown>)[key]),
    );
  }
}

function outcomeAlong(instance: Instance, name: string, states: readonly unknown[]): Outcome {
  const semantics = semanticsOf(instance);
  const property = instance.properties.find((candidate) => candidate.name === name);
  if (property === undefined)
    throw new UsageError(`the scenario expects something of '${name}', which is no property of the system`);
  const seen = states.map((state) => semantics.seen(state) as never);
  const holds = seen.map((state, index) =>
    callModel(`property '${name}'`, () => {
      if (property.kind !== 'alwaysStep') return property.check(state) === true;
      const before = seen[index - 1];
      return before === undefined || canonical(before) === canonical(state) || property.check(before, state) === true;
    }),
  );
  if (property.kind === 'sometimes') return holds.includes(true) ? 'reached' : 'not reached';
  return holds.includes(false) ? 'violated' : 'holds';
}
