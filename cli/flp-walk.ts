/** Runs the walk of `lockstep flp` in its thread, until it is told, refused, or stopped. */

import { Worker } from 'node:worker_threads';
import { MemoryGuard } from '../explorer/engine/memory-guard.ts';
import type { TooLarge, WalkProgress } from '../explorer/valence/walk.ts';
import type { FlpReport, FlpTask, FlpTold, SentError } from './flp-thread.ts';

/** It stopped before everything was explored: on demand, or because there was no more memory. */
export interface StoppedWalk {
  readonly stopped:
    | { readonly reason: 'interrupted' }
    | { readonly reason: 'memory' /** In bytes. */; readonly limit: number };
  /** How far it had come; null when it had not begun. */
  readonly progress: WalkProgress | null;
}

/** What may end it early, and who is told how far it has come. */
export interface WalkLimits {
  readonly signal: AbortSignal;
  /** The most bytes of memory. Default: a share of what the machine has. */
  readonly memory: number | undefined;
  readonly onProgress: (progress: WalkProgress) => void;
}

/** @throws UsageError, ModelError as the walk does. */
export function walkInThread(
  task: FlpTask,
  { signal, memory, onProgress }: WalkLimits,
): Promise<FlpTold | TooLarge | StoppedWalk> {
  const { limit } = new MemoryGuard(memory);
  const thread = new Worker(new URL('./flp-thread.js', import.meta.url), {
    workerData: task,
    resourceLimits: { maxOldGenerationSizeMb: Math.max(1, Math.floor(limit / 2 ** 20)) },
    trackUnmanagedFds: false,
  });
  let progress: WalkProgress | null = null;
  const ended = new Promise<FlpTold | TooLarge | StoppedWalk>((resolve, reject) => {
    signal.addEventListener('abort', () => resolve({ stopped: { reason: 'interrupted' }, progress }));
    thread.on('message', (report: FlpReport) => {
      if ('progress' in report) {
        progress = report.progress;
        onProgress(progress);
      } else if ('failed' in report) reject(received(report.failed));
      else resolve('told' in report ? report.told : report);
    });
    thread.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'ERR_WORKER_OUT_OF_MEMORY') resolve({ stopped: { reason: 'memory', limit }, progress });
      else reject(error);
    });
    thread.on('exit', () => reject(new Error('the thread of the walk ended unexpectedly')));
  });
  return ended.finally(() => thread.terminate());
}

/** The error as it was in the thread. Errors are told apart by their names. */
export function received({ name, message, stack, given, known, cause }: SentError): Error {
  const error = new Error(message, cause === null ? {} : { cause: received(cause) });
  return Object.assign(error, { name, given, known }, stack === undefined ? {} : { stack });
}
