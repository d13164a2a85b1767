/** Progress: one line on the terminal, drawn anew a few times a second; nothing where stderr is not a terminal. */

import type { Progress } from '../explorer/engine/engine.ts';
import { grouped } from '../explorer/report/numbers.ts';
import type { SimulationProgress } from '../explorer/simulate.ts';
import type { WalkProgress } from '../explorer/valence/walk.ts';
import { memoryText } from './numbers.ts';
import { CLEAR_LINE } from './streams.ts';

const REDRAW_MS = 200;
/** At the end of the line, for the ^C that the terminal shows when it is pressed. */
const ROOM = 3;

/** A line that shows the latest of what it is given, until it is cleared. */
export interface ProgressLine<P> {
  show(progress: P): void;
  clear(): void;
}

/** The line for what `text` makes of the progress. */
export function progressLine<P>(text: (progress: P) => string, wanted: boolean): ProgressLine<P> {
  const { stderr } = process;
  if (!wanted || !stderr.isTTY || process.env.TERM === 'dumb') return { show: () => {}, clear: () => {} };
  let drawn = Number.NEGATIVE_INFINITY;
  return {
    show(progress) {
      const now = performance.now();
      if (now - drawn < REDRAW_MS) return;
      drawn = now;
      stderr.write(CLEAR_LINE + text(progress).slice(0, (stderr.columns || 80) - ROOM));
    },
    clear() {
      if (drawn > 0) stderr.write(CLEAR_LINE);
    },
  };
}

/** How far an exploration has come, within 80 columns. */
export function explorationText({ depth, distinct, generated, frontier, workers, elapsedMs }: Progress): string {
  return [
    `depth ${depth}`,
    `${short(distinct)} distinct`,
    `${short(generated)} generated`,
    `frontier ${short(frontier)}`,
    `${rate(generated, elapsedMs)}/s${workers > 1 ? ` by ${workers}` : ''}`,
    memoryText(process.memoryUsage.rss()),
  ].join(', ');
}

/** How far a simulation has come. */
export function simulationText({ run, runs, steps, longest, elapsedMs }: SimulationProgress): string {
  return [
    `run ${grouped(run)} of ${grouped(runs)}`,
    `${grouped(steps)} steps`,
    `longest ${grouped(longest)}`,
    `${rate(steps, elapsedMs)}/s`,
    memoryText(process.memoryUsage.rss()),
  ].join(', ');
}

/** How far a walk through the theorem's proof has come. */
export function walkProgressText(progress: WalkProgress): string {
  const { configurations, events, doing, inputs } = progress;
  const what = doing !== 'exploring' ? `${doing}: ` : inputs === '' ? '' : `${placeText(progress)}: `;
  return [
    `${what}${short(configurations)} configurations`,
    `${short(events)} events`,
    memoryText(process.memoryUsage.rss()),
  ].join(', ');
}

/** The initial configuration that a walk explores from: `inputs 011 (3 of 8)`. */
export function placeText({ inputs, place, places }: WalkProgress): string {
  return inputs === '' ? 'the initial configuration' : `inputs ${inputs} (${place + 1} of ${places})`;
}

function rate(count: number, elapsedMs: number): string {
  return elapsedMs <= 0 ? '0' : short((count / elapsedMs) * 1000);
}

/** A count in a few characters: `950`, `12.3k`, `4.56M`. */
function short(count: number): string {
  let value = count;
  let unit = '';
  for (const next of ['k', 'M', 'G']) {
    if (value < 999.5) break;
    value /= 1000;
    unit = next;
  }
  if (unit === '') return String(Math.round(value));
  return value.toFixed(value < 9.995 ? 2 : value < 99.95 ? 1 : 0) + unit;
}
