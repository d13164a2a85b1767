/** Searches that are killed. */

import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterAll, expect, inject, test } from 'vitest';

const scratch = mkdtempSync(join(tmpdir(), 'lockstep-test-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

test.each([
  ['paxos-register clients=3', { distinct: 1_194_428, generated: 2_420_477, depth: 28, verdict: 'holds' }],
  ['raft crashes=1 --symmetry', { distinct: 486_453, generated: 1_669_763, depth: 24, verdict: 'holds' }],
])(
  '%s: a process that is killed leaves a checkpoint, from which another ends as if nothing had been',
  async (what, result) => {
    const directory = join(scratch, what);

    function start(keeping: '--checkpoint' | '--resume') {
      const options = [keeping, directory, '--checkpoint-every', '0.3', '--json', '--workers', '2'];
      const child = spawn(process.execPath, [inject('launcher'), 'check', ...what.split(' '), ...options], {
        stdio: ['ignore', 'pipe', 'ignore'],
      });
      const output: Buffer[] = [];
      child.stdout.on('data', (part: Buffer) => output.push(part));
      const ended = new Promise<string>((resolve) =>
        child.on('close', () => resolve(Buffer.concat(output).toString())),
      );
      return { child, ended };
    }

    /** Starts a process, and kills it so long after its second checkpoint: by then the threads have joined. */
    async function killAfterCheckpoints(keeping: '--checkpoint' | '--resume', milliseconds: number): Promise<void> {
      const second = generationOf(directory) + 2;
      const { child, ended } = start(keeping);
      while (child.exitCode === null && generationOf(directory) < second) await setTimeout(5);
      await setTimeout(milliseconds);
      child.kill('SIGKILL');
      await ended;
    }

    await killAfterCheckpoints('--checkpoint', 0);
    expect(generationOf(directory)).toBeGreaterThan(0);
    await killAfterCheckpoints('--resume', 10);
    if (generationOf(directory) === 0) await killAfterCheckpoints('--checkpoint', 0);
    expect(JSON.parse(await start('--resume').ended)).toMatchObject(result);
  },
);

/** How many checkpoints there have been in a directory; 0 when there is none now. */
function generationOf(path: string): number {
  try {
    return JSON.parse(readFileSync(join(path, 'checkpoint.json'), 'utf8')).generation;
  } catch {
    return 0;
  }
}
