/**
 * A run that is worth showing: told as a story, written to a file, and how to see more of it. What tells and draws is loaded
 * when there is a run.
 */

import type { Instance } from '../model/contract/system.ts';
import type { Trace } from '../model/contract/trace.ts';
import { writeWhole } from './output-file.ts';
import { remark, type Voice } from './streams.ts';
import { ofModel } from './system-argument.ts';
import { traceFormatOf } from './traces.ts';

/** What the user wants of the run. */
export interface Telling {
  readonly story: boolean;
  readonly out: string | null;
}

/** Writes the run to its file, if one is wanted. Before anything is said: a reader may go away, a file should stay. */
export async function keepRun(trace: Trace | null, instance: Instance, { out }: Telling): Promise<void> {
  if (out === null || trace === null) return;
  const { renderTrace } = await import('./pictures.ts');
  writeWhole(out, renderTrace(traceFormatOf(out), instance, trace));
}

/** Tells the run. */
export async function tellRun(
  trace: Trace | null,
  instance: Instance,
  telling: Telling,
  { say, paper }: Voice,
): Promise<void> {
  const { out } = telling;
  if (trace === null) {
    if (out !== null) remark(`nothing was written to ${out}: there is no run to show`);
    return;
  }
  if (telling.story) {
    const { story } = await import('../explorer/report/story.ts');
    say(`\n${ofModel('telling the run', () => story(instance, trace, paper))}`);
  }
  say(`\n${howToSeeMore(out)}`);
}

function howToSeeMore(out: string | null): string {
  if (out === null) return 'To keep this run, add --out trace.json (or .svg, .html).';
  if (traceFormatOf(out) !== 'json') return `The run is in ${out}.`;
  const picture = out.replace(/\.json$/, '.svg');
  return [
    `The run is in ${out}. To walk through it, or to draw it:`,
    `  lockstep replay ${out} --step`,
    `  lockstep graph ${out} --out ${picture}`,
  ].join('\n');
}
