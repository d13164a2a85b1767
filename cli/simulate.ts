/** `lockstep simulate`: seeded random runs, for systems beyond exhaustive reach. */

import type { Command } from 'commander';
import type { Paper } from '../explorer/report/text.ts';
import {
  DEFAULT_RUNS,
  DEFAULT_SEED,
  DEFAULT_STEPS,
  type SimulateOptions,
  type SimulateResult,
  simulate,
} from '../explorer/simulate.ts';
import { readAssignments } from './assignments.ts';
import { EXIT } from './exit.ts';
import { stoppable } from './interrupt.ts';
import { countText, wholeNumber } from './numbers.ts';
import { instanceOptions, type TellingFlags, tellingOf, tellingOptions } from './options.ts';
import { progressLine, simulationText } from './progress.ts';
import { resultToJson } from './result-json.ts';
import { printJson, voice } from './streams.ts';
import { buildInstance, type FoundSystem, findSystem, withReference } from './system-argument.ts';
import { keepRun, tellRun } from './telling.ts';
import { bold, paragraph } from './text.ts';

const EXAMPLES = `
Examples:
  lockstep simulate paxos nodes=7                 ${DEFAULT_RUNS} random runs of a large instance
  lockstep simulate paxos --runs 10000 --seed 7   more runs, other ones
  lockstep simulate ./mine.ts --out run.json      keep the run that violates a property

The same seed makes the same runs. A simulation can show that a property is violated, never that it holds; the run it
shows is the one it met, not a shortest one.

Exit codes: 0 no violation was met, 1 violated, 2 usage or model error, 3 stopped early.
`;

interface SimulateFlags extends TellingFlags {
  readonly mutant?: string;
  readonly property?: readonly string[];
  readonly runs: number;
  readonly steps: number;
  readonly seed: number;
}

export function defineSimulate(program: Command): void {
  const command = program
    .command('simulate')
    .summary('make random runs of a system, beyond exhaustive reach')
    .description('Makes seeded random runs of a system and judges its properties on each, until one is violated.');
  instanceOptions(command)
    .option('--runs <n>', 'how many runs to make', wholeNumber(1), DEFAULT_RUNS)
    .option('--steps <n>', 'the most steps in a run', wholeNumber(1), DEFAULT_STEPS)
    .option('--seed <n>', 'which runs: the same seed makes the same ones', wholeNumber(0), DEFAULT_SEED);
  tellingOptions(command).addHelpText('after', EXAMPLES).action(run);
}

async function run(reference: string, assignments: readonly string[], flags: SimulateFlags): Promise<void> {
  const found = await findSystem(reference);
  const parameters = readAssignments(assignments);
  const { mutant = null, property, runs, steps, seed, json = false, quiet = false } = flags;
  const instance = buildInstance(found, parameters, mutant);
  const telling = tellingOf(flags);
  const properties = property === undefined ? {} : { properties: property };
  const result = await walk(found, { parameters, mutant, ...properties, runs, steps, seed }, quiet);
  process.exitCode = exitCode(result);

  const speaker = voice({ json, quiet });
  const trace = result.counterexample === null ? null : withReference(result.counterexample, found);
  try {
    keepRun(trace, instance, telling);
  } finally {
    if (json) printJson(resultToJson(result, found));
    speaker.say(simulationSummary(result, runs, speaker.paper));
    tellRun(trace, instance, telling, speaker);
  }
}

async function walk({ system }: FoundSystem, options: SimulateOptions, quiet: boolean): Promise<SimulateResult> {
  const line = progressLine(simulationText, !quiet);
  try {
    return await stoppable((signal) => simulate(system, { ...options, signal, onProgress: line.show }));
  } finally {
    line.clear();
  }
}

function exitCode({ verdict, stopped }: SimulateResult): number {
  if (verdict === 'violated') return EXIT.violated;
  return stopped === null ? EXIT.holds : EXIT.stopped;
}

function simulationSummary(result: SimulateResult, wanted: number, paper: Paper): string {
  const { system, mutant, parameters, seed, runs, steps, longest, ended, properties, stopped } = result;
  const values = Object.entries(parameters).map(([name, value]) => ` ${name}=${value}`);
  const violated = properties.filter(({ verdict }) => verdict === 'violated');
  const witnesses = properties.filter(({ kind }) => kind === 'sometimes');
  const seen = witnesses.filter(({ verdict }) => verdict === 'holds');
  const unseen = witnesses.filter(({ verdict }) => verdict !== 'holds').map(({ name }) => `'${name}'`);
  const names = violated.map(({ name }) => `'${name}'`).join(', ');
  const verdict =
    violated.length > 0
      ? `violated: ${names}, in run ${countText(runs)}`
      : `no violation in ${countText(runs)} ${runs === 1 ? 'run' : 'runs'}${stopped === null ? '' : ` (stopped; ${countText(wanted)} were wanted)`}`;
  return [
    `${bold(system, paper)}${values.join('')}${mutant === null ? '' : `, mutant ${mutant}`}, seed ${seed}`,
    paragraph(`${countText(steps)} steps; longest run ${countText(longest)}; ${endings(ended)}`, paper, 2),
    ...(witnesses.length === 0
      ? []
      : [
          paragraph(
            `witnesses met: ${seen.length} of ${witnesses.length}${unseen.length === 0 ? '' : `; not met: ${unseen.join(', ')}`}`,
            paper,
            2,
          ),
        ]),
    bold(verdict, paper),
    paragraph(
      violated.length > 0
        ? 'This is the run that was met, not a shortest one: lockstep check finds that, if it can explore so far.'
        : 'Random runs show violations, not their absence: lockstep check says what holds, within its bounds.',
      paper,
    ),
  ].join('\n');
}

function endings({ quiescent, steps, bounds }: SimulateResult['ended']): string {
  const parts = [
    [quiescent, 'until nothing could happen'],
    [steps, 'to the limit of steps'],
    [bounds, 'to a bound'],
  ] as const;
  const told = parts.filter(([count]) => count > 0).map(([count, how]) => `${countText(count)} ${how}`);
  return told.length === 0 ? 'no run came to its end' : `runs went ${told.join(', ')}`;
}
