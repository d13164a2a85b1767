/** Searches that are killed. */

import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterAll, expect, inject, test } from 'vitest';

const scratch = mkdtempSync(join(tmpdir(), 'lockstep-test-'));
const directory = join(scratch, 'checkpoint');
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

test('a process that is killed leaves a checkpoint, from which another ends as if nothing had been', async () => {
  function start(keeping: '--checkpoint' | '--resume') {
    const options = [keeping, directory, '--checkpoint-every', '1', '--json', '--workers', '2'];
    const child = spawn(process.execPath, [inject('launcher'), 'check', 'paxos-register', 'clients=3', ...options], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const output: Buffer[] = [];
    child.stdout.on('data', (part: Buffer) => output.push(part));
    const ended = new Promise<string>((resolve) => child.on('close', () => resolve(Buffer.concat(output).toString())));
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
  expect({ distinct, generated, depth, verdict }).toEqual({
    distinct: 1_194_428,
    generated: 2_420_477,
    depth: 28,
    verdict: 'holds',
  });
}, 300_000);

function manifestOf(path: string): string | null {
  const manifest = join(path, 'checkpoint.json');
  return existsSync(manifest) ? readFileSync(manifest, 'utf8') : null;
}
