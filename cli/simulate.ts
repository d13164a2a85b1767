/** `lockstep simulate`: seeded random runs, for systems beyond exhaustive reach. */

import type { Command } from 'commander';
import type { PropertyResult } from '../explorer/check.ts';
import { propertyName, settings } from '../explorer/report/names.ts';
import { counted, grouped } from '../explorer/report/numbers.ts';
import { type Paper, type Span, wrap } from '../explorer/report/text.ts';
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
import { helpAfter } from './help.ts';
import { stoppable } from './interrupt.ts';
import { wholeNumber } from './numbers.ts';
import { instanceOptions, type TellingFlags, tellingOf, tellingOptions } from './options.ts';
import { progressLine, simulationText } from './progress.ts';
import { resultToJson } from './result-json.ts';
import { printJson, voice } from './streams.ts';
import { buildInstance, type FoundSystem, findSystem, withReference } from './system-argument.ts';
import { keepRun, tellRun } from './telling.ts';

const HELP = helpAfter(
  [
    ['lockstep simulate paxos nodes=7', 'random runs of a large instance'],
    ['lockstep simulate paxos --runs 10000 --seed 7', 'more runs, and other ones'],
    ['lockstep simulate ./mine.ts --out run.json', 'keep the run that violates a property'],
  ],
  'The same seed makes the same runs. A simulation can show that a property is violated, never that it holds; the run ' +
    'that it shows is the one it met, not a shortest one.',
  'Exit codes: 0 no violation was met, 1 violated, 2 usage or model error, 3 stopped early.',
);

interface SimulateFlags extends TellingFlags {
  readonly mutant?: string;
  readonly property?: readonly string[];
  readonly runs: number;
  readonly steps: number;
  readonly seed: number;
}

export function defineSimulate(command: Command): void {
  command.description('Makes seeded random runs of a system and judges its properties on each, until one is violated.');
  instanceOptions(command)
    .option('--runs <n>', 'how many runs to make', wholeNumber(1), DEFAULT_RUNS)
    .option('--steps <n>', 'the most steps in a run', wholeNumber(1), DEFAULT_STEPS)
    .option('--seed <n>', 'which runs: the same seed makes the same ones', wholeNumber(0), DEFAULT_SEED);
  tellingOptions(command).addHelpText('after', HELP).action(run);
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
    await keepRun(trace, instance, telling);
  } finally {
    if (json) printJson(resultToJson(result, found));
    speaker.say(simulationSummary(result, runs, speaker.paper));
    await tellRun(trace, instance, telling, speaker);
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
  const { steps, longest, ended, properties } = result;
  const indented = (text: string) => wrap('  ', 4, [{ text }], paper);
  const advice = properties.some(({ verdict }) => verdict === 'violated')
    ? 'This is the run that was met, not a shortest one: lockstep check finds that, if it can explore so far.'
    : 'Random runs show violations, not their absence: lockstep check says what holds, within its bounds.';
  return [
    wrap(
      '',
      2,
      [
        { text: result.system, style: 'bold' },
        { text: `${settings(result.parameters, result.mutant)} seed ${result.seed}` },
      ],
      paper,
    ),
    '',
    indented(`${counted(steps, 'step')}, the longest run ${grouped(longest)}; ${endings(ended)}`),
    ...witnesses(properties).map(indented),
    '',
    wrap('', 2, verdict(result, wanted), paper),
    wrap('', 0, [{ text: advice }], paper),
  ].join('\n');
}

function witnesses(properties: readonly PropertyResult[]): string[] {
  const all = properties.filter(({ kind }) => kind === 'sometimes');
  const missed = all.filter(({ verdict }) => verdict !== 'holds').map(({ name }) => propertyName(name));
  if (all.length === 0) return [];
  const met = `witnesses met: ${all.length - missed.length} of ${all.length}`;
  return [missed.length === 0 ? met : `${met}; not met: ${missed.join(', ')}`];
}

function verdict({ properties, runs, stopped }: SimulateResult, wanted: number): Span[] {
  const names = properties.filter(({ verdict }) => verdict === 'violated').map(({ name }) => propertyName(name));
  if (names.length > 0) {
    return [{ text: 'VIOLATED:', style: ['bold', 'red'] }, { text: `${names.join(', ')}, in run ${grouped(runs)}` }];
  }
  const made = `no violation in ${counted(runs, 'run')}`;
  if (stopped === null) return [{ text: made, style: 'bold' }];
  return [{ text: made, style: ['bold', 'yellow'] }, { text: `(stopped; ${grouped(wanted)} were wanted)` }];
}

function endings({ quiescent, steps, bounds }: SimulateResult['ended']): string {
  const parts = [
    [quiescent, 'until nothing could happen'],
    [steps, 'to the limit of steps'],
    [bounds, 'to a bound'],
  ] as const;
  const told = parts.filter(([count]) => count > 0).map(([count, how]) => `${grouped(count)} ${how}`);
  return told.length === 0 ? 'no run came to its end' : `runs went ${told.join(', ')}`;
}
