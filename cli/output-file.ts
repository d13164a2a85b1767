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
  const existing = statOf(path);
  if (existing?.isDirectory()) throw new UsageError(`cannot write ${path}: it is a directory`);
  const directory = dirname(path);
  const above = statOf(directory);
  if (above === null) throw new UsageError(`cannot write ${path}: there is no directory ${directory}`);
  if (!above.isDirectory()) throw new UsageError(`cannot write ${path}: ${directory} is not a directory`);
  try {
    accessSync(existing === null ? directory : path, constants.W_OK);
    if (existing?.isFile()) accessSync(dirname(realpathSync(path)), constants.W_OK);
  } catch (thrown) {
    throw new UsageError(`cannot write ${path}: ${reason(thrown)}`);
  }
}

/** Writes a file in one stroke: beside it first, then under its name. Devices and pipes are written to directly. */
export function writeWhole(path: string, text: string): void {
  const existing = statOf(path);
  if (existing !== null && !existing.isFile()) {
    attempt(path, () => writeFileSync(path, text));
    return;
  }
  const target = existing === null ? path : realpathSync(path);
  const beside = join(dirname(target), `.${basename(target)}.${process.pid}.tmp`);
  attempt(path, () => {
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
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  EROFS: 'the file system is read-only',
  ENOSPC: 'no space is left on the device',
};

function reason(thrown: unknown): string {
  const code = thrown instanceof Error && 'code' in thrown ? String(thrown.code) : '';
  return REASONS[code] ?? messageOf(thrown);
}
