/**
 * How far the writes of a store have been acknowledged, in a small file beside it.
 *
 * A log alone cannot tell a write that was torn by a crash, and that nobody has been told of, from one that was acknowledged
 * and has been cut off since. The number in this file can. It is overwritten in place after each write to the store and
 * before anyone is told, but not flushed to the disk: a kill of the process loses nothing of it, and a power failure at most
 * takes it back to an earlier number, which makes the check weaker and never wrong.
 */

import {
  closeSync,
  existsSync,
  fdatasyncSync,
  fsyncSync,
  openSync,
  readFileSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { crc32 } from 'node:zlib';
import { StoreError } from './errors.ts';

const NUMBER_DIGITS = 16;
const LENGTH = NUMBER_DIGITS + 1 + 8 + 1;

export class Acknowledged {
  readonly #file: number;

  /** Opens the file, with this number in it, flushed to the disk. */
  constructor(path: string, number: number) {
    this.#file = openSync(path, 'r+');
    this.advance(number);
    fdatasyncSync(this.#file);
  }

  advance(number: number): void {
    writeSync(this.#file, printed(number), 0);
  }

  close(): void {
    closeSync(this.#file);
  }
}

/** Makes the file of a new store, unless there is one. The number is 0. */
export function makeAcknowledged(path: string): void {
  if (existsSync(path)) return;
  writeFileSync(path, printed(0), { flush: true });
  const directory = openSync(dirname(path), 'r');
  fsyncSync(directory);
  closeSync(directory);
}

/**
 * The number in the file; null when there is no file.
 *
 * @throws StoreError when the file is not as it was written.
 */
export function readAcknowledged(path: string): number | null {
  let text: string;
  try {
    text = readFileSync(path, 'latin1');
  } catch (thrown) {
    if (thrown instanceof Error && 'code' in thrown && thrown.code === 'ENOENT') return null;
    throw thrown;
  }
  const number = Number(text.slice(0, NUMBER_DIGITS));
  if (text.length === LENGTH && Number.isSafeInteger(number) && text === printed(number)) return number;
  throw new StoreError(
    `${path} is damaged: it does not hold a number and its checksum. Whether acknowledged writes are missing cannot be ` +
      'told. Restore the directory from a copy, or give the node an empty one if its protocol allows that',
  );
}

function printed(number: number): string {
  const digits = String(number).padStart(NUMBER_DIGITS, '0');
  return `${digits} ${checksum(digits, 0)}\n`;
}

/** The CRC-32 of a text, as eight hexadecimal digits, beginning from that of what comes before it. */
export function checksum(text: string, before: number): string {
  return crc32(text, before).toString(16).padStart(8, '0');
}
