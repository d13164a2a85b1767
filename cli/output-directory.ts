/** Directories that are written to: known to be there, or to be had, before the work begins. */

import { existsSync, mkdtempSync, rmdirSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { UsageError } from '../model/contract/errors.ts';
import { reason } from './output-file.ts';

/**
 * Checks that a directory is there or can be made, and takes what is written to it; leaves all as it was. Only then may it be
 * made with those above it: where one is there that takes none, such as /proc, Node 20 does not return from that.
 *
 * @throws UsageError when it cannot.
 */
export function mustTakeDirectory(path: string): void {
  try {
    let above = resolve(path);
    while (!existsSync(above)) above = dirname(above);
    if (!statSync(above).isDirectory()) throw new Error(`${above} is not a directory`);
    rmdirSync(mkdtempSync(join(above, '.lockstep-')));
  } catch (thrown) {
    throw new UsageError(`cannot write to the directory ${path}: ${reason(thrown)}`);
  }
}
