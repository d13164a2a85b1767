/** Searches by several threads, which load what is built. */

import { pathToFileURL } from 'node:url';
import { inject } from 'vitest';
import type { CheckOptions } from '../explorer/check.ts';
import type { System } from '../model/contract/system.ts';

/** The address of a file of the build. */
export const built = (path: string): string => new URL(`../dist/${path}`, pathToFileURL(inject('launcher'))).href;

/** So many workers for a built-in system, from its first state on. */
export function byWorkers(system: System, workers: number): Pick<CheckOptions, 'workers' | 'origin' | 'workersAfter'> {
  const origin = { module: built('model/registry.js'), export: 'builtInSystem', argument: system.name };
  return { workers, origin, workersAfter: 0 };
}
