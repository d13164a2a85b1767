/** `lockstep graph`: pictures: the state graph of a system, the space-time diagram of a trace. */

import { type Command, Option } from 'commander';
import { dotToSvg } from '../explorer/report/graphviz.ts';
import { stateGraph } from '../explorer/report/state-graph.ts';
import { UsageError } from '../model/contract/errors.ts';
import { readAssignments } from './assignments.ts';
import { EXIT } from './exit.ts';
import { helpAfter } from './help.ts';
import { wholeNumber } from './numbers.ts';
import { SYSTEM_ARGUMENT } from './options.ts';
import { mustBeWritable, writeWhole } from './output-file.ts';
import { renderTrace } from './pictures.ts';
import { busy, remark } from './streams.ts';
import { buildInstance, findSystem, ofModel } from './system-argument.ts';
import { findScenario, findTrace, isTracePath } from './trace-argument.ts';
import { formatOf, type TraceFormat } from './traces.ts';

const MOST_NODES = 100;

const HELP = helpAfter(
  [
    ['lockstep graph die-hard --out states.svg', 'every state, and the steps between them'],
    [
      'lockstep graph paxos --quotient decided --out decided.svg',
      'one node for all states in which the same is decided',
    ],
    ['lockstep graph trace.json --out run.svg', 'a line for each process, arrows for the messages'],
    ['lockstep graph trace.json --out run.html', 'a page that tells the run, too'],
    ['lockstep graph paxos --scenario adopt --out adopt.svg', 'the diagram of a scripted run'],
    ['lockstep graph die-hard | dot -Tpdf', 'DOT, for a Graphviz of your own'],
  ],
  `A graph with more than ${MOST_NODES} nodes (--most) is refused: it cannot be read. Draw a quotient instead: one node ` +
    'for all states that agree in some fields of the views.',
  'Exit codes: 0 drawn, 2 usage or model error.',
);

const FORMATS = ['dot', 'svg', 'html', 'itf'] as const;
type Format = (typeof FORMATS)[number];

interface GraphFlags {
  readonly mutant?: string;
  readonly scenario?: string;
  readonly quotient?: string | true;
  readonly most?: number;
  readonly format?: Format;
  readonly out?: string;
}

export function defineGraph(command: Command): void {
  command
    .description('Draws the state graph of a system, or the space-time diagram of the run in a trace.')
    .argument('<system-or-trace>', `${SYSTEM_ARGUMENT}; or a trace, FILE.json`)
    .argument('[parameters...]', 'NAME=VALUE: parameters of the system')
    .option('--mutant <name>', 'break one rule of the system on purpose')
    .option('--scenario <name>', 'draw the run of a scripted scenario of the system')
    .option(
      '--quotient [fields]',
      'one node for all states that agree in these fields of the views (A,B; default: all)',
    )
    .option('--most <n>', `refuse to draw more nodes than this (default: ${MOST_NODES})`, wholeNumber(1))
    .addOption(
      new Option('--format <name>', 'what to write; default: as the extension of --out says, else dot').choices(
        FORMATS,
      ),
    )
    .option('--out <file>', 'where to write it; default: stdout')
    .addHelpText('after', HELP)
    .action(run);
}

async function run(reference: string, assignments: readonly string[], flags: GraphFlags): Promise<void> {
  const { out } = flags;
  const format = flags.format ?? (out === undefined ? 'dot' : formatOfPicture(out));
  if (out !== undefined) mustBeWritable(out);
  const picture =
    flags.scenario !== undefined || isTracePath(reference)
      ? await pictureOfRun(reference, assignments, flags, format)
      : await pictureOfSystem(reference, assignments, flags, format);
  process.exitCode = EXIT.holds;
  if (out === undefined) {
    process.stdout.write(picture.endsWith('\n') ? picture : `${picture}\n`);
  } else {
    writeWhole(out, picture);
    remark(`The picture is in ${out}.`);
  }
}

function formatOfPicture(out: string): Format {
  const format = formatOf(out);
  if (format !== null && format !== 'json') return format;
  throw new UsageError(`${out}: its extension must say what to draw: .svg, .dot, .html or .itf.json; or give --format`);
}

async function pictureOfRun(
  reference: string,
  assignments: readonly string[],
  { mutant, quotient, most, scenario }: GraphFlags,
  format: TraceFormat,
): Promise<string> {
  const own = Object.entries({ '--mutant': mutant, '--quotient': quotient, '--most': most });
  const [given = assignments[0]] = own.flatMap(([option, value]) => (value === undefined ? [] : [option]));
  const what = scenario === undefined ? `${reference} is a trace` : `'${scenario}' is a scenario`;
  if (given !== undefined) throw new UsageError(`${given} is for the graph of a system; ${what}`);
  const found = scenario === undefined ? await findTrace(reference) : await findScenario(reference, scenario);
  return renderTrace(format, found.instance, found.trace);
}

async function pictureOfSystem(
  reference: string,
  assignments: readonly string[],
  { mutant, quotient, most = MOST_NODES }: GraphFlags,
  format: Format,
): Promise<string> {
  if (format === 'html' || format === 'itf') {
    throw new UsageError(
      `${format} shows the run in a trace, not the graph of a system: draw that as svg or dot, or give a trace ` +
        '(lockstep check --out trace.json writes one)',
    );
  }
  const found = await findSystem(reference);
  const instance = buildInstance(found, readAssignments(assignments), mutant);
  const fields = quotient === undefined ? {} : { quotient: quotient === true ? quotient : quotient.split(',') };
  const dot = busy('exploring every state', () =>
    ofModel('drawing the graph', () => stateGraph(instance, { most, ...fields })),
  );
  return format === 'dot' ? dot : dotToSvg(dot);
}
