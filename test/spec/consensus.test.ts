import { describe, expect, test } from 'vitest';
import { agreement, integrity, validity } from '../../spec/consensus.ts';

describe('agreement (Cachin et al., UC4)', () => {
  test('holds while nobody has decided, and when all decided the same', () => {
    expect(agreement({})).toBe(true);
    expect(agreement({ n1: [], n2: ['a'], n3: ['a'] })).toBe(true);
  });

  test('names the first two processes that decided differently', () => {
    expect(agreement({ n1: ['a'], n2: [], n3: ['b'] })).toBe('n1 decided a, n3 decided b');
  });

  test('looks at every decision of a process', () => {
    expect(agreement({ n1: ['a', 'b'], n2: ['a'] })).toBe('n1 decided b, n2 decided a');
  });

  test('is about different processes: one that changes its mind breaks integrity', () => {
    expect(agreement({ n1: ['a', 'b'] })).toBe(true);
  });

  test('compares values of any kind', () => {
    expect(agreement({ n1: [{ x: 1, y: 2 }], n2: [{ y: 2, x: 1 }] })).toBe(true);
    expect(agreement({ n1: [new Set(['x'])], n2: [new Set(['y'])] })).toBe('n1 decided #["x"], n2 decided #["y"]');
  });
});

describe('validity (Cachin et al., C2)', () => {
  test('only proposed values may be decided', () => {
    expect(validity({ n1: ['a'], n2: ['b'] }, ['a', 'b'])).toBe(true);
    expect(validity({ n1: ['a'], n2: ['c'] }, new Set(['a', 'b']))).toBe('n2 decided c, which nobody proposed');
  });
});

describe('integrity (Cachin et al., C3)', () => {
  test('a process decides once', () => {
    expect(integrity({ n1: ['a'], n2: [] })).toBe(true);
    expect(integrity({ n1: ['a'], n2: ['b', 'c'] })).toBe('n2 decided b and then c');
  });

  test('even the same value', () => {
    expect(integrity({ n1: ['a', 'a'] })).toBe('n1 decided a and then a');
  });
});
