/** What a checkpoint is made of: the visited set, the interned names and the frontier, as bytes and back. */

import type { Expansion } from '../expansion.ts';
import type { LoggedName } from '../interning.ts';
import type { SequentialReader } from './checked-file.ts';

/** The visited set: each shard's slots, as they are in memory. */
export function visitedParts({ visited }: Expansion): Iterable<Uint8Array> {
  return visited.shardBytes();
}

/** Fills a set that has been given the capacity that these shards have. */
export async function restoreVisited({ visited }: Expansion, reader: SequentialReader): Promise<void> {
  for (const shard of visited.shardBytes()) await reader.fill(shard);
}

/** Integers before a name: the number of its interner, and its length in bytes. */
const NAME_HEADER = 8;

/** The interned names, in the order that gives them their ids. */
export function* nameParts({ expander }: Expansion): Generator<Uint8Array> {
  for (const { interner, name } of expander.interning.names()) {
    const text = Buffer.from(name, 'utf8');
    const header = Buffer.alloc(NAME_HEADER);
    header.writeInt32LE(interner, 0);
    header.writeInt32LE(text.length, 4);
    yield Buffer.concat([header, text]);
  }
}

export async function restoreNames({ expander }: Expansion, bytes: number, reader: SequentialReader): Promise<void> {
  const names: LoggedName[] = [];
  for (let left = bytes; left > 0; ) {
    const header = await reader.take(NAME_HEADER);
    const length = header.readInt32LE(4);
    names.push({ interner: header.readInt32LE(0), name: (await reader.take(length)).toString('utf8') });
    left -= NAME_HEADER + length;
  }
  expander.interning.restore(names);
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
