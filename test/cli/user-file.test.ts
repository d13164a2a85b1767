import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { EXAMPLE } from '../../cli/user-file.ts';
import { COUNTER } from './files.ts';
import { Workshop } from './program.ts';

const workshop = new Workshop();
workshop.write('counter.ts', COUNTER);

describe('a file of the user, outside of the clone', () => {
  test('the example in the error message works as it stands', async () => {
    workshop.write('example.ts', EXAMPLE);
    const { code, stdout } = await workshop.lockstep('check', 'example.ts', '--json');
    expect(JSON.parse(stdout)).toMatchObject({ verdict: 'violated', counterexample: { events: { length: 6 } } });
    expect(code).toBe(1);
  });

  test('plain JavaScript, with imports of its own', async () => {
    workshop.write('top.mjs', 'export const top = 3;');
    workshop.write(
      'mine.mjs',
      `import { transitionSystem } from 'lockstep';
       import { top } from './top.mjs';
       export default transitionSystem({
         name: 'mine', summary: '', initial: () => [0], next: (n) => (n < top ? [['up', n + 1]] : []),
       });`,
    );
    const { code, stdout } = await workshop.lockstep('check', './mine.mjs', '--json');
    expect(JSON.parse(stdout)).toMatchObject({ system: 'mine', reference: './mine.mjs', distinct: 4 });
    expect(code).toBe(0);
  });

  test('CommonJS', async () => {
    workshop.write(
      'mine.cjs',
      `const { transitionSystem } = require('lockstep');
       module.exports = transitionSystem({ name: 'mine', summary: '', initial: () => [0], next: () => [] });`,
    );
    expect(await workshop.lockstep('check', 'mine.cjs')).toMatchObject({ code: 0 });
  });

  test('one of several systems', async () => {
    workshop.write(
      'several.ts',
      `import { transitionSystem } from 'lockstep';
       const make = (name: string) => transitionSystem({ name, summary: '', initial: () => [0], next: () => [] });
       export const first = make('first');
       export const second = make('second');`,
    );
    const { code, stderr } = await workshop.lockstep('check', 'several.ts');
    expect(stderr).toBe(
      'error: several.ts exports several systems; say which one:\n  several.ts#first\n  several.ts#second\n',
    );
    expect(code).toBe(2);
    const { stdout } = await workshop.lockstep('check', 'several.ts#second', '--json');
    expect(JSON.parse(stdout)).toMatchObject({ system: 'second', reference: 'several.ts#second' });
  });

  test('is listed like a built-in one', async () => {
    const { code, stdout } = await workshop.lockstep('list', 'counter.ts');
    expect(stdout).toMatch(/top=5 +where it stops/);
    expect(stdout).toMatch(/leap +It counts by two\. Breaks stepwise\./);
    expect(stdout).toContain('lockstep check counter.ts --mutant leap');
    expect(code).toBe(0);
  });

  test.each([
    ['a syntax error', 'export default {', 'bad.ts does not load: '],
    ['a throw', "throw new Error('boom');", 'bad.ts does not load: boom'],
    ['a missing import', "import './nowhere.ts';", "Cannot find module './nowhere.ts'"],
    ['no system', 'export const answer = 42;', 'bad.ts exports no system'],
  ])('%s: says so, and what a file should look like', async (_, text, says) => {
    workshop.write('bad.ts', text);
    const { code, stdout, stderr } = await workshop.lockstep('check', 'bad.ts');
    expect(stderr).toContain(says);
    for (const line of EXAMPLE.trim().split('\n')) expect(stderr).toContain(line);
    expect(stderr).not.toMatch(/^ {4}at /m);
    expect(stdout).toBe('');
    expect(code).toBe(2);
  });

  test('a file that is no program', async () => {
    workshop.write('notes.txt', 'hello');
    workshop.write('trace.json', '{}');
    expect((await workshop.lockstep('check', 'notes.txt')).stderr).toContain('is not a TypeScript or JavaScript file');
    expect((await workshop.lockstep('check', 'trace.json')).stderr).toContain('lockstep replay trace.json');
  });

  test('may print and leave timers behind', async () => {
    workshop.write('noisy.ts', `${EXAMPLE}\nconsole.log('hello');\nsetInterval(() => {}, 1000);`);
    const { code, stdout, stderr } = await workshop.lockstep('check', 'noisy.ts', '--json');
    expect(JSON.parse(stdout)).toMatchObject({ verdict: 'violated' });
    expect(stderr).toContain('hello');
    expect(code).toBe(1);
  });

  test('is read anew each time', async () => {
    const path = workshop.write('changing.ts', COUNTER);
    expect((await workshop.lockstep('check', 'changing.ts')).code).toBe(0);
    workshop.write('changing.ts', readFileSync(path, 'utf8').replace('rules: { step: 1 }', 'rules: { step: 2 }'));
    expect((await workshop.lockstep('check', 'changing.ts')).code).toBe(1);
  });
});
