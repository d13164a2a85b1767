/**
 * Records into a file that is only appended to. What is written is with the operating system when `write` returns, so that
 * a kill of the process loses nothing of it; it is not flushed to the disk, for it proves nothing that the store does not know.
 */

import { closeSync, fstatSync, mkdirSync, openSync, readSync, renameSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { messageOf, UsageError } from '../../model/contract/errors.ts';
import {
  printHeader,
  printMark,
  printStep,
  type RecordedStep,
  type RecordingHeader,
} from '../../model/contract/recording.ts';
import type { Recorder } from '../node/ports.ts';

export class FileRecorder implements Recorder {
  readonly #path: string;
  #file: number | null;
  /** Lines that have not been written yet. */
  #waiting = '';

  /**
   * Opens `<node>.trace.jsonl` in a directory, which is made if there is none.
   *
   * @param onFailure the recording has ended because it could not be written; the node goes on without
   * @throws UsageError when it cannot be opened.
   */
  constructor(
    directory: string,
    node: string,
    private readonly onFailure: (error: unknown) => void,
  ) {
    this.#path = recordingPath(directory, node);
    try {
      mkdirSync(directory, { recursive: true });
      this.#file = openSync(this.#path, 'a+');
    } catch (thrown) {
      throw new UsageError(`the recording ${this.#path} cannot be written: ${messageOf(thrown)}`);
    }
    if (!endsWithLine(this.#file)) this.#write('\n');
  }

  begin(header: RecordingHeader): void {
    this.#write(`${printHeader(header)}\n`);
  }

  /** A line at once, when the disk is likely to be at work, rather than when effects wait for it. */
  step(step: RecordedStep): void {
    if (this.#file !== null) this.#waiting += `${printStep(step)}\n`;
  }

  write(persisted: number | null): void {
    const lines = persisted === null ? this.#waiting : `${this.#waiting}${printMark(persisted)}\n`;
    this.#waiting = '';
    if (lines !== '') this.#write(lines);
  }

  close(): void {
    if (this.#file !== null) closeSync(this.#file);
    this.#file = null;
  }

  #write(text: string): void {
    if (this.#file === null) return;
    try {
      const bytes = Buffer.from(text);
      for (let done = 0; done < bytes.length; ) done += writeSync(this.#file, bytes, done);
    } catch (thrown) {
      this.close();
      this.#setAside();
      this.onFailure(thrown);
    }
  }

  /**
   * A recording with a gap would be taken for a lie. So what could not be continued is given another name, and the next
   * incarnation begins a new one.
   */
  #setAside(): void {
    try {
      renameSync(this.#path, `${this.#path}.ended-${Date.now()}`);
    } catch {
      // Nothing can be done to this file; that the recording has ended is told in any case.
    }
  }
}

export function recordingPath(directory: string, node: string): string {
  return join(directory, `${node}.trace.jsonl`);
}

/** Whether the file is empty or its last line has ended: a kill can tear the last line. */
function endsWithLine(file: number): boolean {
  const { size } = fstatSync(file);
  if (size === 0) return true;
  const last = Buffer.alloc(1);
  readSync(file, last, 0, 1, size - 1);
  return last.toString() === '\n';
}
