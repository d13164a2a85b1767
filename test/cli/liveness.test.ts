/** Temporal properties on the command line: every verdict, and every way to ask for what does not exist. */

import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ROOT } from '../../scripts/manifest.ts';
import { Workshop } from './program.ts';

const workshop = new Workshop();
copyFileSync(new URL('examples/mutual-exclusion.ts', ROOT), join(workshop.path, 'lock.ts'));
workshop.write(
  'climb.ts',
  `
import { eventually, transitionSystem, weaklyFair } from 'lockstep';

export default transitionSystem<number>({
  name: 'climb',
  summary: 'climbs for ever',
  initial: () => [0],
  next: (height) => [['climb', height + 1]],
  bounds: { local: { 'below the clouds': (height) => height < 5 } },
  fairness: [weaklyFair('action', { name: 'climb' })],
  properties: [eventually('the top', (height) => height === 9)],
});
`,
);

describe('check', () => {
  test('a property that holds is held, and what it relies on is said', async () => {
    const { code, stdout } = await workshop.lockstep('check', 'lock.ts');
    expect(code).toBe(0);
    expect(stdout).toMatch(/whoever wants to enters +holds/);
    expect(stdout).toMatch(/relying on:\n {4}- weak fairness of some action p raises its flag/);
    expect(stdout).toMatch(/^HOLDS: all 20 states/m);
  });

  test('a violation is told with its loop, written as a trace, and can be replayed', async () => {
    const out = ['--out', 'starving.json'];
    const { code, stdout } = await workshop.lockstep('check', 'lock.ts', 'lock=test-and-set', '--json', ...out);
    expect(code).toBe(1);
    const { verdict, properties, counterexample, fairness } = JSON.parse(stdout);
    expect(verdict).toBe('violated');
    expect(fairness).toHaveLength(2);
    expect(properties).toContainEqual(expect.objectContaining({ kind: 'leadsTo', verdict: 'holds' }));
    expect(counterexample).toMatchObject({ property: 'whoever wants to enters', loop: 4 });
    expect(counterexample.events).toHaveLength(8);
    const replayed = await workshop.lockstep('replay', 'starving.json');
    expect(replayed.code).toBe(0);
    expect(replayed.stdout).toMatch(/ {4}from here on, again and again:\n 5 {2}q enters/);
    expect(replayed.stdout).toMatch(/and again from step 5, for ever/);
  });

  test('under stronger fairness the same lock is fair to both', async () => {
    const { code } = await workshop.lockstep('check', 'lock.ts', 'lock=test-and-set', 'fairness=strong', '--quiet');
    expect(code).toBe(0);
  });

  test('a run that leaves the bounds is neither a violation nor a success: exit code 3', async () => {
    const { code, stdout } = await workshop.lockstep('check', 'climb.ts');
    expect(code).toBe(3);
    expect(stdout).toMatch(/the top +not known: no run within the bounds violates it/);
    expect(stdout).toMatch(/^NOT KNOWN: 'the top'/m);
    expect(stdout).not.toMatch(/HOLDS/);
  });

  test('the naive explorer says the same', async () => {
    const args = ['check', 'lock.ts', 'lock=after-you', '--json'];
    const [engine, naive] = await Promise.all([
      workshop.lockstep(...args),
      workshop.lockstep(...args, '--explorer', 'naive'),
    ]);
    const verdicts = ({ stdout }: { stdout: string }) =>
      JSON.parse(stdout).properties.map(({ name, verdict }: { name: string; verdict: string }) => [name, verdict]);
    expect(verdicts(engine)).toEqual(verdicts(naive));
    expect(engine.code).toBe(1);
  });
});

test('list shows them, and the fairness that they rely on', async () => {
  const { stdout } = await workshop.lockstep('list', 'lock.ts');
  expect(stdout).toMatch(/whoever wants to enters +whatever is to lead to something does/);
  expect(stdout).toMatch(/runs are fair\n {2}weak fairness of some action p raises its flag/);
  const json = await workshop.lockstep('list', 'lock.ts', '--json');
  expect(JSON.parse(json.stdout).properties).toContainEqual({ name: 'whoever wants to enters', kind: 'leadsTo' });
});

test('a simulation does not judge them', async () => {
  const { code, stderr } = await workshop.lockstep('simulate', 'climb.ts', '--property', 'the top');
  expect(code).toBe(2);
  expect(stderr).toMatch(/'the top' is a temporal property: runs that end say nothing of it/);
});

test('fairness of an action that does not exist is refused', async () => {
  workshop.write(
    'typo.ts',
    `
import { eventually, transitionSystem, weaklyFair } from 'lockstep';

export default transitionSystem<number>({
  name: 'typo',
  summary: 'owes what never happens',
  initial: () => [0],
  next: () => [['step', 1]],
  fairness: [weaklyFair('action', { name: 'stpe' })],
  properties: [eventually('one', (at) => at === 1)],
});
`,
  );
  const { code, stderr } = await workshop.lockstep('check', 'typo.ts');
  expect(code).toBe(2);
  expect(stderr).toMatch(/there is no action 'stpe' in weak fairness of each action stpe: it never happens/);
});
