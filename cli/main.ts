/** The command `lockstep`: one file per subcommand. */

import { Command, CommanderError } from 'commander';
import { EXIT, EXIT_CODES_HELP } from './exit.ts';
import { fail } from './failure.ts';
import { helpAfter } from './help.ts';
import { endQuietlyOnBrokenPipe, flushed, keepStdoutForJson } from './streams.ts';

const HELP = helpAfter(
  [
    ['lockstep list', 'what there is to check'],
    ['lockstep check paxos', 'explore everything that Paxos can do'],
    ['lockstep check paxos --mutant own-value', 'break one rule, and see what happens'],
    ['lockstep check ./my-system.ts', 'the same for a system of your own'],
  ],
  `lockstep help COMMAND tells more. ${EXIT_CODES_HELP}`,
);

/** What defines each subcommand. It is loaded when it is asked for, and so the program starts in half the time. */
const SUBCOMMANDS: Readonly<Record<string, () => Promise<(program: Command) => void>>> = {
  list: async () => (await import('./list.ts')).defineList,
  check: async () => (await import('./check.ts')).defineCheck,
  simulate: async () => (await import('./simulate.ts')).defineSimulate,
  replay: async () => (await import('./replay.ts')).defineReplay,
  graph: async () => (await import('./graph.ts')).defineGraph,
  connectivity: async () => (await import('./connectivity.ts')).defineConnectivity,
  conform: async () => (await import('./conform.ts')).defineConform,
  flp: async () => (await import('./flp.ts')).defineFlp,
  serve: async () => (await import('./serve.ts')).defineServe,
  cluster: async () => (await import('./cluster.ts')).defineCluster,
  client: async () => (await import('./client.ts')).defineClient,
  torture: async () => (await import('./torture.ts')).defineTorture,
};

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
  for (const load of asked(args)) (await load())(program);
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

/** The subcommand that the arguments name; if they name none, all, to tell what there is. */
function asked([name = '']: readonly string[]): (typeof SUBCOMMANDS)[string][] {
  const one = Object.hasOwn(SUBCOMMANDS, name) ? SUBCOMMANDS[name] : undefined;
  return one === undefined ? Object.values(SUBCOMMANDS) : [one];
}

/** What commander throws when it has shown what was asked for: the last one also when no command was given. */
const HELP_CODES: readonly string[] = ['commander.helpDisplayed', 'commander.version', 'commander.help'];
