/** Recordings on disk, read line by line: a file of any length takes no more memory than its longest line. */

import { closeSync, openSync, readSync } from 'node:fs';
import { messageOf, UsageError } from '../../model/contract/errors.ts';
import { type Foretell, type RecordingLine, readRecordingLine } from '../../model/contract/recording.ts';
import type { Join } from './sessions.ts';

/** A line of a recording and its number, counted from 1. */
export interface NumberedLine {
  readonly number: number;
  readonly content: RecordingLine;
}

/** Lines that a kill has torn, by number: what they began to say is not known. */
export type Torn = number[];

const CHUNK = 1 << 20;

/**
 * The lines of a recording. A line that was torn by a kill, which is the last one of an incarnation, is left out and noted.
 *
 * @param foretell what the line of a step is expected to say, so that most need not be read to their ends
 * @throws UsageError when the file cannot be read, is empty, or has a line that is none of a recording.
 */
export function* readRecording(path: string, torn: Torn, foretell?: Foretell): Generator<NumberedLine> {
  let number = 0;
  let broken: { readonly number: number; readonly error: unknown } | null = null;
  for (const { bytes, isEnded } of byteLines(path)) {
    const text = bytes.toString();
    number += 1;
    let content: RecordingLine;
    try {
      content = readRecordingLine(text, `${path}, line ${number},`, foretell);
    } catch (thrown) {
      if (broken !== null || isJson(text)) throw broken?.error ?? thrown;
      broken = { number, error: thrown };
      if (!isEnded) break;
      continue;
    }
    if (broken !== null) {
      // Behind a tear there can only be the next incarnation.
      if (content.kind !== 'header') throw broken.error;
      torn.push(broken.number);
      broken = null;
    }
    yield { number, content };
    if (!isEnded) return;
  }
  if (number === 0) throw new UsageError(`${path} is empty: a recording begins with a header`);
  if (broken === null) return;
  if (number === 1) throw broken.error;
  torn.push(broken.number);
}

/** How a recorder begins the lines that tell of a session's begin, and headers. */
const LINK_UP = /^\{"step":\d+,"event":\{"type":"linkUp"/;
const HEADER = '{"lockstepRecording"';
/** What is looked at of a line to tell. */
const BEGINNING = 64;

/** The sessions that a node joins, in order: a quick look through its recording, of which nothing else is read. */
export function joinsIn(path: string): Join[] {
  const joins: Join[] = [];
  let incarnation = 0;
  for (const { bytes } of byteLines(path)) {
    // Marks, nearly half of the lines, begin with another letter.
    if (bytes[MARKED_AT] === MARKED_BY) continue;
    const beginning = bytes.toString('latin1', 0, BEGINNING);
    if (!beginning.startsWith(HEADER) && !LINK_UP.test(beginning)) continue;
    const text = bytes.toString();
    if (!isJson(text)) continue;
    const content = readRecordingLine(text, path);
    if (content.kind === 'header') incarnation = content.header.incarnation;
    else if (content.kind === 'step' && content.step.event.type === 'linkUp' && content.step.session !== null)
      joins.push({ peer: content.step.event.peer, session: content.step.session, incarnation });
  }
  return joins;
}

/** A mark begins with `{"p`. */
const MARKED_AT = 2;
const MARKED_BY = 'p'.charCodeAt(0);

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** A line without its end; `isEnded` is false for a last line that has none. */
interface Line {
  readonly bytes: Buffer;
  readonly isEnded: boolean;
}

/** The lines of a text file. The bytes of one are good until the next is asked for. */
function* byteLines(path: string): Generator<Line> {
  const file = opened(path);
  try {
    const chunk = Buffer.alloc(CHUNK);
    let rest: Buffer = Buffer.alloc(0);
    for (let size = readSync(file, chunk); size > 0; size = readSync(file, chunk)) {
      const bytes = rest.length === 0 ? chunk.subarray(0, size) : Buffer.concat([rest, chunk.subarray(0, size)]);
      let begin = 0;
      for (let end = bytes.indexOf(END); end !== -1; end = bytes.indexOf(END, begin)) {
        yield { bytes: bytes.subarray(begin, end), isEnded: true };
        begin = end + 1;
      }
      rest = Buffer.from(bytes.subarray(begin));
    }
    if (rest.length > 0) yield { bytes: rest, isEnded: false };
  } finally {
    closeSync(file);
  }
}

/** The end of a line, which never lies within a character. */
const END = 0x0a;

function opened(path: string): number {
  try {
    return openSync(path, 'r');
  } catch (thrown) {
    throw new UsageError(`cannot read ${path}: ${messageOf(thrown)}`);
  }
}
