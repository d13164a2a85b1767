import { describe, expect, test } from 'vitest';
import { check } from '../../../explorer/check.ts';
import { slidingTilesSystem } from '../../../model/sliding-tiles/sliding-tiles.ts';

const factorial = (n: number): number => (n < 2 ? 1 : n * factorial(n - 1));

describe('half of all arrangements can be reached (Johnson and Story 1879)', () => {
  test.each([
    ['2 x 2', 2, 2, 6],
    ['2 x 3', 2, 3, 21],
    ['2 x 4', 2, 4, 36],
  ])('%s, and the furthest takes so many moves', async (_, rows, columns, moves) => {
    const { verdict, distinct, depth } = await check(slidingTilesSystem, { parameters: { rows, columns } });
    expect({ verdict, distinct, moves: depth - 1 }).toEqual({
      verdict: 'holds',
      distinct: factorial(rows * columns) / 2,
      moves,
    });
  });

  test('in a frame of one row nothing changes places', async () => {
    const { distinct, properties } = await check(slidingTilesSystem, { parameters: { rows: 1, columns: 4 } });
    expect(distinct).toBe(4);
    expect(properties.every(({ verdict }) => verdict === 'holds')).toBe(true);
  });
});
