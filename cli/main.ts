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

/** A subcommand: what the list of all says of it, and what loads the rest when it is the one that is asked for. */
interface Subcommand {
  readonly summary: string;
  load(): Promise<(command: Command) => void>;
}

const SUBCOMMANDS: Readonly<Record<string, Subcommand>> = {
  list: {
    summary: 'show the systems, or the parameters, properties and mutants of one',
    load: async () => (await import('./list.ts')).defineList,
  },
  check: {
    summary: 'explore everything that a system can do, and judge its properties',
    load: async () => (await import('./check.ts')).defineCheck,
  },
  simulate: {
    summary: 'make random runs of a system, beyond exhaustive reach',
    load: async () => (await import('./simulate.ts')).defineSimulate,
  },
  replay: {
    summary: 'tell the run in a trace or a scenario, or walk through it',
    load: async () => (await import('./replay.ts')).defineReplay,
  },
  graph: {
    summary: 'draw the states of a system, or the run in a trace',
    load: async () => (await import('./graph.ts')).defineGraph,
  },
  connectivity: {
    summary: 'show which protocols recover under partial connectivity',
    load: async () => (await import('./connectivity.ts')).defineConnectivity,
  },
  conform: {
    summary: 'judge what nodes have recorded against the model',
    load: async () => (await import('./conform.ts')).defineConform,
  },
  flp: {
    summary: 'walk the proof that consensus cannot be sure to end, on a protocol',
    load: async () => (await import('./flp.ts')).defineFlp,
  },
  serve: {
    summary: 'run one node of a system over TCP',
    load: async () => (await import('./serve.ts')).defineServe,
  },
  cluster: {
    summary: 'run all nodes of a system on this machine',
    load: async () => (await import('./cluster.ts')).defineCluster,
  },
  client: {
    summary: 'talk to the key-value service of a cluster',
    load: async () => (await import('./client.ts')).defineClient,
  },
  torture: {
    summary: 'break a running cluster in every way, and judge what it did',
    load: async () => (await import('./torture.ts')).defineTorture,
  },
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
  // `help NAME` shows what `NAME --help` does.
  const asked = args.find((word) => !word.startsWith('-') && word !== 'help');
  for (const [name, { summary, load }] of Object.entries(SUBCOMMANDS)) {
    const command = program.command(name).summary(summary);
    if (name === asked) (await load())(command);
  }
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
