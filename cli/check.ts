/** `lockstep check`: explores everything that an instance can do. */

import { availableParallelism } from 'node:os';
import { type Command, Option } from 'commander';
import { type CheckOptions, type CheckResult, check } from '../explorer/check.ts';
import { summary } from '../explorer/report/summary.ts';
import { UsageError } from '../model/contract/errors.ts';
import { UnknownName } from '../model/contract/parameter.ts';
import type { Instance } from '../model/contract/system.ts';
import type { Trace } from '../model/contract/trace.ts';
import { readAssignments } from './assignments.ts';
import { EXIT, EXIT_CODES_HELP } from './exit.ts';
import { helpAfter } from './help.ts';
import { stoppable } from './interrupt.ts';
import { memorySize, memoryText, seconds, wholeNumber } from './numbers.ts';
import { instanceOptions, type TellingFlags, tellingOf, tellingOptions } from './options.ts';
import { mustTakeDirectory } from './output-directory.ts';
import { isProfiled, keepReport, type ProfileFlags, refuseReport, tellProfile } from './profile.ts';
import { explorationText, progressLine } from './progress.ts';
import { resultToJson } from './result-json.ts';
import { printJson, voice } from './streams.ts';
import { buildInstance, type FoundSystem, findSystem, originOf, withReference } from './system-argument.ts';
import { keepRun, type Telling, tellRun } from './telling.ts';
import { paragraph } from './text.ts';

const HELP = helpAfter(
  [
    ['lockstep check paxos', 'everything within the default bounds'],
    ['lockstep check paxos crashes=1', 'another instance'],
    ['lockstep check paxos --mutant own-value', 'break a rule, and see what happens'],
    ['lockstep check paxos --mutant own-value --out trace.json', 'keep the counterexample'],
    ["lockstep check paxos --witness 'a value is chosen twice'", 'tell a shortest run to an interesting state'],
    ['lockstep check two-phase-commit rms=7 --symmetry', 'count states that differ by names only as one'],
    ['lockstep check paxos retries=1 --reduction', 'of two orders of independent steps, follow one'],
    ['lockstep check paxos --report profile.html', 'where all the states come from'],
    ['lockstep check ./mine.ts#lock --json', 'a system of your own, for a program to read'],
  ],
  EXIT_CODES_HELP,
  'Ctrl-C stops the check with the result so far, and with --checkpoint DIR it can be gone on with later.',
);

interface CheckFlags extends TellingFlags, ProfileFlags {
  readonly mutant?: string;
  readonly property?: readonly string[];
  readonly witness?: string;
  readonly depth?: number;
  readonly states?: number;
  readonly memory?: number;
  readonly workers?: number;
  readonly symmetry?: boolean;
  readonly reduction?: boolean;
  readonly checkpoint?: string;
  readonly resume?: string;
  readonly checkpointEvery?: number;
  readonly exact?: boolean;
  readonly paranoid?: boolean;
  readonly explorer: 'engine' | 'naive';
}

export function defineCheck(command: Command): void {
  command.description('Explores every reachable state of a system within its bounds and judges its properties.');
  instanceOptions(command)
    .option('--witness <name>', 'tell a shortest run to the state that this `sometimes` property asks for')
    .option('--depth <n>', 'visit no state deeper than this (an initial state has depth 1)', wholeNumber(1))
    .option('--states <n>', 'stop when more distinct states than this are found', wholeNumber(1))
    .option('--memory <size>', 'stop before more memory than this is used, such as 512M or 2G', memorySize)
    .option('--workers <n>', 'threads that work on it (default: as many as the machine has cores)', wholeNumber(1))
    .option('--symmetry', 'of states that differ by interchangeable names only, visit one')
    .option('--reduction', 'of two orders of independent steps, follow one: every state is found all the same')
    .option('--checkpoint <dir>', 'keep checkpoints there, every few minutes and at Ctrl-C, to resume from')
    .option('--resume <dir>', 'go on from the checkpoint there, and keep new ones')
    .option('--checkpoint-every <seconds>', 'seconds between two checkpoints (default: 300)', seconds)
    .option('--exact', 'compare whole states, not fingerprints: slower, on one thread, in several times the memory')
    .option('--profile', 'show what actions did, how wide and deep the graph is, and what was never enabled')
    .option('--report <file>', 'write the whole profile as a page (.html)')
    .option('--paranoid', 'take every memoised step twice, to be sure that the model is a function')
    .addOption(
      new Option('--explorer <name>', 'the naive one is slow, and plain enough to be believed')
        .choices(['engine', 'naive'])
        .default('engine'),
    );
  tellingOptions(command).addHelpText('after', HELP).action(run);
}

async function run(
  reference: string,
  assignments: readonly string[],
  flags: CheckFlags,
  { parent }: Command,
): Promise<void> {
  const found = await findSystem(reference);
  const parameters = readAssignments(assignments);
  const instance = buildInstance(found, parameters, flags.mutant);
  const telling = tellingOf(flags);
  refuseEarly(found, instance, flags);
  const result = await explore(found, { parameters, mutant: flags.mutant ?? null }, flags, parent?.version() ?? '');
  process.exitCode = { holds: EXIT.holds, violated: EXIT.violated, incomplete: EXIT.stopped }[result.verdict];
  await report(result, instance, found, telling, flags);
}

