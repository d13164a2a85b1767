/** Options that several subcommands share. */

import { type Command, Option } from 'commander';
import { mustBeWritable } from './output-file.ts';
import type { Telling } from './telling.ts';
import { traceFormatOf } from './traces.ts';

export const SYSTEM_ARGUMENT = 'a built-in system, or a file that exports one (FILE#EXPORT when it exports several)';

/** The arguments and options that say which instance is meant, and what of it is judged. */
export function instanceOptions(command: Command): Command {
  return command
    .argument('<system>', SYSTEM_ARGUMENT)
    .argument('[parameters...]', 'NAME=VALUE: parameters of the system, as lockstep list SYSTEM shows them')
    .option('--mutant <name>', 'break one rule of the system on purpose')
    .addOption(repeatable('--property <name>', 'judge only this property (may be given several times)'));
}

/** How the result is told. */
export function tellingOptions(command: Command): Command {
  return command
    .option('--out <file>', 'write the run that is shown: .json (a trace to replay), .svg, .dot, .html, .itf.json')
    .option('--json', 'print one JSON document; text for people goes to stderr')
    .option('--no-story', 'do not tell the run step by step')
    .option('--quiet', 'say nothing: the exit code tells');
}

function repeatable(flags: string, help: string): Option {
  return new Option(flags, help).argParser((value: string, earlier: string[] | undefined) => [
    ...(earlier ?? []),
    value,
  ]);
}

/** What {@link tellingOptions} and {@link instanceOptions} yield. */
export interface TellingFlags {
  readonly out?: string;
  readonly json?: boolean;
  readonly story: boolean;
  readonly quiet?: boolean;
}

/**
 * How the run is to be told.
 *
 * @throws UsageError when the file for it cannot be written: before any work is done.
 */
export function tellingOf({ out = null, story }: { out?: string | null; story: boolean }): Telling {
  if (out !== null) {
    traceFormatOf(out);
    mustBeWritable(out);
  }
  return { out, story };
}
