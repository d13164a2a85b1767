/** The command `lockstep`: one file per subcommand. */

import { Command, CommanderError } from 'commander';
import { defineCheck } from './check.ts';
import { defineClient } from './client.ts';
import { defineCluster } from './cluster.ts';
import { defineConform } from './conform.ts';
import { defineConnectivity } from './connectivity.ts';
import { EXIT, EXIT_CODES_HELP } from './exit.ts';
import { fail } from './failure.ts';
import { defineFlp } from './flp.ts';
import { defineGraph } from './graph.ts';
import { helpAfter } from './help.ts';
import { defineList } from './list.ts';
import { defineReplay } from './replay.ts';
import { defineServe } from './serve.ts';
import { defineSimulate } from './simulate.ts';
import { endQuietlyOnBrokenPipe, flushed, keepStdoutForJson } from './streams.ts';
import { defineTorture } from './torture.ts';

const HELP = helpAfter(
  [
    ['lockstep list', 'what there is to check'],
    ['lockstep check paxos', 'explore everything that Paxos can do'],
    ['lockstep check paxos --mutant own-value', 'break one rule, and see what happens'],
    ['lockstep check ./my-system.ts', 'the same for a system of your own'],
  ],
  `lockstep help COMMAND tells more. ${EXIT_CODES_HELP}`,
);

/** Runs the command with the given arguments, and ends the process with its exit code. */
export async function main(args: readonly string[], version: string): Promise<void> {
  endQuietlyOnBrokenPipe();
  const json = args.includes('--json');
  if (json) keepStdoutForJson();
  const program = new Command('lockstep')
    .description('Checks consensus protocols: everything they can do, within bounds.')
    .version(version)
    .exitOverride()
    .showSuggestionAfterError()
    .configureOutput({ outputError: () => {} })
    .configureHelp({ subcommandTerm: (command) => command.name() })
    .addHelpText('after', HELP);
  defineList(program);
  defineCheck(program);
  defineSimulate(program);
  defineReplay(program);
  defineGraph(program);
  defineConnectivity(program);
  defineConform(program);
  defineFlp(program);
  defineServe(program);
  defineCluster(program);
  defineClient(program);
  defineTorture(program);
  try {
    await program.parseAsync(args, { from: 'user' });
  } catch (thrown) {
    if (thrown instanceof CommanderError && HELP_CODES.includes(thrown.code)) {
      process.exitCode = thrown.exitCode === 0 ? EXIT.holds : EXIT.error;
    } else {
      fail(thrown, json);
    }
  }
  // A user's file may have left timers or sockets behind: they must not keep the program from ending.
  await flushed();
  process.exit();
}

/** What commander throws when it has shown what was asked for: the last one also when no command was given. */
const HELP_CODES: readonly string[] = ['commander.helpDisplayed', 'commander.version', 'commander.help'];
