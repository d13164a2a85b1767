/** `lockstep replay`: takes a trace through its system again, and shows it. */

import type { Command } from 'commander';
import type { Run } from '../explorer/replay.ts';
import { accountOf } from '../explorer/report/account.ts';
import { story } from '../explorer/report/story.ts';
import { toJson } from '../model/contract/data.ts';
import { type Trace, traceToJson } from '../model/contract/trace.ts';
import { EXIT } from './exit.ts';
import { screensOf } from './screen.ts';
import { paperOf, printJson, voice } from './streams.ts';
import { ofModel } from './system-argument.ts';
import { paragraph } from './text.ts';
import { type FoundTrace, findTrace } from './trace-argument.ts';
import { walk } from './walk.ts';

const EXAMPLES = `
Examples:
  lockstep check paxos --mutant own-value --out trace.json
  lockstep replay trace.json          tell the run again
  lockstep replay trace.json --step   walk through it, with the state after each step

Exit codes: 0 the trace shows what it claims (or claims nothing), 1 it does not, 2 it does not fit its system.
A trace of a file of your own names it as you did: replay it from the same directory.
`;

interface ReplayFlags {
  readonly step?: boolean;
  readonly json?: boolean;
}

export function defineReplay(program: Command): void {
  program
    .command('replay')
    .summary('tell the run in a trace, or walk through it')
    .description('Takes the run in a trace through its system, and says whether it shows what it claims.')
    .argument('<trace>', 'a file that --out FILE.json of check or simulate has written')
    .option('--step', 'walk through the run, one key for each step (in a terminal)')
    .option('--json', 'print one JSON document; text for people goes to stderr')
    .addHelpText('after', EXAMPLES)
    .action(run);
}

/** Whether a run shows what its trace says that it does. */
interface Claim {
  readonly property: string;
  readonly shown: boolean;
  /** The verdict at the end of the run in words. */
  readonly found: string;
}

async function run(path: string, { step = false, json = false }: ReplayFlags): Promise<void> {
  const found = await findTrace(path);
  const { trace, instance } = found;
  const claim = claimOf(found);
  process.exitCode = claim?.shown === false ? EXIT.violated : EXIT.holds;
  const { say, paper } = voice({ json });
  if (json) printJson({ trace: traceToJson(trace), claim, seen: seenOf(found.run) });
  if (step && !json && process.stdin.isTTY && process.stdout.isTTY) {
    return walk(screensOf(instance, trace), () => paperOf(process.stdout));
  }
  say(paragraph(heading(trace), paper, 2));
  say(`\n${ofModel('telling the run', () => story(instance, trace, paper))}`);
  if (claim?.shown === false) {
    say(paragraph(`The trace is kept for '${claim.property}', but does not show it: ${claim.found}.`, paper, 2));
  }
}

function heading({ system, parameters, mutant, events }: Trace): string {
  const values = Object.entries(parameters).map(([name, value]) => `${name}=${value}`);
  const steps = `${events.length} ${events.length === 1 ? 'step' : 'steps'}`;
  return [system, ...values, ...(mutant === null ? [] : [`with mutant ${mutant}`])].join(' ').concat(`: ${steps}`);
}

function claimOf({ trace, instance }: FoundTrace): Claim | null {
  if (trace.property === null) return null;
  const { kind, title, reason } = ofModel('judging the run', () => accountOf(instance, trace)).ending;
  const found = reason === '' ? title : `${title}: ${reason}`;
  return { property: trace.property, shown: kind !== 'neither', found };
}

/** What properties see: of the initial state, then after each step. */
function seenOf({ semantics, initial, steps }: Run): unknown[] {
  return [initial.state, ...steps.map(({ after }) => after)].map((state) => toJson(semantics.seen(state)));
}
