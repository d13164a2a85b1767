/** The engine (being written): for the time being, the naive explorer under the engine's interface. */

import type { Instance } from '../../model/contract/system.ts';
import type { Exploration, Limits } from '../exploration.ts';
import { exploreNaively } from '../naive.ts';

/** How far an exploration has come. */
export interface Progress {
  readonly distinct: number;
  readonly generated: number;
  readonly depth: number;
  /** States of the current level that are yet to be expanded, and of the next one found so far. */
  readonly frontier: number;
  readonly elapsedMs: number;
}

export interface EngineOptions extends Limits {
  readonly memory?: number;
  readonly paranoid?: boolean;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: Progress) => void;
}

export interface EngineExploration extends Exploration {
  readonly handlerCalls: { readonly memoised: number; readonly repeated: number };
}

export async function exploreWithEngine(instance: Instance, options: EngineOptions): Promise<EngineExploration> {
  return { ...exploreNaively(instance, options), handlerCalls: { memoised: 0, repeated: 0 } };
}
