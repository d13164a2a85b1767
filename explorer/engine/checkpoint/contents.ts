/** What a checkpoint is made of: the visited set, the shared tables and the frontier, as bytes and back. */

import type { Expansion } from '../expansion.ts';
import type { LogEntry } from '../interning.ts';
import type { SequentialReader } from './checked-file.ts';

/** The visited set: each shard's slots, as they are in memory. */
export function visitedParts({ visited }: Expansion): Iterable<Uint8Array> {
  return visited.shardBytes();
}

/** Fills a set that has been given the capacity that these shards have. */
export async function restoreVisited({ visited }: Expansion, reader: SequentialReader): Promise<void> {
  for (const shard of visited.shardBytes()) await reader.fill(shard);
}

/** Bytes before an entry: the number of its table, and its length in bytes. */
const ENTRY_HEADER = 8;

/** What has been interned and memoised, in the order that gives names their ids. */
export function* tableParts({ expander }: Expansion): Generator<Uint8Array> {
  for (const { table, text } of expander.interning.entries()) {
    const bytes = Buffer.from(text, 'utf8');
    const header = Buffer.alloc(ENTRY_HEADER);
    header.writeInt32LE(table, 0);
    header.writeInt32LE(bytes.length, 4);
    yield Buffer.concat([header, bytes]);
  }
}

export async function restoreTables({ expander }: Expansion, bytes: number, reader: SequentialReader): Promise<void> {
  const entries: LogEntry[] = [];
  for (let left = bytes; left > 0; ) {
    const header = await reader.take(ENTRY_HEADER);
    const length = header.readInt32LE(4);
    entries.push({ table: header.readInt32LE(0), text: (await reader.take(length)).toString('utf8') });
    left -= ENTRY_HEADER + length;
  }
  expander.interning.restore(entries);
}

const QUEUES = ['current', 'next'] as const;
/** Integers before a chunk: which queue it is in, and how many integers of rows it has. */
const CHUNK_HEADER = 8;

/** The chunks of rows of both levels. */
export function* frontierParts({ queue }: Expansion): Generator<Uint8Array> {
  for (const [number, which] of QUEUES.entries()) {
    for (const { rows, end } of queue.pending(which)) {
      const header = Buffer.alloc(CHUNK_HEADER);
      header.writeInt32LE(number, 0);
      header.writeInt32LE(end, 4);
      yield header;
      yield new Uint8Array(rows.buffer, rows.byteOffset, end * 4);
    }
  }
}

export async function restoreFrontier({ queue }: Expansion, bytes: number, reader: SequentialReader): Promise<void> {
  for (let left = bytes; left > 0; ) {
    const header = await reader.take(CHUNK_HEADER);
    const end = header.readInt32LE(4);
    const rows = new Int32Array(end);
    await reader.fill(new Uint8Array(rows.buffer));
    queue.enqueue(QUEUES[header.readInt32LE(0)] ?? 'next', rows, end);
    left -= CHUNK_HEADER + end * 4;
  }
}
