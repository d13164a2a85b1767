import { expect, test } from 'vitest';
import { closedGaps } from '../../../model/partial-connectivity/gaps.ts';

test('numbers keep their order, and their distance where it is small', () => {
  const numbers = [7, 3, 12, 3, 8];
  expect(numbers.map(closedGaps(numbers))).toEqual([2, 1, 4, 1, 3]);
  expect(numbers.map(closedGaps(numbers, 3))).toEqual([6, 3, 10, 3, 7]);
});

test('small numbers stay as they are', () => {
  const numbers = [0, 1, 2];
  expect(numbers.map(closedGaps(numbers))).toEqual(numbers);
});
