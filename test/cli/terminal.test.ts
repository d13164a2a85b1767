/** What only a terminal gets: progress, colors, a run to walk through. Needs script(1) of util-linux to make one. */

import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
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

/** A key to be typed when what has been shown says so. */
type Cue = readonly [key: string, isTime: (shown: string) => boolean];

/** Types each key when it is time. */
async function typing(child: ChildProcess, ...cues: readonly Cue[]) {
  const end = finished(child);
  let shown = '';
  let typed = 0;
  child.stdout?.on('data', (text: string) => {
    shown += text;
    for (let cue = cues[typed]; cue?.[1](shown); cue = cues[typed]) {
      child.stdin?.write(cue[0]);
      typed += 1;
    }
  });
  return end;
}

const screensOf = (shown: string): string[] => shown.split('\x1b[2J\x1b[H').slice(1);

/** Lines that were drawn over the one before. */
const drawn = (shown: string): string[] => shown.split('\r\x1b[K').slice(1);

/** Ctrl-C, when progress has been drawn a few times. */
const interruption: Cue = ['\x03', (shown) => drawn(shown).length > 3];

describe.runIf(hasScript)('in a terminal', () => {
  test('progress is one line that is drawn anew; Ctrl-C gives the result so far', async () => {
    const { code, stdout } = await typing(inTerminal('check counter.ts top=1000000000 --workers 1'), interruption);
    const lines = drawn(stdout).filter((text) => text.startsWith('depth '));
    expect(lines.length).toBeGreaterThan(2);
    for (const line of lines) {
      expect(line).toMatch(/^depth \d+, \S+ distinct, \S+ generated, frontier \S+, \S+\/s, \S+ [MG]B/);
      expect(line).not.toContain('\n');
      expect(line.length).toBeLessThanOrEqual(80);
    }
    expect(stdout).toContain('stopping; the result so far follows');
    expect(stdout).toContain('interrupted.');
    expect(code).toBe(3);
  });

  test('simulate shows its progress too', async () => {
    const child = inTerminal('simulate counter.ts top=1000000000 --runs 1000000000');
    const { code, stdout } = await typing(child, interruption);
    expect(stdout).toContain('\r\x1b[Krun ');
    expect(stdout).toContain(' of 1,000,000,000, ');
    expect(code).toBe(3);
  });

  test('flp shows its progress too, and Ctrl-C ends it at once', async () => {
    const child = inTerminal('flp endless.ts --configurations 100000000');
    const { code, stdout } = await typing(child, interruption);
    const lines = drawn(stdout).filter((text) => /^\S+ configurations, /.test(text));
    expect(lines.length).toBeGreaterThan(2);
    for (const line of lines) {
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
    const cues = ['\r', 'n', 'p', 'G', 'q'].map(
      (key, at): Cue => [key, (shown) => screensOf(shown).length > at && shown.trimEnd().endsWith('q: quit')],
    );
    const { code, stdout } = await typing(inTerminal('replay three.json --step'), ...cues);
    const screens = screensOf(stdout);
    expect(screens.map((screen) => /step (\d) of 3/.exec(screen)?.[1])).toEqual(['0', '1', '2', '1', '3']);
    expect(screens[1]).toContain('0 -> 1');
    expect(screens.at(-1)).toContain('reached');
    expect(code).toBe(0);
  });
});
