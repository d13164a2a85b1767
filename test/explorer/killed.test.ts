/** Searches that are killed. */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { type CheckOptions, check } from '../../explorer/check.ts';
import { builtInSystem } from '../../model/registry.ts';
import { built, byWorkers } from '../threads.ts';

const scratch = mkdtempSync(join(tmpdir(), 'lockstep-test-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

/**
 * A search that kills its own process when it comes to a file: so it dies where the test wants it to, however fast the
 * machine is. For the same reason its clock goes on by 20 ms whenever it is read; so a checkpoint is due every few thousand
 * states, and after every level.
 */
const victim = join(scratch, 'victim.mjs');
writeFileSync(
  victim,
  `import { promises } from 'node:fs';
  import { syncBuiltinESMExports } from 'node:module';
  import { basename } from 'node:path';
  import { check } from ${JSON.stringify(built('explorer/check.js'))};
  import { builtInSystem } from ${JSON.stringify(built('model/registry.js'))};

  const [name, options, call, file] = process.argv.slice(2);
  let now = 0;
  performance.now = () => (now += 20);
  const { open, rename } = promises;
  const die = (at, path) => {
    if (at === call && basename(path) === file) process.kill(process.pid, 'SIGKILL');
  };
  promises.open = (path, flags) => {
    if (flags === 'w') die('open', path);
    return open(path, flags);
  };
  promises.rename = async (from, to) => {
    die('before', from);
    await rename(from, to);
    die('after', from);
  };
  syncBuiltinESMExports();
  await check(await builtInSystem(name), JSON.parse(options));`,
);

/** Where a process dies: before it opens a file of a checkpoint, or before or after it makes the new one the one that counts. */
type Death = readonly [call: 'open' | 'before' | 'after', file: string];

const PARTIAL = 'checkpoint.json.partial';

/** In the last one so many checkpoints were made, over all processes. */
const MADE = 19;

test.each<readonly [name: string, deaths: readonly Death[], options: CheckOptions, result: object]>([
  [
    'paxos',
    [
      ['open', 'frontier-8'],
      ['before', PARTIAL],
      ['open', `visited-${MADE + 1}`],
    ],
    {},
    { distinct: 62_087, generated: 185_164, depth: 17, verdict: 'holds' },
  ],
  [
    'two-phase-commit',
    [
      ['open', 'tables-8'],
      ['after', PARTIAL],
      ['open', `tables-${MADE + 1}`],
    ],
    { parameters: { rms: 7 }, symmetry: true },
    { distinct: 920, generated: 5400, depth: 23, verdict: 'holds' },
  ],
])(
  '%s, killed %j: leaves a checkpoint, from which another process ends as if nothing had been',
  async (name, deaths, options, result) => {
    const system = await builtInSystem(name);
    if (system === undefined) throw new Error(`there is no system ${name}`);
    const directory = join(scratch, name);
    const searched = { ...options, ...byWorkers(system, 2) };
    for (const [index, [call, file]] of deaths.entries()) {
      const checkpoint = { directory, every: 0, resume: index > 0 };
      const args = [victim, name, JSON.stringify({ ...searched, checkpoint }), call, file];
      const [, signal] = await once(spawn(process.execPath, args, { stdio: 'inherit' }), 'exit');
      expect(signal, `${call} ${file}`).toBe('SIGKILL');
    }
    expect(generationOf(directory)).toBe(MADE);
    expect(await check(system, { ...searched, checkpoint: { directory, resume: true } })).toMatchObject(result);
  },
);

/** The number of the checkpoint in a directory. */
function generationOf(path: string): number {
  return JSON.parse(readFileSync(join(path, 'checkpoint.json'), 'utf8')).generation;
}
