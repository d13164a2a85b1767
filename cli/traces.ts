/** Traces on their way out and in: the formats they are written in, and the file that holds one. */

import { existsSync, readFileSync, statSync } from 'node:fs';
import { messageOf, UsageError } from '../model/contract/errors.ts';
import { parseTrace, type Trace } from '../model/contract/trace.ts';

/** By the extension of the file; the first that fits counts. */
const FORMATS = [
  ['.itf.json', 'itf'],
  ['.json', 'json'],
  ['.svg', 'svg'],
  ['.dot', 'dot'],
  ['.gv', 'dot'],
  ['.html', 'html'],
] as const;

/** What a run can be written as: `json` is the trace itself, to be replayed. */
export type TraceFormat = (typeof FORMATS)[number][1];

/** The format that a file's extension asks for; null when it asks for none. */
export function formatOf(path: string): TraceFormat | null {
  return FORMATS.find(([extension]) => path.endsWith(extension))?.[1] ?? null;
}

/** @throws UsageError when the file's extension does not say what to write. */
export function traceFormatOf(path: string): TraceFormat {
  const format = formatOf(path);
  if (format !== null) return format;
  throw new UsageError(
    `${path}: its extension must say what to write: .json (a trace to replay), .svg, .dot or .html (its picture), or .itf.json`,
  );
}

/** Reads the trace in a file. */
export function readTrace(path: string): Trace {
  if (!existsSync(path)) throw new UsageError(`there is no file ${path}`);
  if (!statSync(path).isFile()) throw new UsageError(`${path} is not a file`);
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (thrown) {
    throw new UsageError(`cannot read ${path}: ${messageOf(thrown)}`);
  }
  return parseTrace(text, path);
}
