import type { ChildProcess } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { COUNTER, ENDLESS } from './files.ts';
import { finished, Workshop } from './program.ts';

const workshop = new Workshop();
workshop.write('counter.ts', `${COUNTER}\nconsole.error('loaded');`);

workshop.write('endless.ts', `${ENDLESS}\nconsole.error('loaded');`);

/** From the loading of the file on: long enough for the work to have begun, far too short for it to end. */
const A_WHILE = 700;

async function interrupted(child: ChildProcess, signal: NodeJS.Signals) {
  const end = finished(child);
  await new Promise((resolve) => child.stderr?.once('data', resolve));
  await sleep(A_WHILE);
  child.kill(signal);
  return end;
}

describe.each(['SIGINT', 'SIGTERM'] as const)('%s', (signal) => {
  test('check: the result so far, exit code 3', async () => {
    const args = ['check', 'counter.ts', 'top=1000000000', '--json'];
    const { code, stdout, stderr } = await interrupted(workshop.start(args), signal);
    const result = JSON.parse(stdout);
    expect(result).toMatchObject({ verdict: 'incomplete', stopped: { reason: 'interrupted' } });
    expect(result.distinct).toBeGreaterThan(100);
    expect(stderr).toContain('NOT FINISHED: interrupted');
    expect(code).toBe(3);
  });

  test('flp: how far it has come, and that nothing follows from it, exit code 3', async () => {
    const args = ['flp', 'endless.ts', '--configurations', '100000000', '--json'];
    const { code, stdout, stderr } = await interrupted(workshop.start(args), signal);
    const { stopped, progress } = JSON.parse(stdout);
    expect(stopped).toEqual({ reason: 'interrupted' });
    expect(progress.configurations).toBeGreaterThan(100);
    expect(stderr.replaceAll(/\s+/g, ' ')).toMatch(
      /STOPPED: interrupted, with [\d,]+ configurations .* nothing is concluded/,
    );
    expect(code).toBe(3);
  });

  test('simulate: the result so far, exit code 3', async () => {
    const args = ['simulate', 'counter.ts', 'top=1000000000', '--steps', '100', '--runs', '100000000', '--json'];
    const { code, stdout, stderr } = await interrupted(workshop.start(args), signal);
    expect(JSON.parse(stdout)).toMatchObject({ verdict: 'no violation', stopped: { reason: 'interrupted' } });
    expect(stderr).toContain('(stopped; 100,000,000 were wanted)');
    expect(code).toBe(3);
  });
});

test('a witness found before the interruption is told', async () => {
  const args = ['check', 'counter.ts', 'top=1000000000', '--witness', 'three'];
  const { code, stdout } = await interrupted(workshop.start(args), 'SIGINT');
  expect(stdout).toContain('three is reached.');
  expect(code).toBe(3);
});

test('the naive explorer just ends', async () => {
  const args = ['check', 'counter.ts', 'top=1000000000', '--explorer', 'naive'];
  const { code, stdout } = await interrupted(workshop.start(args), 'SIGINT');
  expect({ code, stdout }).toEqual({ code: null, stdout: '' });
});

test('a reader that has seen enough is no error', async () => {
  const child = workshop.start(['check', 'counter.ts', '--mutant', 'leap']);
  child.stdout?.destroy();
  const { code, stderr } = await finished(child);
  expect(stderr).toBe('loaded\n');
  expect(code).toBe(1);
});
