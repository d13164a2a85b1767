/** Files that are written once, in parts, and known to be whole when they are read. */

import { existsSync, statSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { crc32 } from 'node:zlib';

/** What a file must be like to be whole. */
export interface Seal {
  readonly bytes: number;
  readonly crc32: number;
}

/** Bytes that are read at once. */
const READ = 1 << 20;

/** Writes the parts, one behind the other, and returns when they are on disk. */
export async function writeSealed(path: string, parts: Iterable<Uint8Array>): Promise<Seal> {
  const handle = await open(path, 'w');
  let bytes = 0;
  let sum = 0;
  try {
    for (const part of parts) {
      for (let written = 0; written < part.byteLength; ) {
        written += (await handle.write(part, written, part.byteLength - written)).bytesWritten;
      }
      bytes += part.byteLength;
      sum = crc32(part, sum);
    }
    await handle.sync();
  } finally {
    await handle.close();
  }
  return { bytes, crc32: sum };
}

/** Why a file is not whole, or null. */
export async function damageOf(path: string, seal: Seal): Promise<string | null> {
  if (!existsSync(path)) return 'is missing';
  if (statSync(path).size !== seal.bytes) return 'is cut off';
  const reader = await SequentialReader.open(path);
  try {
    let sum = 0;
    for (let left = seal.bytes; left > 0; left -= READ) sum = crc32(await reader.take(Math.min(READ, left)), sum);
    return sum === seal.crc32 ? null : 'does not have its checksum';
  } finally {
    await reader.close();
  }
}

/** Reads a file from its beginning to its end. */
export class SequentialReader {
  readonly #handle: FileHandle;
  #at = 0;

  private constructor(handle: FileHandle) {
    this.#handle = handle;
  }

  static async open(path: string): Promise<SequentialReader> {
    return new SequentialReader(await open(path, 'r'));
  }

  /** The next so many bytes. */
  async take(bytes: number): Promise<Buffer> {
    const taken = Buffer.allocUnsafe(bytes);
    await this.fill(taken);
    return taken;
  }

  /** Fills a buffer with the next bytes. @throws RangeError at the end of the file. */
  async fill(into: Uint8Array): Promise<void> {
    for (let filled = 0; filled < into.byteLength; ) {
      const { bytesRead } = await this.#handle.read(into, filled, into.byteLength - filled, this.#at);
      if (bytesRead === 0) throw new RangeError('the file ends early');
      filled += bytesRead;
      this.#at += bytesRead;
    }
  }

  close(): Promise<void> {
    return this.#handle.close();
  }
}
