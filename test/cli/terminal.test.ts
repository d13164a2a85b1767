/** What only a terminal gets: progress, colors, a run to walk through. Needs script(1) of util-linux to make one. */

import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { COUNTER, ENDLESS } from './files.ts';
import { finished, LAUNCHER, Workshop } from './program.ts';

const workshop = new Workshop();
workshop.write('counter.ts', COUNTER);
workshop.write('endless.ts', ENDLESS);

const hasScript = spawnSync('script', ['--version'], { encoding: 'utf8' }).stdout?.includes('util-linux') ?? false;

/** Starts the program in a terminal of 80 columns. */
function inTerminal(args: string, env: Readonly<Record<string, string>> = {}): ChildProcess {
  const command = `stty cols 80 rows 40; exec '${process.execPath}' '${LAUNCHER}' ${args}`;
  return spawn('script', ['--quiet', '--return', '--command', command, '/dev/null'], {
    cwd: workshop.path,
    env: { PATH: process.env.PATH, TERM: 'xterm', SHELL: '/bin/sh', ...env },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
}

/** Types each key some time after the program has shown something new. */
async function typing(child: ChildProcess, ...keys: readonly string[]) {
  const end = finished(child);
  for (const key of keys) {
    await new Promise((resolve) => child.stdout?.once('data', resolve));
    await sleep(700);
    child.stdin?.write(key);
  }
  return end;
}

describe.runIf(hasScript)('in a terminal', () => {
  test('progress is one line that is drawn anew; Ctrl-C gives the result so far', async () => {
    const { code, stdout } = await typing(inTerminal('check counter.ts top=1000000000'), '\x03');
    const drawn = stdout.split('\r\x1b[K').filter((text) => text.startsWith('depth '));
    expect(drawn.length).toBeGreaterThan(2);
    for (const line of drawn) {
      expect(line).toMatch(/^depth \d+, \S+ distinct, \S+ generated, frontier \S+, \S+\/s, \S+ [MG]B/);
      expect(line).not.toContain('\n');
      expect(line.length).toBeLessThanOrEqual(80);
    }
    expect(stdout).toContain('stopping; the result so far follows');
    expect(stdout).toContain('interrupted.');
    expect(code).toBe(3);
  });

  test('simulate shows its progress too', async () => {
    const child = inTerminal('simulate counter.ts top=1000000000 --runs 1000000');
    const { code, stdout } = await typing(child, '\x03');
    expect(stdout).toContain('\r\x1b[Krun ');
    expect(stdout).toContain(' of 1,000,000, ');
    expect(code).toBe(3);
  });

  test('flp shows its progress too, and Ctrl-C ends it at once', async () => {
    const child = inTerminal('flp endless.ts --configurations 100000000');
    const { code, stdout } = await typing(child, '\x03');
    const drawn = stdout.split('\r\x1b[K').filter((text) => /^\S+ configurations, /.test(text));
    expect(drawn.length).toBeGreaterThan(2);
    for (const line of drawn) {
      expect(line).toMatch(/^\S+ configurations, \S+ events, \S+ [MG]B/);
      expect(line.length).toBeLessThanOrEqual(80);
    }
    expect(stdout).toContain('STOPPED: interrupted, with ');
    expect(code).toBe(3);
  });

  test('colors, unless NO_COLOR is set', async () => {
    const colored = await finished(inTerminal('check counter.ts'));
    expect(colored.stdout).toContain('\x1b[32m');
    const plain = await finished(inTerminal('check counter.ts', { NO_COLOR: '1' }));
    expect(plain.stdout).not.toContain('\x1b[3');
    const dumb = await finished(inTerminal('check counter.ts', { TERM: 'dumb' }));
    expect(dumb.stdout).not.toContain('\x1b');
  });

  test('--quiet shows no progress', async () => {
    const { stdout } = await finished(inTerminal('check counter.ts top=100000 --quiet'));
    expect(stdout).toBe('');
  });

  test('replay --step goes back and forth, and quits', async () => {
    await workshop.lockstep('check', 'counter.ts', '--witness', 'three', '--out', 'three.json');
    const { code, stdout } = await typing(inTerminal('replay three.json --step'), '\r', 'n', 'p', 'G', 'q');
    const screens = stdout.split('\x1b[2J\x1b[H').slice(1);
    expect(screens.map((screen) => /step (\d) of 3/.exec(screen)?.[1])).toEqual(['0', '1', '2', '1', '3']);
    expect(screens[1]).toContain('0 -> 1');
    expect(screens.at(-1)).toContain('reached');
    expect(code).toBe(0);
  });
});
