import { afterEach, expect, test, vi } from 'vitest';
import { check } from '../../../explorer/check.ts';
import { stopOf } from '../../../explorer/engine/crew.ts';
import { CHUNK, frontierMemory, LevelQueue } from '../../../explorer/engine/level-queue.ts';
import { RowWriter } from '../../../explorer/engine/rows.ts';
import { paxosSystem } from '../../../model/paxos/system.ts';

afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

/** Writes rows `[3, n, -n]` for the next level. */
function write(queue: LevelQueue, numbers: readonly number[]): void {
  const writer = new RowWriter(queue);
  for (const n of numbers) {
    writer.reserve(3);
    writer.buffer.set([3, n, -n], writer.at);
  }
  queue.flush(writer.detach());
}

/** Takes all rows of the current level. */
function takeAll(queue: LevelQueue): number[] {
  const numbers: number[] = [];
  for (let chunk = queue.take(); chunk !== null; chunk = queue.take()) {
    for (let at = 0; at < chunk.end; at += chunk.rows[at] as number) numbers.push(chunk.rows[at + 1] as number);
    queue.release(chunk);
  }
  return numbers;
}

const range = (from: number, to: number) => Array.from({ length: to - from }, (_, index) => from + index);
const sorted = (numbers: readonly number[]) => numbers.toSorted((a, b) => a - b);

test('what is written in one level is read in the next, by any worker', () => {
  const memory = frontierMemory(2 ** 24);
  const [a, b] = [new LevelQueue(memory), new LevelQueue(memory)];
  write(a, range(0, 20_000));
  write(b, range(20_000, 30_000));
  expect(a.take()).toBeNull();
  a.advance();
  write(b, [1, 2, 3]);
  expect(sorted(takeAll(b))).toEqual(range(0, 30_000));
  b.advance();
  expect(takeAll(a)).toEqual([1, 2, 3]);
  a.advance();
  expect(a.left).toBe(0);
});

test('a worker takes what it wrote, in that order, and then what another would come to last', () => {
  const memory = frontierMemory(2 ** 24);
  const [a, b] = [new LevelQueue(memory, 0), new LevelQueue(memory, 1)];
  const chunksOf = (queue: LevelQueue, numbers: readonly number[]) => {
    for (const n of numbers) write(queue, [n]);
  };
  const next = (queue: LevelQueue) => queue.take()?.rows[1];
  chunksOf(a, [1, 2, 3, 4, 5, 6]);
  a.advance();
  chunksOf(b, [11, 12]);
  expect([next(a), next(b), next(a), next(b), next(b), next(a), next(a)]).toEqual([1, 6, 2, 5, 4, 3, undefined]);
  chunksOf(a, [13]);
  a.advance();
  expect([next(b), next(b), next(b), next(a), next(b)]).toEqual([11, 12, 13, undefined, undefined]);
  chunksOf(b, [21, 22, 23]);
  a.advance();
  expect([...a.pending('current')].map(({ rows }) => rows[1])).toEqual([21, 22, 23]);
  expect([next(a), a.left, next(b), next(a), a.left]).toEqual([23, 2, 21, 22, 0]);
});

test('what does not fit into memory goes to disk and comes back, level after level', () => {
  const queue = new LevelQueue(frontierMemory(0));
  const rows = CHUNK * 24;
  for (let level = 0; level < 2; level++) {
    write(queue, range(0, rows));
    expect(queue.spilledBytes).toBeGreaterThan(0);
    queue.advance();
    expect(sorted(takeAll(queue))).toEqual(range(0, rows));
  }
  queue.close();
});

test('a chunk that was begun can be put back', () => {
  const queue = new LevelQueue(frontierMemory(0));
  write(queue, range(0, CHUNK * 24));
  queue.advance();
  const all: number[] = [];
  for (let chunk = queue.take(); chunk !== null; chunk = queue.take()) {
    all.push(chunk.rows[1] as number);
    if (chunk.end > 3) queue.putBack(chunk, 3);
    else queue.release(chunk);
    if (all.length > 3000) break;
  }
  expect(sorted([...all, ...takeAll(queue)])).toEqual(range(0, CHUNK * 24));
  queue.close();
});

test('a row that is longer than a chunk is refused with what to do', () => {
  const writer = new RowWriter(new LevelQueue(frontierMemory(0)));
  expect(() => writer.reserve(CHUNK + 1)).toThrow(/bounds.inFlight/);
});

test('rows that can be kept neither in memory nor on disk stop the search, with the result so far', async () => {
  vi.stubEnv('TMPDIR', '/there/is/no/such/directory');
  const queue = new LevelQueue(frontierMemory(0));
  let thrown: unknown;
  try {
    write(queue, range(0, CHUNK * 24));
  } catch (error) {
    thrown = error;
  }
  expect(stopOf(thrown)).toMatchObject({ reason: 'disk', error: expect.stringContaining('ENOENT') });

  // An eighth of the memory may be rows. What the process takes besides does not matter here.
  vi.spyOn(process.memoryUsage, 'rss').mockReturnValue(0);
  const memory = 100e6;
  const { verdict, stopped, distinct } = await check(paxosSystem, { parameters: { retries: 1 }, memory });
  expect({ verdict, stopped }).toMatchObject({ verdict: 'incomplete', stopped: { reason: 'disk' } });
  expect(distinct).toBeGreaterThan(10_000);
});
