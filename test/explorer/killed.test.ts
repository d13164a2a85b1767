/** Searches that are killed. */

import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterAll, expect, inject, test } from 'vitest';

const scratch = mkdtempSync(join(tmpdir(), 'lockstep-test-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

test.each([
  ['paxos-register clients=3', { distinct: 1_194_428, generated: 2_420_477, depth: 28, verdict: 'holds' }],
  ['raft --symmetry', { distinct: 58_284, generated: 185_264, depth: 22, verdict: 'holds' }],
])(
  '%s: a process that is killed leaves a checkpoint, from which another ends as if nothing had been',
  async (what, result) => {
    const directory = join(scratch, what);

    function start(keeping: '--checkpoint' | '--resume') {
      const options = [keeping, directory, '--checkpoint-every', '1', '--json', '--workers', '2'];
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

    /** Starts a process, and kills it so long after it has written a checkpoint. */
    async function killAfterCheckpoint(keeping: '--checkpoint' | '--resume', milliseconds: number): Promise<void> {
      const before = manifestOf(directory);
      const { child, ended } = start(keeping);
      while (child.exitCode === null && manifestOf(directory) === before) await setTimeout(5);
      await setTimeout(milliseconds);
      child.kill('SIGKILL');
      await ended;
    }

    await killAfterCheckpoint('--checkpoint', 0);
    expect(manifestOf(directory)).not.toBeNull();
    await killAfterCheckpoint('--resume', 10);
    if (manifestOf(directory) === null) await killAfterCheckpoint('--checkpoint', 0);
    const { distinct, generated, depth, verdict } = JSON.parse(await start('--resume').ended);
    expect({ distinct, generated, depth, verdict }).toEqual(result);
  },
);

function manifestOf(path: string): string | null {
  const manifest = join(path, 'checkpoint.json');
  return existsSync(manifest) ? readFileSync(manifest, 'utf8') : null;
}
