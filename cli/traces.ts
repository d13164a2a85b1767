/** Traces on their way out and in: the formats they are written in, and the file that holds one. */

import { existsSync, readFileSync, statSync } from 'node:fs';
import { messageOf, UsageError } from '../model/contract/errors.ts';
import { parseTrace, type Trace } from '../model/contract/trace.ts';

/** By the extension of the file; the first that fits counts. */
export const TRACE_FORMATS = {
  '.itf.json': 'itf',
  '.json': 'json',
  '.svg': 'svg',
  '.dot': 'dot',
  '.gv': 'dot',
  '.html': 'html',
} as const;

/** The format that a file's extension asks for. */
export function traceFormatOf(path: string) {
  const found = Object.entries(TRACE_FORMATS).find(([extension]) => path.endsWith(extension));
  if (found !== undefined) return found[1];
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
