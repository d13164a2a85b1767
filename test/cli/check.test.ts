import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { COUNTER } from './files.ts';
import { Workshop } from './program.ts';

const workshop = new Workshop();
workshop.write('counter.ts', COUNTER);

describe('exit codes', () => {
  test('0: everything was explored, and it holds', async () => {
    const { code, stdout, stderr } = await workshop.lockstep('check', 'counter.ts');
    expect(stdout).toContain('HOLDS: all 6 states');
    expect(stderr).toBe('');
    expect(code).toBe(0);
  });

  test('--symmetry: what the states stand for, and what is interchangeable', async () => {
    const { code, stdout } = await workshop.lockstep('check', 'two-phase-commit', '--symmetry');
    expect(stdout).toContain('80 distinct states up to symmetry, 213 generated, depth 11');
    expect(stdout).toContain('they stand for 288 states, 3.6 for each');
    expect(stdout).toContain('interchangeable: rm1, rm2 and rm3 (6 renamings)');
    expect(stdout).toContain('HOLDS: all 80 states within these bounds were visited, up to symmetry.');
    expect(code).toBe(0);
    const json = await workshop.lockstep('check', 'two-phase-commit', '--symmetry', '--json');
    expect(JSON.parse(json.stdout)).toMatchObject({
      distinct: 80,
      symmetry: { interchangeable: ['rm1, rm2 and rm3'], renamings: 6, represented: 288 },
    });
  });

  test('--symmetry of a system that has none, or that treats names differently: 2', async () => {
    const none = await workshop.lockstep('check', 'counter.ts', '--symmetry');
    expect(none.stderr).toContain("system 'counter' declares no symmetry: check it without --symmetry");
    expect(none.code).toBe(2);
    workshop.write(
      'first.ts',
      `import { transitionSystem } from 'lockstep';
      export default transitionSystem({
        name: 'first', summary: 'only a moves', initial: () => ['none'], symmetry: [['a', 'b']],
        next: (at: string) => (at === 'none' ? [['move', 'a'] as const] : []),
      });`,
    );
    const first = await workshop.lockstep('check', 'first.ts', '--symmetry');
    expect(first.stderr).toContain("'a' and 'b' are interchangeable, but next tells them apart");
    expect(first.code).toBe(2);
  });

  test('1: violated, with the story of a shortest run', async () => {
    const { code, stdout } = await workshop.lockstep('check', 'counter.ts', '--mutant', 'leap');
    expect(stdout).toContain('VIOLATED: stepwise');
    expect(stdout).toMatch(/ 1 {2}up\n +count: 0 -> 2/);
    expect(stdout).toContain('stepwise is violated: from 0 to 2');
    expect(code).toBe(1);
  });

  test('1: what should be reachable is not', async () => {
    const { code, stdout } = await workshop.lockstep('check', 'counter.ts', 'top=2');
    expect(stdout).toContain('VIOLATED: three is never reached');
    expect(code).toBe(1);
  });

  test.each([
    ['depth', ['--depth', '3'], 'stopped at depth 3'],
    ['states', ['--states', '3'], 'stopped after 3 states'],
  ])('3: stopped early, by --%s', async (_, options, why) => {
    const { code, stdout } = await workshop.lockstep('check', 'counter.ts', ...options);
    expect(stdout).toContain(`NOT FINISHED: ${why}`);
    expect(stdout).not.toContain('HOLDS');
    expect(code).toBe(3);
  });

  test('3: out of memory, with the result so far', async () => {
    const { code, stdout } = await workshop.lockstep('check', 'counter.ts', 'top=1000000000', '--memory', '200M');
    expect(stdout).toContain('NOT FINISHED: stopped at 200 MiB of memory');
    expect(code).toBe(3);
  });
});