/** What would be a pity to find out only after a long exploration. */
function refuseEarly({ system }: FoundSystem, { properties }: Instance, flags: CheckFlags): void {
  const { witness, memory, workers, paranoid = false, explorer } = flags;
  refuseReport(flags);
  const witnesses = properties.filter(({ kind }) => kind === 'sometimes').map(({ name }) => name);
  if (witness !== undefined && !witnesses.includes(witness)) {
    throw new UnknownName('witness', witness, witnesses, `of system '${system.name}'`);
  }
  if (explorer === 'naive' && (paranoid || memory !== undefined || workers !== undefined)) {
    throw new UsageError(
      '--memory, --paranoid and --workers are for the engine: the naive explorer works alone, keeps to no budget and ' +
        'memoises nothing',
    );
  }
  if (explorer === 'naive' && flags.exact === true)
    throw new UsageError('the naive explorer is exact: leave out --exact');
  if (flags.exact === true && workers !== undefined && workers > 1) {
    throw new UsageError('an exact check works on one thread: leave out --workers');
  }
  const keeping = flags.checkpoint ?? flags.resume;
  if (explorer === 'naive' && keeping !== undefined) throw new UsageError('the naive explorer keeps no checkpoints');
  if (flags.checkpoint !== undefined && flags.resume !== undefined) {
    throw new UsageError('--resume keeps checkpoints in the same directory: give it alone, without --checkpoint');
  }
  if (flags.checkpointEvery !== undefined && keeping === undefined) {
    throw new UsageError('--checkpoint-every needs --checkpoint DIR or --resume DIR');
  }
  if (keeping !== undefined) mustTakeDirectory(keeping);
  const used = process.memoryUsage.rss();
  if (memory !== undefined && memory < used + LEAST_ROOM) {
    throw new UsageError(
      `--memory ${memoryText(memory)} is too little to start: the program itself takes ${memoryText(used)}, ` +
        `and needs ${memoryText(LEAST_ROOM)} to work in`,
    );
  }
}

const LEAST_ROOM = 32 * 2 ** 20;

async function explore(
  found: FoundSystem,
  instance: Pick<CheckOptions, 'parameters' | 'mutant'>,
  flags: CheckFlags,
  version: string,
): Promise<CheckResult> {
  const { property, witness, depth, states, memory, explorer, quiet = false } = flags;
  const { system } = found;
  const origin = originOf(found);
  const options: CheckOptions = {
    ...instance,
    workers: flags.workers ?? availableParallelism(),
    ...checkpointOf(flags, version),
    ...(origin === undefined ? {} : { origin }),
    ...(property === undefined ? {} : { properties: witness === undefined ? property : [...property, witness] }),
    ...(depth === undefined ? {} : { depth }),
    ...(states === undefined ? {} : { states }),
    ...(memory === undefined ? {} : { memory }),
    symmetry: flags.symmetry ?? false,
    reduction: flags.reduction ?? false,
    exact: flags.exact ?? false,
    paranoid: flags.paranoid ?? false,
    profile: isProfiled(flags),
    explorer,
  };
  // The naive explorer works in one stretch: there Ctrl-C had better end the program than seem to do nothing.
  if (explorer === 'naive') return check(system, options);
  const line = progressLine(explorationText, !quiet);
  try {
    return await stoppable((signal) => check(system, { ...options, signal, onProgress: line.show }));
  } finally {
    line.clear();
  }
}

/** Where checkpoints are kept. They belong to this version, whose parts a resumed search is put together from again. */
function checkpointOf(
  { checkpoint, resume, checkpointEvery }: CheckFlags,
  version: string,
): Pick<CheckOptions, 'checkpoint'> {
  const directory = resume ?? checkpoint;
  if (directory === undefined) return {};
  const every = checkpointEvery === undefined ? {} : { every: checkpointEvery * 1000 };
  return { checkpoint: { directory, resume: resume !== undefined, identity: { lockstep: version }, ...every } };
}

async function report(
  result: CheckResult,
  instance: Instance,
  found: FoundSystem,
  telling: Telling,
  { json = false, quiet = false, witness, ...flags }: CheckFlags,
): Promise<void> {
  const speaker = voice({ json, quiet });
  const shown = witness === undefined ? result.counterexample : witnessOf(result, witness);
  const trace = shown === null ? null : withReference(shown, found);
  try {
    await keepRun(trace, instance, telling);
    await keepReport(result, instance, flags);
  } finally {
    if (json) printJson(resultToJson(result, found));
    speaker.say(summary(result, speaker.paper));
    await tellProfile(result, speaker);
    if (trace === null && witness !== undefined) speaker.say(`No witness of '${witness}' was found.`);
    if (trace === null && witness === undefined) speaker.say(paragraph(howToSeeWitnesses(result), speaker.paper));
    await tellRun(trace, instance, telling, speaker);
  }
}

function witnessOf({ properties }: CheckResult, witness: string): Trace | null {
  return properties.find(({ name }) => name === witness)?.trace ?? null;
}

/** When there is no counterexample to tell, there may be something else that is worth seeing. */
function howToSeeWitnesses({ properties }: CheckResult): string {
  const reached = properties.filter(({ kind, trace }) => kind === 'sometimes' && trace !== null).at(-1);
  return reached === undefined ? '' : `To see a shortest run to such a state: --witness '${reached.name}'`;
}
