/**
 * `lockstep conform`: judges what the nodes of a cluster have recorded against the model that they ran; or drives schedules of
 * a model through nodes of its own.
 */

import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Command } from 'commander';
import { counted, grouped } from '../explorer/report/numbers.ts';
import { conform, headerOf, processesOf } from '../impl/conformance/conform.ts';
import { type DriveProgress, type DriveResult, drive } from '../impl/conformance/driving/drive.ts';
import { drivingJson, drivingText } from '../impl/conformance/driving/report.ts';
import { conformanceJson, conformanceText } from '../impl/conformance/report.ts';
import { DEFAULT_JUDGED } from '../impl/conformance/run-judge.ts';
import { messageOf, UsageError } from '../model/contract/errors.ts';
import { effectiveParameters } from '../model/contract/system.ts';
import { builtInNames } from '../model/registry.ts';
import { readAssignments } from './assignments.ts';
import { EXIT } from './exit.ts';
import { helpAfter } from './help.ts';
import { wholeNumber } from './numbers.ts';
import { progressLine } from './progress.ts';
import { busy, printJson, voice } from './streams.ts';
import { buildInstance, findSystem, ofModel } from './system-argument.ts';

const HELP = helpAfter(
  [
    ['lockstep conform traces/', 'all in a directory: recordings of nodes, histories of clients'],
    ['lockstep conform n1.trace.jsonl n2.trace.jsonl n3.trace.jsonl', 'these'],
    ['lockstep conform traces/ --json', 'the report as a JSON document'],
    ['lockstep conform paxos proposers=1', 'drive all that a small model can do through real nodes'],
  ],
  'Exit codes: 0 what was recorded is a run of the model (or the nodes do what the model does), 1 it is not, ' +
    '2 a file is not a whole recording, or the system cannot be driven.',
  'What must hold, and what is not judged: docs/conformance.md.',
);

const RECORDING = '.trace.jsonl';
const HISTORY = '.history.jsonl';

interface ConformFlags {
  readonly judge: number;
  readonly json?: boolean;
}

export function defineConform(command: Command): void {
  command
    .description(
      'Judges recordings of the nodes of a cluster: each step is what the transition function does, and all of them together ' +
        'are a run of the model, along which its properties hold. Given a system instead, drives every distinct local ' +
        'transition of it through real processes and sockets, and compares states after each step.',
    )
    .argument(
      '<recordings...>',
      `files *${RECORDING} of nodes and *${HISTORY} of clients, or directories of them; or a built-in system and NAME=VALUE`,
    )
    .option(
      '--judge <steps>',
      'judge properties that have no monitor along so many first steps',
      wholeNumber(0),
      DEFAULT_JUDGED,
    )
    .option('--json', 'print one JSON document; text for people goes to stderr')
    .addHelpText('after', HELP)
    .action(run);
}

async function run(references: readonly string[], flags: ConformFlags): Promise<void> {
  const [reference = '', ...assignments] = references;
  if (builtInNames.includes(reference) && !existsSync(reference)) await driveSystem(reference, assignments, flags);
  else await judgeRecordings(references, flags);
}

async function driveSystem(
  reference: string,
  assignments: readonly string[],
  { json = false }: ConformFlags,
): Promise<void> {
  const { system } = await findSystem(reference);
  const parameters = effectiveParameters(system, readAssignments(assignments), null);
  const instance = buildInstance({ system, reference }, parameters);
  processesOf(reference, instance);
  const line = progressLine(
    ({ schedule, schedules, steps }: DriveProgress) =>
      `schedule ${grouped(schedule)} of ${grouped(schedules)}, ${counted(steps, 'step')} taken`,
    !json,
  );
  let found: DriveResult;
  try {
    found = await drive({ system: reference, parameters, instance }, { onProgress: line.show });
  } finally {
    line.clear();
  }
  process.exitCode = found.verdict === 'conforms' ? EXIT.holds : EXIT.violated;
  if (json) printJson({ system: reference, parameters, ...drivingJson(found) });
  const { say, paper } = voice({ json });
  say(drivingText(reference, parameters, instance, found, paper));
}

async function judgeRecordings(references: readonly string[], { judge, json = false }: ConformFlags): Promise<void> {
  const given = references.flatMap(filesAt);
  const histories = given.filter((file) => file.endsWith(HISTORY));
  const files = given.filter((file) => !file.endsWith(HISTORY));
  const [first] = files;
  if (first === undefined) throw new UsageError(`there is no recording (*${RECORDING}) in ${references.join(', ')}`);
  const { system, parameters, mutant } = headerOf(first);
  const instance = buildInstance(await findSystem(system), parameters, mutant);
  processesOf(system, instance);
  const found = busy('reading recordings', () =>
    ofModel('judging recordings', () => conform(files, instance, { judged: judge, histories })),
  );
  process.exitCode = found.verdict === 'conforms' ? EXIT.holds : EXIT.violated;
  if (json) printJson(conformanceJson(found));
  const { say, paper } = voice({ json });
  say(conformanceText(instance, found, paper));
}

/** A recording or history; or all of them in a directory. */
function filesAt(path: string): string[] {
  try {
    if (!statSync(path).isDirectory()) return [path];
  } catch (thrown) {
    throw new UsageError(`cannot read ${path}: ${messageOf(thrown)}`);
  }
  const names = readdirSync(path).filter((name) => name.endsWith(RECORDING) || name.endsWith(HISTORY));
  return names.sort().map((name) => join(path, name));
}
