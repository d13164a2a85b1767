/**
 * The engine: breadth-first search, level by level, over integers. What a state is and how it is expanded is the
 * expander's; which states are known is the visited set's; this file is the loop between them.
 */

import { setImmediate } from 'node:timers/promises';
import type { Instance } from '../../model/contract/system.ts';
import { type Exploration, type FoundRun, isEnough, type Limits, type Stop } from '../exploration.ts';
import { type Expander, ROW_LENGTH, type Work } from './expander.ts';
import { expanderOf } from './expander-of.ts';
import { Frontier } from './frontier.ts';
import { MemoryGuard } from './memory-guard.ts';
import { rebuild } from './rebuild.ts';
import { Tally } from './tally.ts';
import { VisitedSet } from './visited-set.ts';

/** How far an exploration has come. */
export interface Progress {
  readonly distinct: number;
  readonly generated: number;
  readonly depth: number;
  /** States of the current level that are yet to be expanded, and those of the next level found so far. */
  readonly frontier: number;
  readonly elapsedMs: number;
}

export interface EngineOptions extends Limits {
  /** Bytes. Default: a share of what the machine has. */
  readonly memory?: number;
  readonly paranoid?: boolean;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: Progress) => void;
}

export interface EngineExploration extends Exploration {
  readonly handlerCalls: { readonly memoised: number; readonly repeated: number };
}

/** Rows between two looks at the clock. */
const ROWS_PER_LOOK = 512;
/** Milliseconds between two pauses in which timers, signals and the terminal get their turn. */
const PAUSE_EVERY = 100;

/**
 * Explores everything that an instance can do within its bounds and the limits given.
 *
 * @throws ModelError when the model is at fault.
 */
export async function exploreWithEngine(instance: Instance, options: EngineOptions = {}): Promise<EngineExploration> {
  const search = new Search(instance, options);
  const stopped = await search.run();
  search.expander.verifyPurity();
  const { tally, visited, expander, depth } = search;
  const found = new Map<string, FoundRun>();
  for (const [name, state] of tally.found) found.set(name, rebuild(expander, visited, state));
  const { generated, quiescent, cut } = tally;
  const handlerCalls = { ...expander.handlerCalls };
  return { distinct: visited.size, generated, depth, stopped, quiescent, cut, found, handlerCalls };
}

class Search {
  readonly visited = new VisitedSet();
  readonly tally = new Tally();
  readonly expander: Expander;
  /** The depth of the states that are being expanded. */
  depth = 0;
  readonly #options: EngineOptions;
  readonly #memory: MemoryGuard;
  readonly #started = performance.now();
  #lastPause = this.#started;

  constructor(instance: Instance, options: EngineOptions) {
    this.#options = options;
    this.#memory = new MemoryGuard(options.memory);
    this.expander = expanderOf(instance, options.paranoid ?? false);
  }

  async run(): Promise<Stop | null> {
    const { depth: deepest = Number.POSITIVE_INFINITY, states: most = Number.POSITIVE_INFINITY } = this.#options;
    const spare: Int32Array[] = [];
    let level = new Frontier(spare);
    this.expander.start(this.#work(level));
    while (level.rows > 0) {
      this.depth++;
      if (isEnough(this.tally.found, this.tally.violated, this.#options)) return null;
      if (this.depth === deepest) return { reason: 'depth', limit: deepest };
      if (this.visited.size > most) return { reason: 'states', limit: most };
      this.visited.depth = this.depth + 1;
      const next = new Frontier(spare);
      const stop = await this.#expandLevel(level, next);
      if (stop !== null) return stop;
      level = next;
    }
    return null;
  }

  async #expandLevel(level: Frontier, next: Frontier): Promise<Stop | null> {
    const { expander } = this;
    const work = this.#work(next);
    let left = level.rows;
    for (const { buffer, end } of level.drain()) {
      for (let at = 0; at < end; at += buffer[at + ROW_LENGTH] as number) {
        expander.expand(buffer, at, work);
        left--;
        if (left % ROWS_PER_LOOK !== 0) continue;
        if (this.visited.isNearlyFull && !this.#memory.allows(this.visited.bytesToGrow)) return this.#memory.stop;
        const stop = await this.#pause(left + next.rows);
        if (stop !== null) return stop;
      }
    }
    return null;
  }

  /** From time to time, lets signals and the terminal have their turn; says whether to stop. */
  async #pause(frontier: number): Promise<Stop | null> {
    const now = performance.now();
    if (now - this.#lastPause < PAUSE_EVERY) return null;
    this.#lastPause = now;
    await setImmediate();
    const { signal, onProgress } = this.#options;
    if (signal?.aborted) return { reason: 'interrupted' };
    const { visited, tally, depth } = this;
    onProgress?.({
      distinct: visited.size,
      generated: tally.generated,
      depth,
      frontier,
      elapsedMs: now - this.#started,
    });
    return this.#memory.allows(0) ? null : this.#memory.stop;
  }

  #work(next: Frontier): Work {
    return { sink: this.visited, next, tally: this.tally, depth: this.depth + 1 };
  }
}
