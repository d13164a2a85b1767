/** What a property says of a run's end, by the reference semantics. */

import type { Instance } from '../model/contract/system.ts';
import type { Verdict } from '../spec/property.ts';
import type { FoundRun } from './exploration.ts';
import { replay } from './replay.ts';

/** The verdict of a property, or of quiescence, on the last state of a run, or on its last step. */
export function verdictOn(instance: Instance, name: string, run: FoundRun): Verdict {
  const { semantics, initial, steps } = replay(instance, run);
  const last = steps.at(-1);
  const after = semantics.seen(last?.after ?? initial.state) as never;
  const property = instance.properties.find((candidate) => candidate.name === name);
  if (property === undefined) return instance.quiescence(after);
  if (property.kind !== 'alwaysStep') return property.check(after);
  if (last === undefined) return property.initial?.(after) ?? true;
  return property.check(semantics.seen(last.before) as never, after);
}

/** Whether a run violates a property, or is a witness of one that asks for a witness. */
export function shows(instance: Instance, name: string, run: FoundRun): boolean {
  const isWanted = instance.properties.some((property) => property.name === name && property.kind === 'sometimes');
  return (verdictOn(instance, name, run) === true) === isWanted;
}
