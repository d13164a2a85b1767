/** Keeps an exploration within a budget of memory, so that it ends with the result so far and not with the process. */

import { totalmem } from 'node:os';
import { getHeapStatistics } from 'node:v8';
import type { Stop } from '../exploration.ts';

/** The share of the machine's memory that a check may use unless told otherwise. */
const DEFAULT_SHARE = 0.75;
/** The share of the JavaScript heap's own limit after which it would soon run out. */
const FULLEST_HEAP = 0.85;

export class MemoryGuard {
  readonly limit: number;

  /** @param limit bytes */
  constructor(limit = Math.floor(machineMemory() * DEFAULT_SHARE)) {
    this.limit = limit;
  }

  get stop(): Stop {
    return { reason: 'memory', limit: this.limit };
  }

  /** Whether `more` bytes may be allocated. */
  allows(more: number): boolean {
    const { used_heap_size, heap_size_limit } = getHeapStatistics();
    return process.memoryUsage.rss() + more <= this.limit && used_heap_size <= heap_size_limit * FULLEST_HEAP;
  }
}

/** The bytes that this process may have: the machine's, or those of the container that it runs in. */
function machineMemory(): number {
  const constrained = process.constrainedMemory();
  return constrained > 0 ? Math.min(constrained, totalmem()) : totalmem();
}
