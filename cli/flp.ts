/** `lockstep flp`: the theorem of Fischer, Lynch and Paterson, walked step by step on a protocol. */

import { type Command, Option } from 'commander';
import { dotToSvg } from '../explorer/report/graphviz.ts';
import { counted } from '../explorer/report/numbers.ts';
import { drawPicture, PICTURES, type Picture } from '../explorer/valence/pictures.ts';
import { walkText } from '../explorer/valence/report.ts';
import { type TooLarge, type Walk, walk } from '../explorer/valence/walk.ts';
import { walkToJson } from '../explorer/valence/walk-json.ts';
import { UsageError } from '../model/contract/errors.ts';
import { readAssignments } from './assignments.ts';
import { EXIT } from './exit.ts';
import { helpAfter } from './help.ts';
import { wholeNumber } from './numbers.ts';
import { SYSTEM_ARGUMENT } from './options.ts';
import { mustBeWritable, writeWhole } from './output-file.ts';
import { busy, printJson, remark, voice } from './streams.ts';
import { findSystem, ofModel } from './system-argument.ts';

const MOST_CONFIGURATIONS = 200_000;
const ROUNDS = 4;

const HELP = helpAfter(
  [
    ['lockstep flp wait-for-all', 'safe, and blocked by one crash'],
    ['lockstep flp first-answers', 'never blocked, and not safe'],
    ['lockstep flp dueling-proposers', 'both, and it may go on for ever: bivalent all the way'],
    ['lockstep flp ben-or', 'the same, and with fair coins it ends all the same'],
    ['lockstep flp dueling-proposers --out duel.svg', 'the bivalent run among all configurations'],
    ['lockstep flp first-answers --picture line --out line.svg', 'the initial configurations'],
    ['lockstep flp ./mine.ts inputs=0011', 'a protocol of your own, with four processes'],
  ],
  'Pictures: line (lemma 2), diamond (lemma 1), graph (lemma 3). A system takes part when its build returns `consensus`.',
  'Exit codes: 0 the walk is complete, 2 usage or model error, 3 there were too many configurations.',
);

interface FlpFlags {
  readonly mutant?: string;
  readonly configurations?: number;
  readonly rounds?: number;
  readonly picture?: Picture;
  readonly out?: string;
  readonly json?: boolean;
}

export function defineFlp(program: Command): void {
  program
    .command('flp')
    .summary('walk the proof that consensus cannot be sure to end, on a protocol')
    .description(
      'Walks the proof of Fischer, Lynch and Paterson on a protocol: what can still be decided in each configuration, ' +
        'where that stays open, and which of agreement, validity and termination with one crash the protocol loses.',
    )
    .argument('<system>', SYSTEM_ARGUMENT)
    .argument('[parameters...]', 'NAME=VALUE: parameters of the system; its inputs say only how many processes propose')
    .option('--mutant <name>', 'break one rule of the system on purpose')
    .option(
      '--configurations <n>',
      `explore no more from one initial configuration (default: ${MOST_CONFIGURATIONS})`,
      wholeNumber(1),
    )
    .option('--rounds <n>', `with coins: how many rounds to look ahead (default: ${ROUNDS})`, wholeNumber(1))
    .addOption(new Option('--picture <name>', 'what --out draws (default: graph)').choices(PICTURES))
    .option('--out <file>', 'draw a picture: .svg or .dot')
    .option('--json', 'print one JSON document; text for people goes to stderr')
    .addHelpText('after', HELP)
    .action(run);
}

async function run(reference: string, assignments: readonly string[], flags: FlpFlags): Promise<void> {
  const { mutant = null, configurations = MOST_CONFIGURATIONS, rounds = ROUNDS, out, picture, json = false } = flags;
  if (picture !== undefined && out === undefined)
    throw new UsageError('--picture says what --out draws: give --out FILE too');
  if (out !== undefined) mustBePicture(out);
  const { system } = await findSystem(reference);
  const parameters = readAssignments(assignments);
  const walked = busy('exploring every configuration', () =>
    ofModel('the walk', () => walk(system, parameters, mutant, { most: configurations, rounds })),
  );
  const { paper, say } = voice({ json });
  if ('tooLarge' in walked) {
    process.exitCode = EXIT.stopped;
    if (json) printJson({ system: system.name, ...walked });
    say(tooLargeText(walked, reference));
    return;
  }
  process.exitCode = EXIT.holds;
  say(walkText(walked, paper));
  if (json) printJson(walkToJson(walked));
  if (out !== undefined) await draw(walked, picture ?? 'graph', out);
}

function mustBePicture(out: string): void {
  if (!/\.(svg|dot)$/.test(out)) throw new UsageError(`${out}: its extension must say what to draw: .svg or .dot`);
  mustBeWritable(out);
}

async function draw(walked: Walk, picture: Picture, out: string): Promise<void> {
  const dot = drawPicture(walked, picture);
  if (dot === null)
    throw new UsageError('no two events of different processes are ever applicable: there is no diamond');
  writeWhole(out, out.endsWith('.dot') ? dot : await dotToSvg(dot));
  remark(`The picture is in ${out}.`);
}

function tooLargeText({ tooLarge: { inputs, most, unbounded } }: TooLarge, reference: string): string {
  const from = inputs === '' ? '' : ` from inputs ${inputs}`;
  const endless = unbounded
    ? ' If the protocol counts rounds or ballots, the graph has no end: name them in consensus.ordered, or give consensus.bounds.'
    : '';
  return (
    `STOPPED: there are more than ${counted(most, 'configuration')}${from}, and valence needs them all: nothing is ` +
    `concluded from a part of them. Set smaller parameters (lockstep list ${reference} shows them), or allow more: ` +
    `--configurations N.${endless}`
  );
}
