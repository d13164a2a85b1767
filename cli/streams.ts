/** Where the command writes: results for people, results for programs, and what it says on the side. */

import { Console } from 'node:console';
import type { WriteStream } from 'node:tty';
import type { Paper } from '../explorer/report/text.ts';

/** Longer lines than this are hard to read, however wide the terminal is. */
const WIDEST = 120;
const WIDTH_WITHOUT_TERMINAL = 80;

/** The paper that fits a stream: as wide as the terminal, colors only there and only if the user lets us. */
export function paperOf(stream: WriteStream): Paper {
  const { NO_COLOR = '', FORCE_COLOR = '', TERM = '' } = process.env;
  const color = FORCE_COLOR !== '' && FORCE_COLOR !== '0' ? true : stream.isTTY && TERM !== 'dumb';
  const width = stream.isTTY ? stream.columns : WIDTH_WITHOUT_TERMINAL;
  return { width: Math.min(width || WIDTH_WITHOUT_TERMINAL, WIDEST), color: color && NO_COLOR === '' };
}

/** Text for people: on stdout; on stderr when stdout carries a JSON document; nowhere when they want it quiet. */
export interface Voice {
  readonly paper: Paper;
  say(text: string): void;
}

export function voice({ json = false, quiet = false }: { json?: boolean; quiet?: boolean }): Voice {
  const stream = json ? process.stderr : process.stdout;
  return { paper: paperOf(stream), say: (text) => void (quiet || text === '' || stream.write(withNewline(text))) };
}

/** A remark that is not part of the result. */
export function remark(text: string): void {
  process.stderr.write(withNewline(text));
}

/** Says on a terminal what takes a while, for as long as it does. */
export function busy<T>(doing: string, work: () => T): T {
  const { stderr } = process;
  const shown = stderr.isTTY && process.env.TERM !== 'dumb';
  if (shown) stderr.write(`${doing} ...`);
  try {
    return work();
  } finally {
    if (shown) stderr.write(CLEAR_LINE);
  }
}

/** Takes the cursor back to an empty line. */
export const CLEAR_LINE = '\r\x1b[K';

/** The one document on stdout under --json. */
export function printJson(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value, null, 2)}\n`);
}

/** What a user's model prints to its console must not get into the document. */
export function keepStdoutForJson(): void {
  globalThis.console = new Console(process.stderr, process.stderr);
}

/** When all that was written has left the process. */
export async function flushed(): Promise<void> {
  const streams = [process.stdout, process.stderr];
  await Promise.all(streams.map((stream) => new Promise((resolve) => stream.write('', resolve))));
}

/** A reader that has seen enough (`| head`) is no error. */
export function endQuietlyOnBrokenPipe(): void {
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
      process.exit();
    });
  }
}

function withNewline(text: string): string {
  return text.endsWith('\n') ? text : `${text}\n`;
}