describe('a profile', () => {
  test('--profile tells what actions did', async () => {
    const { code, stdout } = await workshop.lockstep('check', 'counter.ts', '--profile');
    expect(stdout).toMatch(/^ {2}action +enabled in +taken +deeper\n {2}up +5 +5 +5$/m);
    expect(code).toBe(0);
  });

  test('--report writes it as a page, also of a violated run', async () => {
    const { code } = await workshop.lockstep('check', 'counter.ts', '--mutant', 'leap', '--report', 'profile.html');
    expect(readFileSync(join(workshop.path, 'profile.html'), 'utf8')).toContain('States by depth');
    expect(code).toBe(1);
  });

  test('--json has all of it', async () => {
    const { stdout } = await workshop.lockstep('check', 'counter.ts', '--profile', '--json');
    expect(JSON.parse(stdout).profile).toMatchObject({
      actions: [{ action: 'up', enabled: 5, taken: 5, deeper: 5, cut: {} }],
      levels: [1, 1, 1, 1, 1, 1],
      outDegree: { min: 0, max: 1, states: [1, 5] },
      views: null,
    });
    const plain = await workshop.lockstep('check', 'counter.ts', '--json');
    expect(JSON.parse(plain.stdout).profile).toBeNull();
  });

  test.each([
    [['--report', 'profile.txt'], 'a name that ends in .html'],
    [['--report', 'nowhere/profile.html'], 'there is no directory'],
    [['--profile', '--explorer', 'naive'], 'a profile is of one whole search'],
    [['--report', 'profile.html', '--exact'], 'a profile is of one whole search'],
  ])('2: %j', async (options, why) => {
    const { code, stderr, stdout } = await workshop.lockstep('check', 'counter.ts', ...options);
    expect(stderr).toContain(why);
    expect(stdout).toBe('');
    expect(code).toBe(2);
  });
});

describe('what is judged', () => {
  test('--property leaves the others out', async () => {
    const args = ['check', 'counter.ts', '--mutant', 'leap', '--property', 'natural', '--property', 'quiescence'];
    const { code, stdout } = await workshop.lockstep(...args);
    expect(stdout).not.toContain('stepwise');
    expect(code).toBe(0);
  });

  test('the naive explorer comes to the same result', async () => {
    const { code, stdout } = await workshop.lockstep('check', 'counter.ts', '--explorer', 'naive', '--json');
    expect(JSON.parse(stdout)).toMatchObject({ verdict: 'holds', distinct: 6, generated: 6, depth: 6 });
    expect(code).toBe(0);
  });

  test('--paranoid takes every step twice', async () => {
    const { code } = await workshop.lockstep('check', 'counter.ts', '--paranoid');
    expect(code).toBe(0);
  });
});

describe('what is told', () => {
  test('--witness tells the run to an interesting state', async () => {
    const { code, stdout } = await workshop.lockstep('check', 'counter.ts', '--witness', 'three');
    expect(stdout).toMatch(/ 3 {2}up\n +count: 2 -> 3\n\nthree is reached\./);
    expect(code).toBe(0);
  });

  test('--witness is judged even when --property names others', async () => {
    const { stdout } = await workshop.lockstep(
      ...['check', 'counter.ts', '--property', 'natural', '--witness', 'three'],
    );
    expect(stdout).toContain('three is reached.');
  });

  test('a witness that was not found', async () => {
    const { code, stdout } = await workshop.lockstep('check', 'counter.ts', 'top=2', '--witness', 'three');
    expect(stdout).toContain("No witness of 'three' was found.");
    expect(code).toBe(1);
  });

  test('--no-story leaves the steps out', async () => {
    const { stdout } = await workshop.lockstep('check', 'counter.ts', '--mutant', 'leap', '--no-story');
    expect(stdout).toContain('VIOLATED: stepwise');
    expect(stdout).not.toMatch(/ 1 {2}up/);
  });

  test('--quiet says nothing', async () => {
    const finished = await workshop.lockstep('check', 'counter.ts', '--mutant', 'leap', '--quiet');
    expect(finished).toEqual({ code: 1, stdout: '', stderr: '' });
  });

  test('a pipe gets neither progress nor colors', async () => {
    const { stdout, stderr } = await workshop.lockstep('check', 'counter.ts', 'top=30000', '--no-story');
    expect(stdout).not.toContain('\x1b');
    expect(stderr).toBe('');
  });
});

