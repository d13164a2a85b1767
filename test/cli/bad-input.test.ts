/** Whatever is asked for wrongly gets one clear sentence, the nearest name, exit code 2, and no file. */

import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { COUNTER } from './files.ts';
import { Workshop } from './program.ts';

const workshop = new Workshop();
workshop.write('counter.ts', COUNTER);
workshop.write('plain.txt', 'hello');
mkdirSync(join(workshop.path, 'directory.json'));

/** Everything about an error: what it says, that it says it on stderr only, without a stack. */
async function refused(args: readonly string[], ...says: readonly string[]): Promise<void> {
  const { code, stdout, stderr } = await workshop.lockstep(...args);
  for (const text of says) expect(stderr).toContain(text);
  expect(stderr).not.toMatch(/^ {4}at /m);
  expect(stdout).toBe('');
  expect(code).toBe(2);
}

const COUNTING = ['check', 'counter.ts'];

describe('names that do not exist', () => {
  test.each<[string, string[], ...string[]]>([
    ['command', ['chekc', 'paxos'], "unknown command 'chekc'", "Did you mean 'check'?"],
    ['system', ['check', 'paxso'], "there is no system 'paxso'", "Did you mean 'paxos'?"],
    ['system, of another kind of name', ['list', 'Paxos'], "there is no system 'Paxos'", "Did you mean 'paxos'?"],
    [
      'mutant',
      [...COUNTING, '--mutant', 'lep'],
      "there is no mutant 'lep' of system 'counter'",
      "Did you mean 'leap'?",
    ],
    ['property', [...COUNTING, '--property', 'stepwis'], "there is no property 'stepwis'", "Did you mean 'stepwise'?"],
    ['witness', [...COUNTING, '--witness', 'tree'], "there is no witness 'tree'", "Did you mean 'three'?"],
    ['witness that is no `sometimes`', [...COUNTING, '--witness', 'stepwise'], "there is no witness 'stepwise'"],
    ['parameter', [...COUNTING, 'tpo=3'], "there is no parameter 'tpo' of system 'counter'", "Did you mean 'top'?"],
    ['parameter that JavaScript knows', [...COUNTING, '__proto__=3'], "there is no parameter '__proto__'"],
    ['option', [...COUNTING, '--mutnat', 'leap'], "unknown option '--mutnat'", "Did you mean '--mutant'?"],
    ['option that is a parameter', [...COUNTING, '--top=3'], 'parameters of a system are set as NAME=VALUE'],
    ['explorer', [...COUNTING, '--explorer', 'quick'], "argument 'quick' is invalid", 'engine, naive'],
    ['file', ['check', './nowhere.ts'], 'there is no file ./nowhere.ts'],
    ['export', ['check', 'counter.ts#conter'], "there is no system 'conter' in counter.ts", "Did you mean 'counter'?"],
    ['trace', ['replay', 'nowhere.json'], 'there is no file nowhere.json'],
  ])('%s', (_, args, ...says) => refused(args, ...says));

  test('nothing is suggested when nothing is near', async () => {
    const { stderr } = await workshop.lockstep('check', 'zzzzzzzz');
    expect(stderr).not.toContain('Did you mean');
  });
});

describe('values that do not fit', () => {
  test.each<[string, string[], ...string[]]>([
    ['a number out of range', [...COUNTING, 'top=0'], 'top=0: top is a whole number from 1 to 1000000000'],
    ['no number', [...COUNTING, 'top=many'], 'top=many: top is a whole number'],
    ['no assignment', [...COUNTING, 'top'], "'top' is not NAME=VALUE"],
    ['set twice', [...COUNTING, 'top=1', 'top=2'], 'top is set twice'],
    ['depth', [...COUNTING, '--depth', '0'], "argument '0' is invalid", 'whole number from 1'],
    ['states', [...COUNTING, '--states', '1e3'], "argument '1e3' is invalid"],
    ['memory', [...COUNTING, '--memory', 'lots'], 'an amount such as 512M or 2G'],
    ['memory that is too little to start', [...COUNTING, '--memory', '1M'], '--memory 1 MB is too little to start'],
    ['memory of the naive explorer', [...COUNTING, '--explorer', 'naive', '--memory', '1G'], 'are for the engine'],
    ['seed', ['simulate', 'counter.ts', '--seed', '-1'], "argument '-1' is invalid"],
    ['a missing argument', ['check'], "missing required argument 'system'"],
    ['an argument too many', ['replay', 'a.json', 'b.json'], 'too many arguments'],
  ])('%s', (_, args, ...says) => refused(args, ...says));
});

describe('outputs that cannot be written', () => {
  test.each([
    ['no such directory', 'nowhere/trace.json', 'there is no directory nowhere'],
    ['a directory', 'directory.json', 'it is a directory'],
    ['below a file', 'plain.txt/trace.json', 'plain.txt is not a directory'],
    ['an unknown extension', 'trace.xyz', 'its extension must say what to write'],
  ])('%s', async (_, out, says) => {
    // A search that would take very long: it must not even begin.
    await refused([...COUNTING, 'top=1000000000', '--out', out], says);
    await refused(['simulate', 'counter.ts', '--runs', '1000000000', '--out', out], says);
  });

  test('an existing file is replaced whole, and nothing is left beside it', async () => {
    workshop.write('old.json', 'old');
    await workshop.lockstep(...COUNTING, '--mutant', 'leap', '--out', 'old.json');
    expect(JSON.parse(readFileSync(join(workshop.path, 'old.json'), 'utf8'))).toMatchObject({ property: 'stepwise' });
    expect(readdirSync(workshop.path).filter((name) => name.includes('.tmp'))).toEqual([]);
  });
});

describe('directories that take nothing', () => {
  const NODE = ['serve', 'raft', 'nodes=1', '--node', 'n1', '--nodes', 'n1=127.0.0.1:0'];
  const uses: readonly (readonly [string, ...string[]])[] = [
    ['check --checkpoint', ...COUNTING, '--checkpoint'],
    ['check --resume', ...COUNTING, '--resume'],
    ['serve --data', ...NODE, '--data'],
    ['serve --trace', ...NODE, '--ephemeral', '--trace'],
    ['cluster --data', 'cluster', 'raft', '--data'],
    ['torture --out', 'torture', 'raft', '--out'],
  ];

  // In /proc nobody can make anything.
  test.skipIf(!existsSync('/proc/self')).each(uses)('%s: /proc', (_, ...args) =>
    refused([...args, '/proc/x/y'], 'cannot write to the directory /proc/x/y: nothing can be made there'),
  );

  test.each(uses)('%s: below a file', async (_, ...args) => {
    await refused(
      [...args, 'plain.txt/x'],
      'cannot write to the directory plain.txt/x: ',
      'plain.txt is not a directory',
    );
    expect(readdirSync(workshop.path).filter((name) => name.startsWith('.'))).toEqual([]);
  });
});

describe('no command', () => {
  test('shows the help', async () => {
    const { code, stdout, stderr } = await workshop.lockstep();
    expect(stdout).toBe('');
    expect(stderr).toContain('Usage: lockstep');
    expect(code).toBe(2);
  });
});
