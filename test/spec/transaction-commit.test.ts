import { expect, test } from 'vitest';
import { consistent } from '../../spec/transaction-commit.ts';

test('holds while nobody has decided, and when all decide the same', () => {
  expect(consistent({ rm1: 'working', rm2: 'prepared' })).toBe(true);
  expect(consistent({ rm1: 'committed', rm2: 'prepared' })).toBe(true);
  expect(consistent({ rm1: 'aborted', rm2: 'aborted' })).toBe(true);
});

test('fails when one has committed and another has aborted', () => {
  expect(consistent({ rm1: 'aborted', rm2: 'working', rm3: 'committed' })).toBe('rm3 has committed, rm1 has aborted');
});
