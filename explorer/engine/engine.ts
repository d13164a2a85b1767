/**
 * The engine: breadth-first search, level by level, over integers. What a state is and how it is expanded is the
 * expander's; which states are known is the visited set's; who does the work is the crew's; this file is the loop between
 * them.
 */

import { setImmediate } from 'node:timers/promises';
import type { Instance } from '../../model/contract/system.ts';
import { type Exploration, type FoundRun, isEnough, type Limits, type Stop } from '../exploration.ts';
import { shows } from '../run-verdict.ts';
import { Crew } from './crew.ts';
import type { HandlerCalls } from './expander.ts';
import { expanderOf } from './expander-of.ts';
import { Expansion } from './expansion.ts';
import { LogFull } from './interning-log.ts';
import { MemoryGuard } from './memory-guard.ts';
import type { Origin } from './origin.ts';
import { rebuild } from './rebuild.ts';
import { EXPANDED, GENERATED, PROGRESS_NUMBERS, type SearchMemory, searchMemory } from './search-memory.ts';

/** How far an exploration has come. */
export interface Progress {
  readonly distinct: number;
  readonly generated: number;
  readonly depth: number;
  /** States that are yet to be expanded, of the current level and of the next one. */
  readonly frontier: number;
  readonly workers: number;
  readonly elapsedMs: number;
}

export interface EngineOptions extends Limits {
  /** Bytes. Default: a share of what the machine has. */
  readonly memory?: number;
  readonly paranoid?: boolean;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: Progress) => void;
  /** Threads that may work, that of the caller included. More than one need an origin. Default: 1. */
  readonly workers?: number;
  readonly origin?: Origin;
  /** The others are started when there are so many states. Default: as many as are found in the time that starting takes. */
  readonly workersFrom?: number;
}

export interface EngineExploration extends Exploration {
  readonly handlerCalls: HandlerCalls;
}

/** Milliseconds between two pauses in which timers, signals and the terminal get their turn. */
const PAUSE_EVERY = 100;
/** States that are found about as fast as a thread is started. */
const WORTH_A_THREAD = 200_000;
/** The share of the memory budget that texts of interned values may take between threads. */
const LOG_SHARE = 1 / 16;

/**
 * Explores everything that an instance can do within its bounds and the limits given.
 *
 * @throws ModelError when the model is at fault.
 */
export async function exploreWithEngine(instance: Instance, options: EngineOptions = {}): Promise<EngineExploration> {
  const search = new Search(instance, options);
  try {
    return await search.run();
  } finally {
    await search.end();
  }
}

class Search {
  readonly #instance: Instance;
  readonly #options: EngineOptions;
  readonly #guard: MemoryGuard;
  readonly #memory: SearchMemory;
  readonly #own: Expansion;
  readonly #crew: Crew;
  readonly #started = performance.now();
  #lastPause = this.#started;
  /** The depth of the states that are being expanded. */
  #depth = 0;
  #hired = false;
  /** Why the phase is to be ended. */
  #stop: Stop | null = null;

  constructor(instance: Instance, options: EngineOptions) {
    this.#options = options;
    this.#instance = instance;
    this.#guard = new MemoryGuard(options.memory);
    this.#memory = searchMemory(this.#guard.limit);
    const expander = expanderOf(instance, options.paranoid ?? false, options.symmetry ?? false);
    this.#own = new Expansion(expander, this.#memory, 0);
    this.#crew = new Crew(this.#memory, this.#own, () => this.#look());
  }

  async run(): Promise<EngineExploration> {
    const stopped = await this.#explore();
    await this.#crew.finish();
    const { expander, visited } = this.#own;
    const total = this.#crew.total();
    const found = new Map<string, FoundRun>();
    for (const [name, state] of total.found) {
      const isIt = (run: FoundRun) => !expander.isReduced || shows(this.#instance, name, run);
      found.set(name, rebuild(expander, visited, state, isIt));
    }
    const { generated, quiescent, cut } = total;
    const distinct = visited.size;
    const represented = expander.isReduced ? total.represented : distinct;
    const handlerCalls = this.#crew.handlerCalls();
    return { distinct, represented, generated, depth: this.#depth, stopped, quiescent, cut, found, handlerCalls };
  }

  /** Gives back what the search holds besides memory. */
  async end(): Promise<void> {
    await this.#crew.dismiss();
    this.#own.queue.close();
  }

  async #explore(): Promise<Stop | null> {
    const { depth: deepest = Number.POSITIVE_INFINITY, states: most = Number.POSITIVE_INFINITY } = this.#options;
    const { visited, queue } = this.#own;
    this.#own.start();
    for (queue.advance(); queue.left > 0; queue.advance()) {
      this.#depth++;
      const total = this.#crew.total();
      if (isEnough(total.found, total.violated, this.#options)) return null;
      if (this.#depth === deepest) return { reason: 'depth', limit: deepest };
      if (visited.size > most) return { reason: 'states', limit: most };
      visited.advanceTo(this.#depth + 1);
      const stop = await this.#expandLevel();
      if (stop !== null) return stop;
    }
    return null;
  }

  async #expandLevel(): Promise<Stop | null> {
    const { visited, queue } = this.#own;
    while (queue.left > 0) {
      this.#hireIfWorthIt();
      try {
        await this.#crew.expand();
      } catch (thrown) {
        if (thrown instanceof LogFull) return this.#guard.stop;
        throw thrown;
      }
      if (this.#stop !== null) return this.#stop;
      if (!visited.isFull) continue;
      if (!this.#guard.allows(visited.bytesToGrow)) return this.#guard.stop;
      await this.#crew.grow();
    }
    return null;
  }

  #hireIfWorthIt(): void {
    const { workers = 1, origin, workersFrom = WORTH_A_THREAD, paranoid = false } = this.#options;
    if (this.#hired || workers === 1 || origin === undefined || this.#own.visited.size < workersFrom) return;
    this.#hired = true;
    this.#crew.hire(workers, origin, paranoid, this.#guard.limit * LOG_SHARE);
  }

  /** From time to time, lets signals and the terminal have their turn, and ends the phase if the search is to stop. */
  async #look(): Promise<void> {
    const now = performance.now();
    if (now - this.#lastPause < PAUSE_EVERY) return;
    this.#lastPause = now;
    await setImmediate();
    this.#options.onProgress?.(this.#progress(now));
    if (this.#options.signal?.aborted) this.#stop ??= { reason: 'interrupted' };
    else if (!this.#guard.allows(0)) this.#stop ??= this.#guard.stop;
    if (this.#stop !== null) this.#crew.pause();
  }

  #progress(now: number): Progress {
    const progress = new Float64Array(this.#memory.progress);
    let [generated, expanded] = [0, 0];
    for (let at = 0; at < progress.length; at += PROGRESS_NUMBERS) {
      generated += progress[at + GENERATED] as number;
      expanded += progress[at + EXPANDED] as number;
    }
    const distinct = this.#own.visited.size;
    const workers = this.#crew.size;
    const elapsedMs = now - this.#started;
    return { distinct, generated, depth: this.#depth, frontier: distinct - expanded, workers, elapsedMs };
  }
}
