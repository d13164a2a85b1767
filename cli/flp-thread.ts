/**
 * The thread in which `lockstep flp` works: the walk is one long piece of work, and so the program's own thread stays free for
 * Ctrl-C and the progress line, and survives when the memory for the walk runs out.
 */

import { parentPort, workerData } from 'node:worker_threads';
import type { Paper } from '../explorer/report/text.ts';
import { type Drawing, drawing, type Picture } from '../explorer/valence/drawing.ts';
import { walkText } from '../explorer/valence/report/report.ts';
import { type TooLarge, type Walk, type WalkProgress, walk } from '../explorer/valence/walk.ts';
import { walkToJson } from '../explorer/valence/walk-json.ts';
import type { ParameterValue } from '../model/contract/parameter.ts';
import { keepStdoutForJson } from './streams.ts';
import { findSystem, ofModel } from './system-argument.ts';

/** What is to be walked, and how it is to be told. */
export interface FlpTask {
  readonly reference: string;
  readonly parameters: Readonly<Record<string, ParameterValue>>;
  readonly mutant: string | null;
  readonly most: number;
  readonly rounds: number;
  readonly paper: Paper;
  readonly picture: { readonly what: Picture; readonly format: 'svg' | 'dot' } | null;
  readonly json: boolean;
}

/** The walk, told. */
export interface FlpTold {
  readonly text: string;
  readonly json: unknown;
  /** Null when none is wanted. */
  readonly picture: Drawing | { readonly refused: SentError } | null;
}

/** An error, as far as it can be sent to another thread. */
export interface SentError {
  readonly name: string;
  readonly message: string;
  readonly stack: string | undefined;
  readonly given: unknown;
  readonly known: unknown;
  readonly cause: SentError | null;
}

export type FlpReport =
  | { readonly progress: WalkProgress }
  | { readonly told: FlpTold }
  | TooLarge
  | { readonly failed: SentError };

/** Milliseconds between two reports of progress. */
const REPORT_MS = 100;

async function work(task: FlpTask): Promise<FlpReport> {
  const { reference, parameters, mutant, most, rounds, paper, picture, json } = task;
  if (json) keepStdoutForJson();
  const { system } = await findSystem(reference);
  let reported = Number.NEGATIVE_INFINITY;
  let doing = '';
  const onProgress = (progress: WalkProgress): void => {
    const now = performance.now();
    if (progress.doing === doing && now - reported < REPORT_MS) return;
    [reported, doing] = [now, progress.doing];
    report({ progress });
  };
  const walked = ofModel('the walk', () => walk(system, parameters, mutant, { most, rounds, onProgress }));
  if ('tooLarge' in walked) return walked;
  const text = walkText(walked, paper);
  return { told: { text, json: json ? walkToJson(walked) : null, picture: picture && drawn(walked, picture) } };
}

function drawn(walked: Walk, { what, format }: NonNullable<FlpTask['picture']>): FlpTold['picture'] {
  try {
    return drawing(walked, what, format);
  } catch (thrown) {
    return { refused: sent(thrown) };
  }
}

function report(message: FlpReport): void {
  parentPort?.postMessage(message);
}

function sent(thrown: unknown): SentError {
  const error = thrown instanceof Error ? thrown : new Error(String(thrown));
  const { name, message, stack, cause } = error;
  const { given, known } = error as { given?: unknown; known?: unknown };
  return { name, message, stack, given, known, cause: cause instanceof Error ? sent(cause) : null };
}

try {
  report(await work(workerData as FlpTask));
} catch (thrown) {
  report({ failed: sent(thrown) });
}
