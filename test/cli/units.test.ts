import { describe, expect, test } from 'vitest';
import { readAssignments } from '../../cli/assignments.ts';
import { nearest } from '../../cli/failure.ts';
import { helpAfter } from '../../cli/help.ts';
import { memorySize, memoryText, seconds, wholeNumber } from '../../cli/numbers.ts';
import { explorationText } from '../../cli/progress.ts';
import { columns } from '../../cli/text.ts';
import { formatOf } from '../../cli/traces.ts';
import { target } from '../../cli/walk.ts';

describe('nearest', () => {
  const known = ['paxos', 'paxos-register', 'two-phase-commit', 'die-hard'];

  test.each([
    ['paxo', 'paxos'],
    ['PAXOS', 'paxos'],
    ['two-phase', 'two-phase-commit'],
    ['diehard', 'die-hard'],
    ['zab', null],
    ['x', null],
  ])('%s: %s', (given, expected) => {
    expect(nearest(given, known)).toBe(expected);
  });

  test('nothing is near to nothing', () => {
    expect(nearest('a', [])).toBeNull();
    expect(nearest('a', ['b'])).toBeNull();
  });
});

describe('numbers', () => {
  test.each([
    ['512M', 512 * 2 ** 20],
    ['2G', 2 * 2 ** 30],
    ['1.5g', 1.5 * 2 ** 30],
    ['2GiB', 2 * 2 ** 30],
    ['1000000', 1_000_000],
    ['64kb', 65_536],
  ])('%s of memory', (text, bytes) => {
    expect(memorySize(text)).toBe(bytes);
  });

  test.each(['', '0', 'G', '-1G', '2X', '1e9', '2 G'])('no amount of memory: %j', (text) => {
    expect(() => memorySize(text)).toThrow();
  });

  test.each(['', '1.5', '-1', '1e3', '0x10', ' 1', '99999999999999999999'])('no whole number: %j', (text) => {
    expect(() => wholeNumber(0)(text)).toThrow();
  });

  test.each([
    ['300', 300],
    ['0.5', 0.5],
  ])('%s seconds', (text, value) => {
    expect(seconds(text)).toBe(value);
  });

  test.each(['', '0', '0.0', '-1', '.5', '1e3', '1s', '9'.repeat(400)])('no time: %j', (text) => {
    expect(() => seconds(text)).toThrow();
  });

  test('memory as text takes at most six characters, below a terabyte', () => {
    for (let bytes = 1; bytes < 999 * 2 ** 30; bytes *= 1.001) expect(memoryText(bytes).length).toBeLessThan(7);
  });

  test('memory as text', () => {
    expect([2 ** 20, 700.2 * 2 ** 20, 2 ** 30, 12.3 * 2 ** 30].map(memoryText)).toEqual([
      '1 MB',
      '701 MB',
      '1.0 GB',
      '12 GB',
    ]);
  });
});

test('progress fits 80 columns, however large the numbers', () => {
  for (const size of [0, 1, 999, 999_499, 999_500, 999_999, 1e9 - 1, 1e12]) {
    const progress = { distinct: size, generated: size, depth: 99, frontier: size, workers: 64, elapsedMs: 1000 };
    expect(explorationText(progress).length).toBeLessThan(80);
  }
});

test('NAME=VALUE; the value may be empty or contain more of them', () => {
  expect(readAssignments(['a=1', 'b=', 'c=x=y'])).toEqual({ a: '1', b: '', c: 'x=y' });
  expect(() => readAssignments(['=1'])).toThrow("'=1' is not NAME=VALUE");
});

test('columns wrap their texts', () => {
  const rows = [
    ['a', 'one two three four five six'],
    ['long', 'x'],
  ] as const;
  expect(columns(rows, { width: 30, color: false }, 2)).toBe('  a     one two three four\n        five six\n  long  x');
});

test('an example of a command has what it does beside it, or below when the command is long', () => {
  for (const length of [40, 41, 42, 43, 44, 45, 60]) {
    const command = 'x'.repeat(length);
    const text = helpAfter([
      ['y'.repeat(42), 'one'],
      [command, 'two'],
    ]);
    expect(text).toContain(`  ${command}${length <= 42 ? ' '.repeat(44 - length) : `\n${' '.repeat(46)}`}two\n`);
  }
});

test.each([
  ['a.json', 'json'],
  ['a.itf.json', 'itf'],
  ['a.b.svg', 'svg'],
  ['a.gv', 'dot'],
  ['a', null],
  ['json', null],
])('%s is written as %s', (path, format) => {
  expect(formatOf(path)).toBe(format);
});

test('keys, while walking through a run of 9 steps', () => {
  const at = (name: string, text = name) => target(4, 9, text, { name, sequence: text, ctrl: false });
  expect(['return', 'n', 'space', 'right'].map((name) => at(name))).toEqual([5, 5, 5, 5]);
  expect(['p', 'left', 'backspace'].map((name) => at(name))).toEqual([3, 3, 3]);
  expect([at('g'), at('g', 'G'), at('home'), at('end')]).toEqual([0, 9, 0, 9]);
  expect([at('q'), at('escape')]).toEqual(['quit', 'quit']);
  expect(target(4, 9, '\x03', { name: 'c', ctrl: true })).toBe('quit');
  expect(target(9, 9, 'n', { name: 'n' })).toBe(9);
  expect(target(0, 9, 'p', { name: 'p' })).toBe(0);
  expect(at('x')).toBe(4);
});
