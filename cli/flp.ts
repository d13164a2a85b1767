/** `lockstep flp`: the theorem of Fischer, Lynch and Paterson, walked step by step on a protocol. */

import { type Command, Option } from 'commander';
import { dotToSvg } from '../explorer/report/graphviz.ts';
import { counted } from '../explorer/report/numbers.ts';
import { type Drawing, PICTURES, type Picture } from '../explorer/valence/drawing.ts';
import type { TooLarge } from '../explorer/valence/walk.ts';
import { UsageError } from '../model/contract/errors.ts';
import { readAssignments } from './assignments.ts';
import { EXIT } from './exit.ts';
import { received, type StoppedWalk, walkInThread } from './flp-walk.ts';
import { helpAfter } from './help.ts';
import { stoppable } from './interrupt.ts';
import { memorySize, memoryText, wholeNumber } from './numbers.ts';
import { SYSTEM_ARGUMENT } from './options.ts';
import { mustBeWritable, writeWhole } from './output-file.ts';
import { placeText, progressLine, walkProgressText } from './progress.ts';
import { printJson, remark, voice } from './streams.ts';
import { paragraph } from './text.ts';

const MOST_CONFIGURATIONS = 200_000;
const ROUNDS = 4;

const HELP = helpAfter(
  [
    ['lockstep flp wait-for-all', 'safe, and blocked by one crash'],
    ['lockstep flp first-answers', 'never blocked, and not safe'],
    ['lockstep flp dueling-proposers', 'both, and it may go on for ever: bivalent all the way'],
    ['lockstep flp ben-or', 'the same, and with fair coins it ends all the same'],
    ['lockstep flp dueling-proposers --out duel.svg', 'the bivalent run among all configurations'],
    ['lockstep flp dueling-proposers --picture run --out run.svg', 'that run in space and time'],
    ['lockstep flp first-answers --picture line --out line.svg', 'the initial configurations'],
    ['lockstep flp ./mine.ts inputs=0011', 'a protocol of your own, with four processes'],
  ],
  'Pictures: diamond (lemma 1), line (lemma 2), graph (lemma 3), run (what the verdict rests on, in space and time). A system takes part when its build returns `consensus`.',
  'Exit codes: 0 the walk is complete, 2 usage or model error, 3 stopped: too many configurations, or Ctrl-C.',
);

interface FlpFlags {
  readonly mutant?: string;
  readonly configurations?: number;
  readonly rounds?: number;
  readonly picture?: Picture;
  readonly out?: string;
  readonly memory?: number;
  readonly json?: boolean;
}

export function defineFlp(command: Command): void {
  command
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
    .option('--memory <size>', 'stop before the walk takes more memory than this, such as 512M or 2G', memorySize)
    .option('--rounds <n>', `with coins: how many rounds to look ahead (default: ${ROUNDS})`, wholeNumber(1))
    .addOption(new Option('--picture <name>', 'what --out draws (default: graph)').choices(PICTURES))
    .option('--out <file>', 'draw a picture: .svg or .dot')
    .option('--json', 'print one JSON document; text for people goes to stderr')
    .addHelpText('after', HELP)
    .action(run);
}

async function run(reference: string, assignments: readonly string[], flags: FlpFlags): Promise<void> {
  const { mutant = null, configurations = MOST_CONFIGURATIONS, rounds = ROUNDS, out, json = false, memory } = flags;
  if (flags.picture !== undefined && out === undefined)
    throw new UsageError('--picture says what --out draws: give --out FILE too');
  const picture = out === undefined ? null : ({ what: flags.picture ?? 'graph', format: formatOf(out) } as const);
  const parameters = readAssignments(assignments);
  const { paper, say } = voice({ json });
  const task = { reference, parameters, mutant, most: configurations, rounds, paper, picture, json };
  const line = progressLine(walkProgressText, true);
  const walked = await stoppable((signal) => walkInThread(task, { signal, memory, onProgress: line.show })).finally(
    line.clear,
  );
  if (!('text' in walked)) {
    process.exitCode = EXIT.stopped;
    if (json) printJson({ system: reference, ...walked });
    say(paragraph('tooLarge' in walked ? tooLargeText(walked, reference) : stoppedText(walked, reference), paper));
    return;
  }
  process.exitCode = EXIT.holds;
  const { picture: drawn } = walked;
  // Before anything is said: a reader may go away, a file should stay.
  if (out !== undefined && drawn !== null && !('refused' in drawn))
    writeWhole(out, await fileText(drawn, picture?.format));
  say(walked.text);
  if (json) printJson(walked.json);
  if (drawn !== null && 'refused' in drawn) throw received(drawn.refused);
  if (drawn !== null) remark(`The picture is in ${out}.`);
}

/** @throws UsageError when the file cannot be written, or its extension says nothing that can be drawn. */
function formatOf(out: string): 'svg' | 'dot' {
  const [, format] = /\.(svg|dot)$/.exec(out) ?? [];
  if (format !== 'svg' && format !== 'dot')
    throw new UsageError(`${out}: its extension must say what to draw: .svg or .dot`);
  mustBeWritable(out);
  return format;
}

async function fileText(drawn: Drawing, format: 'svg' | 'dot' | undefined): Promise<string> {
  if ('svg' in drawn) return drawn.svg;
  return format === 'svg' ? dotToSvg(drawn.dot) : drawn.dot;
}

function stoppedText({ stopped, progress }: StoppedWalk, reference: string): string {
  const far =
    progress === null
      ? ''
      : progress.doing === 'exploring'
        ? `, with ${counted(progress.configurations, 'configuration')} from ${placeText(progress)}`
        : `, at ${progress.doing}, with ${counted(progress.configurations, 'configuration')}`;
  const nothing = 'Valence needs all configurations: nothing is concluded from a part of them.';
  if (stopped.reason === 'interrupted') return `STOPPED: interrupted${far}. ${nothing}`;
  return (
    `STOPPED: the walk does not fit into ${memoryText(stopped.limit)} of memory${far}. ${nothing} Set smaller parameters ` +
    `(lockstep list ${reference} shows them), or allow more: --memory SIZE.`
  );
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
