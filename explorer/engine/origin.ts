/** Where a thread finds the instance that it is to explore: functions cannot be sent to it, so it loads them itself. */

import type { ParameterValue } from '../../model/contract/parameter.ts';
import { type Instance, isSystem, type System } from '../../model/contract/system.ts';
import { selectProperties } from '../select-properties.ts';

/** A system that any thread can load, and which instance of it is meant. */
export interface Origin extends SystemOrigin {
  readonly parameters: Readonly<Record<string, ParameterValue>>;
  readonly mutant: string | null;
  /** Null for all. */
  readonly properties: readonly string[] | null;
}

/** What a module exports: a system, or a function that gives one (or a promise of one) for an argument. */
export interface SystemOrigin {
  /** The URL of an ES module that Node can load. */
  readonly module: string;
  readonly export: string;
  readonly argument?: string;
}

/**
 * Loads the instance.
 *
 * @throws Error when the module does not export what it should.
 */
export async function loadInstance(origin: Origin): Promise<Instance> {
  const { parameters, mutant, properties } = origin;
  const system = await loadSystem(origin);
  return selectProperties(system, system.build(parameters, mutant), properties ?? undefined);
}

async function loadSystem({ module, export: name, argument }: SystemOrigin): Promise<System> {
  const exported: unknown = ((await import(module)) as Record<string, unknown>)[name];
  const system: unknown = typeof exported === 'function' ? await exported(argument) : exported;
  if (isSystem(system)) return system;
  throw new Error(`${module} does not export a system as '${name}'`);
}
