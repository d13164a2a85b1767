import { expect, test } from 'vitest';
import { COUNTER } from './files.ts';
import { Workshop } from './program.ts';

const workshop = new Workshop();
workshop.write('counter.ts', COUNTER);

test('no violation is never told as success', async () => {
  const { code, stdout } = await workshop.lockstep('simulate', 'counter.ts', '--runs', '10');
  expect(stdout).toContain('no violation in 10 runs');
  expect(stdout).toContain('witnesses met: 1 of 1');
  expect(stdout).not.toContain('HOLDS');
  expect(code).toBe(0);
});

test('a violation is told with its run, which is not said to be a shortest one', async () => {
  const args = ['simulate', 'counter.ts', '--mutant', 'leap', '--out', 'run.json'];
  const { code, stdout } = await workshop.lockstep(...args);
  expect(stdout).toContain('VIOLATED: stepwise, in run 1');
  expect(stdout).toContain('not a shortest one');
  expect(stdout).toContain('stepwise is violated: from 0 to 2');
  expect(code).toBe(1);
  expect((await workshop.lockstep('replay', 'run.json')).code).toBe(0);
});

test('--json', async () => {
  const args = ['simulate', 'counter.ts', 'top=7', '--runs', '3', '--steps', '4', '--seed', '9', '--json', '--quiet'];
  const { stdout, stderr } = await workshop.lockstep(...args);
  expect(JSON.parse(stdout)).toMatchObject({
    system: 'counter',
    reference: 'counter.ts',
    parameters: { top: 7 },
    mutant: null,
    verdict: 'no violation',
    seed: 9,
    runs: 3,
    steps: 12,
    longest: 4,
    ended: { quiescent: 0, steps: 3, bounds: 0, violated: 0 },
    properties: [
      { name: 'natural', verdict: 'unknown' },
      { name: 'stepwise', verdict: 'unknown' },
      { name: 'three', verdict: 'holds', trace: { lockstepTrace: 1, system: 'counter.ts', property: 'three' } },
      { name: 'quiescence', verdict: 'unknown' },
    ],
    stopped: null,
    counterexample: null,
  });
  expect(stderr).toBe('');
});

test('the same seed gives the same output', async () => {
  const output = async (seed: string) => {
    const args = ['simulate', 'paxos', '--mutant', 'own-value', '--seed', seed];
    return (await workshop.lockstep(...args)).stdout;
  };
  const first = await output('4');
  expect(await output('4')).toBe(first);
  expect(await output('5')).not.toBe(first);
});
