/** Output files: known to be writable before the work begins, and whole or not there at all. */

import { accessSync, constants, realpathSync, renameSync, rmSync, type Stats, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { messageOf, UsageError } from '../model/contract/errors.ts';

/**
 * Checks that a file can be written at the path.
 *
 * @throws UsageError when it cannot.
 */
export function mustBeWritable(path: string): void {
  attempt(path, () => {
    const directory = dirname(path);
    const above = statOf(directory);
    if (above === null) throw new Error(`there is no directory ${directory}`);
    if (!above.isDirectory()) throw new Error(`${directory} is not a directory`);
    const existing = statOf(path);
    if (existing?.isDirectory()) throw new Error('it is a directory');
    accessSync(existing === null ? directory : path, constants.W_OK);
    if (existing?.isFile()) accessSync(dirname(realpathSync(path)), constants.W_OK);
  });
}

/** Writes a file in one stroke: beside it first, then under its name. Devices and pipes are written to directly. */
export function writeWhole(path: string, text: string): void {
  attempt(path, () => {
    const existing = statOf(path);
    if (existing !== null && !existing.isFile()) {
      writeFileSync(path, text);
      return;
    }
    const target = existing === null ? path : realpathSync(path);
    const beside = join(dirname(target), `.${basename(target)}.${process.pid}.tmp`);
    try {
      writeFileSync(beside, text, existing === null ? {} : { mode: existing.mode });
      renameSync(beside, target);
    } catch (thrown) {
      rmSync(beside, { force: true });
      throw thrown;
    }
  });
}

function attempt(path: string, write: () => void): void {
  try {
    write();
  } catch (thrown) {
    throw new UsageError(`cannot write ${path}: ${reason(thrown)}`);
  }
}

function statOf(path: string): Stats | null {
  return statSync(path, { throwIfNoEntry: false }) ?? null;
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'nothing can be made there',
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EROFS: 'the file system is read-only',
  ENOTDIR: 'a part of the path is not a directory',
  ENOSPC: 'no space is left on the device',
};

/** Why something could not be written, in a clause. */
export function reason(thrown: unknown): string {
  const code = thrown instanceof Error && 'code' in thrown ? String(thrown.code) : '';
  return REASONS[code] ?? messageOf(thrown);
}
