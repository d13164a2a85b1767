/** `lockstep connectivity`: who recovers when some servers lose their links to some others, and who cannot. */

import type { Command } from 'commander';
import { LEGEND, tableOf, witnessText } from '../explorer/partial-connectivity/report.ts';
import { type Verdict, verdictOf } from '../explorer/partial-connectivity/verdict.ts';
import { type Witness, witnessOf } from '../explorer/partial-connectivity/witness.ts';
import { UnknownName } from '../model/contract/parameter.ts';
import type { Contender } from '../model/partial-connectivity/contender.ts';
import { contenders } from '../model/partial-connectivity/contenders.ts';
import { type ConnectivityScenario, connectivityScenarios } from '../model/partial-connectivity/scenarios.ts';
import { EXIT } from './exit.ts';
import { helpAfter } from './help.ts';
import { busy, printJson, voice } from './streams.ts';
import { bold, columns, paragraph } from './text.ts';

const HELP = helpAfter(
  [
    ['lockstep connectivity', 'the table'],
    ['lockstep connectivity --protocol raft --witness', 'one row, with the run behind each verdict'],
    ['lockstep connectivity --scenario chained', 'one column'],
  ],
  `Scenarios: ${connectivityScenarios.map(({ name }) => name).join(', ')}. ` +
    `Protocols: ${contenders.map(({ name }) => name).join(', ')}.`,
  'Exit codes: 0 the table is complete, 2 usage error, 3 there were too many states.',
);

interface ConnectivityFlags {
  readonly scenario?: string;
  readonly protocol?: string;
  readonly witness?: boolean;
  readonly json?: boolean;
}

export function defineConnectivity(command: Command): void {
  command
    .description(
      'Shows which protocols recover, and which cannot, when some pairs of servers lose their link for good.',
    )
    .option('--scenario <name>', 'only this scenario')
    .option('--protocol <name>', 'only this protocol')
    .option('--witness', 'tell the run behind each verdict')
    .option('--json', 'print one JSON document; text for people goes to stderr')
    .addHelpText('after', HELP)
    .action(run);
}

interface Judged {
  readonly verdict: Verdict;
  readonly witness: Witness | null;
}

function run({ scenario, protocol, witness = false, json = false }: ConnectivityFlags): void {
  const scenarios = chosen('scenario', connectivityScenarios, scenario);
  const protocols = chosen('protocol', contenders, protocol);
  const judged = protocols.flatMap((contender) =>
    scenarios.map((scenario) => busy(`${contender.name}, ${scenario.name}`, () => judge(contender, scenario, witness))),
  );
  const verdicts = judged.map(({ verdict }) => verdict);
  process.exitCode = verdicts.some(({ outcome }) => outcome === 'not finished') ? EXIT.stopped : EXIT.holds;
  if (json) return printJson({ verdicts: judged.map(({ verdict, witness }) => ({ ...verdict, witness })) });

  const { paper, say } = voice({});
  const helps = (named: readonly { name: string; help: string }[]) =>
    columns(
      named.map(({ name, help }) => [name, help]),
      paper,
    );
  say(
    [
      tableOf(verdicts, paper),
      LEGEND.map((text) => paragraph(text, paper)).join('\n'),
      `${bold('scenarios', paper)}\n${helps(scenarios)}`,
      `${bold('protocols', paper)}\n${helps(protocols)}`,
      ...judged.flatMap(({ verdict, witness }) => (witness === null ? [] : [witnessText(verdict, witness, paper)])),
    ].join('\n\n'),
  );
}

function judge(contender: Contender, scenario: ConnectivityScenario, withWitness: boolean): Judged {
  const verdict = verdictOf(contender, scenario);
  return { verdict, witness: withWitness ? witnessOf(contender, scenario, verdict) : null };
}

function chosen<T extends { readonly name: string }>(
  what: string,
  all: readonly T[],
  name: string | undefined,
): readonly T[] {
  if (name === undefined) return all;
  const found = all.filter((one) => one.name === name);
  if (found.length > 0) return found;
  throw new UnknownName(
    what,
    name,
    all.map(({ name }) => name),
  );
}
