/** SYSTEM|FILE arguments: a built-in system by its name, or the one that a user's file exports. */

import type { SystemOrigin } from '../explorer/engine/origin.ts';
import { ModelError, messageOf } from '../model/contract/errors.ts';
import { type ParameterValue, UnknownName } from '../model/contract/parameter.ts';
import type { Instance, System } from '../model/contract/system.ts';
import type { Trace } from '../model/contract/trace.ts';
import { builtInNames, builtInSystem } from '../model/registry.ts';

/** A system and how it was asked for: the name or the path that finds it again. */
export interface FoundSystem {
  readonly system: System;
  readonly reference: string;
}

/**
 * Finds a system.
 *
 * @throws UsageError when there is none, with the nearest name or with what a file should look like.
 */
export async function findSystem(reference: string): Promise<FoundSystem> {
  const builtIn = await builtInSystem(reference);
  if (builtIn !== undefined) return { system: builtIn, reference };
  // Loading TypeScript takes longer to set up than all the rest; most calls do not need it.
  const { fileReference, loadUserFile } = await import('./user-file.ts');
  const file = fileReference(reference);
  if (file !== null) return { system: await loadUserFile(file), reference };
  throw new UnknownName('system', reference, builtInNames);
}

/** The system that a reference names; throws as {@link findSystem} does. Worker threads call it. */
export async function systemNamed(reference: string): Promise<System> {
  return (await findSystem(reference)).system;
}

/** Where a worker thread finds a system: here, if this is JavaScript that Node can load. */
export function originOf({ reference }: FoundSystem): SystemOrigin | undefined {
  if (!import.meta.url.endsWith('.js')) return undefined;
  return { module: import.meta.url, export: systemNamed.name, argument: reference };
}

/**
 * The instance of a system.
 *
 * @throws UsageError when the parameters or the mutant do not exist or do not fit; ModelError when `build` fails.
 */
export function buildInstance(
  { system }: FoundSystem,
  parameters: Readonly<Record<string, ParameterValue>> = {},
  mutant: string | null = null,
): Instance {
  return ofModel(`system '${system.name}': build`, () => system.build(parameters, mutant));
}

/** Calls something of the model; whatever it throws that is no message for the user is the model's fault. */
export function ofModel<T>(where: string, call: () => T): T {
  try {
    return call();
  } catch (thrown) {
    if (thrown instanceof Error && ['UsageError', 'ModelError'].includes(thrown.name)) throw thrown;
    throw new ModelError(`${where} failed: ${messageOf(thrown)}`, { cause: thrown });
  }
}

/** The trace as it is written: it names the system as the user did, so that `replay` finds it. */
export function withReference(trace: Trace, { reference }: FoundSystem): Trace {
  return { ...trace, system: reference };
}