describe('--json', () => {
  test('is one document on stdout, with people told on stderr', async () => {
    const { code, stdout, stderr } = await workshop.lockstep('check', 'counter.ts', '--mutant', 'leap', '--json');
    expect(JSON.parse(stdout)).toMatchObject({
      system: 'counter',
      reference: 'counter.ts',
      parameters: { top: 5 },
      mutant: 'leap',
      verdict: 'violated',
      distinct: 2,
      generated: 2,
      depth: 2,
      elapsedMs: expect.any(Number),
      properties: [
        { name: 'natural', kind: 'always', verdict: 'unknown', trace: null, explanation: null },
        { name: 'stepwise', kind: 'alwaysStep', verdict: 'violated', explanation: 'from 0 to 2' },
        { name: 'three', kind: 'sometimes', verdict: 'unknown', trace: null },
        { name: 'quiescence', kind: 'quiescence', verdict: 'unknown', trace: null },
      ],
      bounds: { within: expect.any(Array), cut: {} },
      stopped: null,
      counterexample: {
        lockstepTrace: 1,
        system: 'counter.ts',
        parameters: { top: 5 },
        mutant: 'leap',
        property: 'stepwise',
        initial: 0,
        events: [{ type: 'action', action: 'up', state: { count: 2 } }],
      },
    });
    expect(stderr).toContain('VIOLATED: stepwise');
    expect(code).toBe(1);
  });

  test('a verdict that is not known yet', async () => {
    const { stdout } = await workshop.lockstep('check', 'counter.ts', '--depth', '2', '--json', '--quiet');
    expect(JSON.parse(stdout)).toMatchObject({
      verdict: 'incomplete',
      stopped: { reason: 'depth', limit: 2 },
      counterexample: null,
    });
  });

  test('errors too', async () => {
    const { code, stdout, stderr } = await workshop.lockstep('check', 'counter.ts', '--mutant', 'laep', '--json');
    expect(JSON.parse(stdout)).toEqual({
      error: { kind: 'usage', message: expect.stringContaining("no mutant 'laep'"), suggestion: 'leap' },
    });
    expect(stderr).toContain("Did you mean 'leap'?");
    expect(code).toBe(2);
  });
});

describe('--out', () => {
  test('writes the counterexample as a trace that replays', async () => {
    const { stdout } = await workshop.lockstep('check', 'counter.ts', '--mutant', 'leap', '--out', 'leap.json');
    expect(stdout).toContain('lockstep replay leap.json --step');
    expect(JSON.parse(readFileSync(join(workshop.path, 'leap.json'), 'utf8'))).toMatchObject({
      system: 'counter.ts',
      mutant: 'leap',
      property: 'stepwise',
    });
    const { code, stdout: retold } = await workshop.lockstep('replay', 'leap.json');
    expect(retold).toContain('stepwise is violated: from 0 to 2');
    expect(code).toBe(0);
  });

  test('writes the witness when that is what is told', async () => {
    await workshop.lockstep('check', 'counter.ts', '--witness', 'three', '--out', 'three.json');
    expect(JSON.parse(readFileSync(join(workshop.path, 'three.json'), 'utf8')).events).toHaveLength(3);
  });

  test('says so when there is nothing to write', async () => {
    const { code, stderr } = await workshop.lockstep('check', 'counter.ts', '--out', 'nothing.json');
    expect(stderr).toContain('nothing was written to nothing.json: there is no run to show');
    expect(existsSync(join(workshop.path, 'nothing.json'))).toBe(false);
    expect(code).toBe(0);
  });
});
