import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, test } from 'vitest';
import { counter, DECISION, decider } from './files.ts';
import { finished, Workshop } from './program.ts';

/** The models say when they have come so far: by then the work is under way, of which there is no end. */
const SO_MANY = 500;
const saying = (count: string): string => `if (${count} === ${SO_MANY}) console.error('so many');`;
// The walk reports how far it has come every tenth of a second: it is made to, before it says so.
const pause = `if (state.round === ${SO_MANY / 2}) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 200);`;

const workshop = new Workshop();
workshop.write('counter.ts', counter(saying('count')));
workshop.write('endless.ts', decider(`state.round++; ${pause} ${saying('state.round')} setTimer('tick');`, DECISION));

/** Sends a signal as soon as the model has said that it is that far. */
async function interrupted(child: ChildProcess, signal: NodeJS.Signals) {
  const end = finished(child);
  await once(child.stderr ?? child, 'data');
  child.kill(signal);
  return end;
}

describe.each(['SIGINT', 'SIGTERM'] as const)('%s', (signal) => {
  test('check: the result so far, exit code 3', async () => {
    const args = ['check', 'counter.ts', 'top=1000000000', '--json'];
    const { code, stdout, stderr } = await interrupted(workshop.start(args), signal);
    const result = JSON.parse(stdout);
    expect(result).toMatchObject({ verdict: 'incomplete', stopped: { reason: 'interrupted' } });
    expect(result.distinct).toBeGreaterThan(SO_MANY / 4);
    expect(stderr).toContain('NOT FINISHED: interrupted');
    expect(code).toBe(3);
  });

  test('flp: how far it has come, and that nothing follows from it, exit code 3', async () => {
    const args = ['flp', 'endless.ts', '--configurations', '100000000', '--json'];
    const { code, stdout, stderr } = await interrupted(workshop.start(args), signal);
    const { stopped, progress } = JSON.parse(stdout);
    expect(stopped).toEqual({ reason: 'interrupted' });
    expect(progress.configurations).toBeGreaterThan(SO_MANY / 4);
    expect(stderr.replaceAll(/\s+/g, ' ')).toMatch(
      /STOPPED: interrupted, with [\d,]+ configurations .* nothing is concluded/,
    );
    expect(code).toBe(3);
  });

  test('simulate: the result so far, exit code 3', async () => {
    const args = ['simulate', 'counter.ts', 'top=1000000000', '--steps', '1000', '--runs', '100000000', '--json'];
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
  expect(stderr).toBe('');
  expect(code).toBe(1);
});
