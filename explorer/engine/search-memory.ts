/** All that the workers of a search share, and how they keep step. */

import { type FrontierMemory, frontierMemory, MOST_WORKERS } from './level-queue.ts';
import { type VisitedMemory, visitedMemory } from './visited-set.ts';

/** Words of the control block: how many workers have finished the phase; what it is for; 1 when it is to be ended. */
export const DONE = 0;
export const COMMAND = 1;
export const PAUSE = 2;
/** By worker: 1 when it is ready to work; and the number of the phase that it is to take part in. */
export const READY = 8;
export const PHASE = READY + MOST_WORKERS;
const CONTROL_WORDS = PHASE + MOST_WORKERS;

/** What a phase is for. */
export const EXPAND = 1;
export const GROW = 2;
export const FINISH = 3;

/** What each worker has done so far, for the progress line: transitions generated, rows expanded. */
export const GENERATED = 0;
export const EXPANDED = 1;
export const PROGRESS_NUMBERS = 2;

export interface SearchMemory {
  readonly visited: VisitedMemory;
  readonly frontier: FrontierMemory;
  readonly control: SharedArrayBuffer;
  /** {@link PROGRESS_NUMBERS} floating point numbers a worker. */
  readonly progress: SharedArrayBuffer;
}

/** The share of the memory budget that the frontier may take before it goes to disk. */
const FRONTIER_SHARE = 1 / 8;

/** Most searches are small: for them this much is reserved for the visited set, enough for millions of states. */
export const SMALL_VISITED = 2 ** 26;

/** Memory for a search that may take so many bytes. */
export function searchMemory(bytes: number): SearchMemory {
  return {
    visited: visitedMemory(Math.min(bytes, SMALL_VISITED)),
    frontier: frontierMemory(bytes * FRONTIER_SHARE),
    control: new SharedArrayBuffer(CONTROL_WORDS * 4),
    progress: new SharedArrayBuffer(MOST_WORKERS * PROGRESS_NUMBERS * 8),
  };
}
