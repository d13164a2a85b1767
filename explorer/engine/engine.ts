/**
 * The engine: breadth-first search, level by level, over integers. What a state is and how it is expanded is the
 * expander's; which states are known is the visited set's; who does the work is the crew's; this file is the loop between
 * them.
 */

import { setImmediate } from 'node:timers/promises';
import { messageOf, UsageError } from '../../model/contract/errors.ts';
import type { Instance } from '../../model/contract/system.ts';
import { type Exploration, type FoundRun, isEnough, type Limits, type Stop } from '../exploration.ts';
import type { ProfileCounts } from '../profile.ts';
import { shows } from '../run-verdict.ts';
import { Checkpoints, type Identity } from './checkpoint/checkpoints.ts';
import { modelDigest } from './checkpoint/model-digest.ts';
import { Crew } from './crew.ts';
import { type HandlerCalls, ROW_HI, ROW_LO } from './expander.ts';
import { expanderOf } from './expander-of.ts';
import { Expansion } from './expansion.ts';
import { MOST_WORKERS } from './level-queue.ts';
import { MemoryGuard } from './memory-guard.ts';
import type { Origin } from './origin.ts';
import { rebuild } from './rebuild.ts';
import { EXPANDED, GENERATED, PROGRESS_NUMBERS, type SearchMemory, searchMemory } from './search-memory.ts';
import { reserveEntries } from './visited-set.ts';

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
  /**
   * Milliseconds after which there may be two, and each time they have gone by again twice as many. Default: so many that the
   * search is likely to last some more. With 0 all are started at once, and the search waits until they are.
   */
  readonly workersAfter?: number;
  readonly checkpoint?: CheckpointOptions;
  /** Compare whole states, not fingerprints: on one thread, and with every state kept. */
  readonly exact?: boolean;
  /** Of two orders of independent steps, follow one: every state is found all the same. Not with symmetry. */
  readonly reduction?: boolean;
  /** Whether to count what actions did, how wide the graph is, and what states look like; it costs time. */
  readonly profile?: boolean;
}

/** Where checkpoints are kept, and whether to go on from the one that is there. */
export interface CheckpointOptions {
  readonly directory: string;
  readonly resume?: boolean;
  /** Milliseconds from the end of one checkpoint to the beginning of the next. Default: five minutes. */
  readonly every?: number;
  /** What the checkpoint belongs to, besides the model. */
  readonly identity?: Identity;
}

export interface EngineExploration extends Exploration {
  /** Milliseconds, those before a checkpoint that was resumed included. */
  readonly elapsedMs: number;
  readonly handlerCalls: HandlerCalls;
  /** Transitions that were counted, but not followed, since others lead to the same states; with several workers, about. */
  readonly skipped: number;
  /** Null if it was not asked for. */
  readonly profile: ProfileCounts | null;
}

/** Milliseconds between two pauses in which timers, signals and the terminal get their turn. */
const PAUSE_EVERY = 100;
/**
 * What has lasted so long may last as long again. When so many milliseconds have gone by there may be two workers, and each time
 * they have gone by again twice as many: threads take time to start, some hundreds of milliseconds, of which a few are the
 * coordinator's.
 */
