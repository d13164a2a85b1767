import { expect, test } from 'vitest';
import { check } from '../../../explorer/check.ts';
import { ExactSink } from '../../../explorer/engine/exact.ts';
import { Frontier } from '../../../explorer/engine/frontier.ts';
import { VisitedSet, visitedMemory } from '../../../explorer/engine/visited-set.ts';
import { dieHardSystem } from '../../../model/die-hard/die-hard.ts';
import { paxosSystem } from '../../../model/paxos/system.ts';

/** Offers a state as an expander does: the fingerprint first, then the row. */
function offer(sink: ExactSink | VisitedSet, rows: Frontier, content: readonly number[], lo: number, hi: number): void {
  if (!sink.offer(lo, hi, 0, 0)) return;
  const row = [content.length + 3, lo, hi, ...content];
  rows.reserve(row.length);
  rows.buffer.set(row, rows.at);
}

test('states that share a fingerprint are told apart; by fingerprints alone they are not', () => {
  const contents = [[1, 2], [1, 3], [1, 2, 3], [1, 2], [1, 3], []];
  const visited = new VisitedSet(visitedMemory(0));
  const rows = new Frontier();
  const sink = new ExactSink(visited, rows);
  for (const content of contents) offer(sink, rows, content, 7, 8);
  sink.settle();
  expect(sink.size).toBe(4);
  expect(rows.rows).toBe(4);
  expect(visited.size).toBe(1);
});

test('ten thousand rows, each twice: none is lost and none is taken for another', () => {
  const rows = new Frontier();
  const sink = new ExactSink(new VisitedSet(visitedMemory(0)), rows);
  for (let n = 0; n < 20_000; n++)
    offer(sink, rows, [n % 10_000, -(n % 10_000)], Math.imul(n % 100, 0x9e3779b1), n % 7);
  sink.settle();
  expect(sink.size).toBe(10_000);
  expect(rows.rows).toBe(10_000);
});

test('an exact check gives the same, and says that no state was missed', async () => {
  const parameters = { retries: 0 };
  const {
    collisionProbability: risk,
    handlerCalls: _,
    elapsedMs: __,
    ...usual
  } = await check(paxosSystem, { parameters });
  const {
    collisionProbability,
    handlerCalls: ___,
    elapsedMs: ____,
    ...exact
  } = await check(paxosSystem, { parameters, exact: true });
  expect(exact).toEqual(usual);
  expect(collisionProbability).toBeNull();
  expect(risk).toBeGreaterThan(0);
});

test('bare systems can be checked exactly; together with checkpoints it is refused', async () => {
  expect(await check(dieHardSystem, { exact: true })).toMatchObject({ distinct: 16, collisionProbability: null });
  await expect(check(paxosSystem, { exact: true, checkpoint: { directory: '/nowhere' } })).rejects.toThrow(
    /no checkpoints/,
  );
});
