/** `lockstep replay`: takes a trace, or a scenario, through its system again, and shows it. */

import type { Command } from 'commander';
import type { Run } from '../explorer/replay.ts';
import { accountOf } from '../explorer/report/account.ts';
import { propertyName, settings } from '../explorer/report/names.ts';
import { counted } from '../explorer/report/numbers.ts';
import { story } from '../explorer/report/story.ts';
import { type Paper, wrap } from '../explorer/report/text.ts';
import { toJson } from '../model/contract/data.ts';
import { UsageError } from '../model/contract/errors.ts';
import { type Trace, traceToJson } from '../model/contract/trace.ts';
import { EXIT } from './exit.ts';
import { helpAfter } from './help.ts';
import { mustBeWritable, writeWhole } from './output-file.ts';
import { renderTrace } from './pictures.ts';
import { screensOf } from './screen.ts';
import { paperOf, printJson, type Voice, voice } from './streams.ts';
import { findSystem, ofModel } from './system-argument.ts';
import { columns, paragraph } from './text.ts';
import { type FoundScenario, type FoundTrace, findScenario, findTrace, isTracePath } from './trace-argument.ts';
import { traceFormatOf } from './traces.ts';
import { walk } from './walk.ts';

const HELP = helpAfter(
  [
    ['lockstep check paxos --mutant own-value --out trace.json', 'makes a trace'],
    ['lockstep replay trace.json', 'tell the run again'],
    ['lockstep replay trace.json --step', 'walk through it, with the state after each step'],
    ['lockstep replay paxos --scenario adopt', 'a run that a lecture tells (lockstep list paxos)'],
  ],
  'Exit codes: 0 the run shows what it claims (or claims nothing), 1 it does not, 2 it does not fit its system.',
  'A trace of a file of your own names it as you did: replay it from the same directory.',
);

interface ReplayFlags {
  readonly scenario?: string;
  readonly step?: boolean;
  readonly json?: boolean;
  readonly out?: string;
}

export function defineReplay(command: Command): void {
  command
    .description('Takes the run in a trace through its system, and says whether it shows what it claims.')
    .argument('<trace>', 'a file that --out FILE.json of check or simulate has written; a system, with --scenario')
    .option('--scenario <name>', 'the run is a scripted scenario of the system')
    .option('--step', 'walk through the run, one key for each step (in a terminal)')
    .option('--out <file>', 'write the run: .json, .svg, .dot, .html, .itf.json')
    .option('--json', 'print one JSON document; text for people goes to stderr')
    .addHelpText('after', HELP)
    .action(run);
}

async function run(reference: string, { scenario, step = false, json = false, out }: ReplayFlags): Promise<void> {
  if (out !== undefined) {
    traceFormatOf(out);
    mustBeWritable(out);
  }
  const found = await find(reference, scenario);
  const { trace, instance } = found;
  const claim = 'result' in found ? null : claimOf(found);
  const shown = 'result' in found ? found.result.asExpected : claim?.shown !== false;
  process.exitCode = shown ? EXIT.holds : EXIT.violated;
  if (out !== undefined) writeWhole(out, renderTrace(traceFormatOf(out), instance, trace));
  if (json) printJson({ trace: traceToJson(trace), claim, ...scenarioJson(found), seen: seenOf(found.run) });
  if (step && !json && process.stdin.isTTY && process.stdout.isTTY) {
    await walk(screensOf(instance, trace), () => paperOf(process.stdout));
    return;
  }
  tell(found, claim, voice({ json }));
}

async function find(reference: string, scenario: string | undefined): Promise<FoundTrace | FoundScenario> {
  if (scenario !== undefined) return findScenario(reference, scenario);
  if (isTracePath(reference)) return findTrace(reference);
  const { system } = await findSystem(reference);
  const names = Object.keys(system.scenarios);
  const choice = names.length === 0 ? '' : `, or one of its scenarios: --scenario ${names.join(', ')}`;
  throw new UsageError(`${reference} is a system: give a trace (FILE.json)${choice}`);
}

/** Whether a run shows what its trace says that it does. */
interface Claim {
  readonly property: string;
  readonly shown: boolean;
  /** The verdict at the end of the run in words. */
  readonly found: string;
}

function claimOf({ trace, instance }: FoundTrace): Claim | null {
  if (trace.property === null) return null;
  const { kind, title, reason } = ofModel('judging the run', () => accountOf(instance, trace)).ending;
  const found = reason === '' ? title : `${title}: ${reason}`;
  return { property: trace.property, shown: kind !== 'neither', found };
}

function tell(found: FoundTrace | FoundScenario, claim: Claim | null, { say, paper }: Voice): void {
  const { trace, instance } = found;
  say(wrap('', 2, [{ text: trace.system, style: 'bold' }, { text: heading(trace) }], paper));
  if ('scenario' in found) {
    const { help, source } = found.scenario;
    say(`\n${paragraph(help, paper)}\n${paragraph(`(${source})`, paper)}`);
  }
  say(`\n${ofModel('telling the run', () => story(instance, trace, paper))}`);
  if ('result' in found) say(`\n${outcomes(found, paper)}`);
  if (claim?.shown === false)
    say(paragraph(`But the trace is kept for ${propertyName(claim.property)}: it does not show it.`, paper));
}

function heading({ parameters, mutant, events }: Trace): string {
  return `${settings(parameters, mutant)}: ${counted(events.length, 'step')}`;
}

function outcomes({ result }: FoundScenario, paper: Paper): string {
  const rows = result.outcomes.map(({ property, expected, actual }) => {
    const text = expected === actual ? `${actual}, as expected` : `${actual}, but expected: ${expected}`;
    return [property, text] as const;
  });
  return columns(rows, paper);
}

function scenarioJson(found: FoundTrace | FoundScenario) {
  if (!('result' in found)) return {};
  const { help, source } = found.scenario;
  const { outcomes, asExpected } = found.result;
  return { scenario: { name: found.name, help, source, outcomes, asExpected } };
}

/** What properties see: of the initial state, then after each step. */
function seenOf({ semantics, initial, steps }: Run): unknown[] {
  return [initial.state, ...steps.map(({ after }) => after)].map((state) => toJson(semantics.seen(state)));
}