const WORTH_A_THREAD = 100;
const CHECKPOINT_EVERY = 300_000;
/** States to which runs are executed again when a search is resumed. */
const EXECUTED_AGAIN = 3;
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
  readonly #options: EngineOptions;
  readonly #guard: MemoryGuard;
  readonly #memory: SearchMemory;
  readonly #own: Expansion;
  readonly #crew: Crew;
  readonly #instance: Instance;
  #started = performance.now();
  #lastPause = this.#started;
  #checkpoints: Checkpoints | null = null;
  #lastCheckpoint = this.#started;
  /** The depth of the states that are being expanded, and whether that has begun. */
  #depth = 0;
  #isBegun = false;
  #isRoomy = false;
  /** Why the phase is to be ended. */
  #stop: Stop | null = null;

  constructor(instance: Instance, options: EngineOptions) {
    this.#instance = instance;
    this.#options = options;
    this.#guard = new MemoryGuard(options.memory);
    this.#memory = searchMemory(this.#guard.limit);
    const expander = expanderOf(instance, options);
    const { exact = false, profile = false } = options;
    this.#own = new Expansion(expander, this.#memory, 0, { exact, profiled: profile ? instance : null });
    this.#crew = new Crew(this.#memory, this.#own, () => this.#look());
  }

  async run(): Promise<EngineExploration> {
    await this.#begin();
    const stopped = await this.#explore();
    if (stopped === null) await this.#checkpoints?.remove();
    await this.#crew.finish();
    const { expander, visited } = this.#own;
    const total = this.#crew.total();
    const found = new Map<string, FoundRun>();
    for (const [name, state] of total.found) {
      const isIt = (run: FoundRun) => !expander.isReduced || shows(this.#instance, name, run);
      found.set(name, rebuild(expander, visited, state, isIt));
    }
    const { generated, quiescent, skipped, cut } = total;
    const { distinct } = this.#own;
    const represented = expander.isReduced ? total.represented : distinct;
    const elapsedMs = performance.now() - this.#started;
    const handlerCalls = this.#crew.handlerCalls();
    const counts = { distinct, represented, generated, depth: this.#depth, quiescent, cut };
    return { ...counts, skipped, stopped, found, elapsedMs, handlerCalls, profile: this.#crew.profile() };
  }

  /** Gives back what the search holds besides memory. */
  async end(): Promise<void> {
    await this.#crew.dismiss();
    this.#own.queue.close();
  }

  /** Finds the initial states, or goes on from a checkpoint. */
  async #begin(): Promise<void> {
    const { checkpoint, exact = false, symmetry = false } = this.#options;
    if (exact && (checkpoint !== undefined || symmetry)) {
      throw new UsageError('an exact check keeps no checkpoints and uses no symmetry: leave one of the options out');
    }
    if (checkpoint === undefined) return this.#own.start();
    const identity = { ...checkpoint.identity, model: modelDigest(this.#instance) };
    if (checkpoint.resume) return this.#resume(checkpoint.directory, identity);
    this.#checkpoints = Checkpoints.begin(checkpoint.directory, identity);
    this.#own.start();
  }

  async #resume(directory: string, identity: Identity): Promise<void> {
    const makeRoom = () => this.#makeRoom();
    const { checkpoints, standing } = await Checkpoints.resume(directory, identity, this.#own, makeRoom);
    this.#checkpoints = checkpoints;
    this.#started -= standing.elapsedMs;
    this.#own.resume(standing);
    const { depth, isBegun } = standing;
    this.#own.visited.advanceTo(depth + 1);
    this.#depth = isBegun ? depth : depth - 1;
    this.#isBegun = isBegun && this.#own.queue.left > 0;
    this.#mustBeReachable(directory, depth);
  }

  /** Executes runs to some states of a checkpoint again: a model that has changed leads elsewhere. */
  #mustBeReachable(directory: string, depth: number): void {
    const { queue, visited, expander } = this.#own;
    let left = EXECUTED_AGAIN;
    for (const { rows } of queue.pending('current')) {
      if (left-- === 0) return;
      const state = { depth, lo: rows[ROW_LO] as number, hi: rows[ROW_HI] as number, before: null };
      try {
        rebuild(expander, visited, state, () => true);
      } catch {
        throw new UsageError(`the model is not the one that the checkpoint in ${directory} was made of: begin anew`);
      }
    }
  }

  async #explore(): Promise<Stop | null> {
    const { depth: deepest = Number.POSITIVE_INFINITY, states: most = Number.POSITIVE_INFINITY } = this.#options;
    const { visited, queue } = this.#own;
    for (this.#advance(); queue.left > 0; this.#advance()) {
      if (!this.#isBegun) {
        this.#depth++;
        const total = this.#crew.total();
        if (isEnough(total.found, total.violated, this.#options)) return null;
        if (this.#depth === deepest) return this.#keep({ reason: 'depth', limit: deepest });
        if (this.#own.distinct > most) return this.#keep({ reason: 'states', limit: most });
        visited.advanceTo(this.#depth + 1);
        this.#isBegun = true;
      }
      const stop = await this.#expandLevel();
      if (stop !== null) return stop;
      this.#isBegun = false;
    }
    return null;
  }

  /** What was the next level is the current one, if that is done. */
  #advance(): void {
    const { queue } = this.#own;
    if (queue.left === 0) queue.advance();
  }

  async #expandLevel(): Promise<Stop | null> {
    const { visited, queue } = this.#own;
    while (queue.left > 0) {
      this.#hireIfWorthIt();
      if (this.#options.workersAfter === 0) await this.#crew.assembled();
      const failed = await this.#crew.expand();
      if (failed !== null) return failed;
      if (this.#stop !== null) return this.#keep(this.#stop);
      if (visited.isFull) {
        if (visited.bytesToGrow === Number.POSITIVE_INFINITY) this.#makeRoom();
        if (!this.#guard.allows(visited.bytesToGrow)) return this.#keep(this.#guard.stop);
        await this.#crew.grow();
      }
      if (this.#isCheckpointDue()) {
        const stop = await this.#keep(null);
        if (stop !== null) return stop;
      }
    }
    return null;
  }

  /** Writes a checkpoint, if there are to be any; gives what stops the search: what already did, or a full disk. */
  async #keep(stop: Stop | null): Promise<Stop | null> {
    if (this.#checkpoints === null) return stop;
    try {
      await this.#checkpoints.write(this.#own, {
        depth: this.#depth,
        isBegun: this.#isBegun,
        expanded: this.#expanded,
        elapsedMs: performance.now() - this.#started,
        counts: this.#crew.total().counts(),
      });
    } catch (thrown) {
      return { reason: 'disk', error: `the checkpoint could not be written: ${messageOf(thrown)}` };
    }
    this.#lastCheckpoint = performance.now();
    return stop;
  }

  #isCheckpointDue(): boolean {
    const { every = CHECKPOINT_EVERY } = this.#options.checkpoint ?? {};
    return this.#checkpoints !== null && performance.now() - this.#lastCheckpoint >= every;
  }

  /** Reserves as much for the visited set as the search may take. That is done once, before there are threads. */
  #makeRoom(): void {
    if (this.#isRoomy) return;
    this.#isRoomy = true;
    this.#own.visited.moveTo(reserveEntries(this.#guard.limit));
  }

  #hireIfWorthIt(): void {
    const { origin } = this.#options;
    const worth = this.#worth;
    if (origin === undefined || worth <= this.#crew.hired) return;
    this.#makeRoom();
    this.#crew.hire(worth, origin, this.#options, this.#guard.limit * LOG_SHARE);
  }

  /** How many workers the search is worth by now. */
  get #worth(): number {
    const { workers = 1, exact = false, origin, workersAfter = WORTH_A_THREAD } = this.#options;
    if (exact || origin === undefined) return 1;
    const lasted = performance.now() - this.#started;
    const worth = workersAfter === 0 ? workers : 2 ** Math.floor(lasted / workersAfter);
    return Math.min(workers, worth, MOST_WORKERS);
  }

  /**
   * From time to time, lets signals and the terminal have their turn, and ends the phase if the search is to stop, or can go
   * on with more workers.
   */
  async #look(): Promise<void> {
    const now = performance.now();
    if (now - this.#lastPause < PAUSE_EVERY) return;
    this.#lastPause = now;
    await setImmediate();
    this.#options.onProgress?.(this.#progress(now));
    if (this.#options.signal?.aborted) this.#stop ??= { reason: 'interrupted' };
    else if (!this.#guard.allows(0)) this.#stop ??= this.#guard.stop;
    const isDue = this.#isCheckpointDue() || this.#worth > this.#crew.hired || this.#crew.hasNewcomers;
    if (this.#stop !== null || isDue) this.#crew.pause();
  }

  #progress(now: number): Progress {
    const distinct = this.#own.visited.size;
    return {
      distinct,
      generated: this.#sum(GENERATED),
      depth: this.#depth,
      frontier: distinct - this.#expanded,
      workers: this.#crew.size,
      elapsedMs: now - this.#started,
    };
  }

  /** Rows that have been expanded. */
  get #expanded(): number {
    return this.#sum(EXPANDED);
  }

  /** What all workers together have of one of the numbers of progress. */
  #sum(which: number): number {
    const progress = new Float64Array(this.#memory.progress);
    let sum = 0;
    for (let at = which; at < progress.length; at += PROGRESS_NUMBERS) sum += progress[at] as number;
    return sum;
  }
}
