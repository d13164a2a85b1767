import { describe, expect, test } from 'vitest';
import {
  areComparable,
  isPrefix,
  prefixAgreement,
  sequenceAgreement,
  sequenceIntegrity,
  sequenceValidity,
  withDecided,
} from '../../spec/sequence-consensus.ts';

/** All sequences over a and b of at most n elements. */
function sequences(n: number): string[][] {
  return n === 0
    ? [[]]
    : [
        [],
        ...sequences(n - 1).flatMap((rest) => [
          ['a', ...rest],
          ['b', ...rest],
        ]),
      ];
}

test('prefixes, against text', () => {
  for (const a of sequences(3)) {
    for (const b of sequences(3)) {
      expect(isPrefix(a, b)).toBe(b.join('').startsWith(a.join('')));
      expect(areComparable(a, b)).toBe(isPrefix(a, b) || isPrefix(b, a));
    }
  }
});

describe('the history of decisions', () => {
  test('keeps the last of sequences that extend each other', () => {
    const once = withDecided({}, 'n1', ['a']);
    expect(withDecided(once, 'n1', ['a', 'b'])).toEqual({ n1: [['a', 'b']] });
    expect(withDecided(once, 'n1', ['a'])).toBe(once);
    expect(withDecided({}, 'n1', [])).toEqual({});
  });

  test('keeps what is contradicted', () => {
    expect(withDecided({ n1: [['a']] }, 'n1', ['b'])).toEqual({ n1: [['a'], ['b']] });
    expect(withDecided({ n1: [['a']] }, 'n1', [])).toEqual({ n1: [['a'], []] });
  });
});

describe('SC1 validity', () => {
  test('only proposed commands, each once', () => {
    expect(sequenceValidity({ n1: [['a', 'b']] }, ['a', 'b', 'c'])).toBe(true);
    expect(sequenceValidity({ n1: [['a', 'x']] }, ['a'])).toBe('n1 decided x, which nobody proposed');
    expect(sequenceValidity({ n1: [['a', 'b', 'a']] }, ['a', 'b'])).toBe('n1 decided a twice, in ⟨a, b, a⟩');
  });
});

describe('SC2 uniform agreement', () => {
  test('of any two sequences one is a prefix of the other, whoever decided them and when', () => {
    expect(sequenceAgreement({ n1: [['a', 'b']], n2: [['a']], n3: [] })).toBe(true);
    expect(sequenceAgreement({ n1: [['a', 'b']], n2: [['a', 'c']] })).toBe('n1 decided ⟨a, b⟩, n2 decided ⟨a, c⟩');
    expect(sequenceAgreement({ n1: [['a'], ['b']] })).toBe('n1 decided ⟨a⟩, n1 decided ⟨b⟩');
  });

  test('for the sequences that processes have now', () => {
    expect(prefixAgreement({ n1: ['a', 'b'], n2: [] })).toBe(true);
    expect(prefixAgreement({ n1: ['a'], n2: ['b'] })).toBe('n1 decided ⟨a⟩, n2 decided ⟨b⟩');
  });
});

describe('SC3 integrity', () => {
  test('a process decides ever longer extensions', () => {
    expect(sequenceIntegrity({ n1: [['a'], ['a', 'b']] })).toBe(true);
    expect(sequenceIntegrity({ n1: [['a'], ['a']] })).toBe('n1 decided ⟨a⟩ and then ⟨a⟩');
    expect(sequenceIntegrity({ n1: [['a', 'b'], ['a']] })).toBe('n1 decided ⟨a, b⟩ and then ⟨a⟩');
    expect(sequenceIntegrity({ n1: [['a'], ['b', 'a']] })).toBe('n1 decided ⟨a⟩ and then ⟨b, a⟩');
  });
});
