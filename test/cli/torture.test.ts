/** `lockstep torture` as a user runs it: what it survives, what it does not, and what it says. */

import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type Finished, Workshop } from './program.ts';

const workshop = new Workshop();
const simulated = ['torture', 'raft', '--simulated', '--seconds', '6', '--clients', '3'];

test('in virtual time: survived, judged, and the same again for the same seed', async () => {
  const first = await workshop.lockstep(...simulated, '--seed', '7', '--json');
  expect(first.code).toBe(0);
  expect(first.stderr).toContain('seed 7');
  expect(first.stderr).toMatch(/survived: .* x /);
  expect(first.stderr).toContain('CONFORMS');
  const { ordeal, conformance } = JSON.parse(first.stdout);
  expect(conformance.verdict).toBe('conforms');
  expect(ordeal.tally.executed).toBeGreaterThan(20);
  const again = JSON.parse((await workshop.lockstep(...simulated, '--seed', '7', '--json')).stdout);
  expect(again.conformance.nodes.map(({ steps }: { steps: number }) => steps)).toEqual(
    conformance.nodes.map(({ steps }: { steps: number }) => steps),
  );
  expect(again.ordeal.survived).toEqual(ordeal.survived);
});

test('servers that forget their logs do not survive; the recordings are kept', async () => {
  // Not every seed kills enough servers at the right moment.
  let found: Finished | null = null;
  for (let seed = 3; found?.code !== 1 && seed < 12; seed++) {
    rmSync(join(workshop.path, 'kept'), { recursive: true, force: true });
    const args = [...simulated, '--seed', String(seed), '--mutant', 'volatile-log', '--out', 'kept'];
    found = await workshop.lockstep(...args);
  }
  const { code, stdout } = found ?? { code: null, stdout: '' };
  expect(stdout).toContain('DIVERGES');
  expect(stdout).toContain('recordings and logs are in kept');
  expect(code).toBe(1);
  const kept = readdirSync(join(workshop.path, 'kept'));
  expect(kept).toEqual(['client-torture.history.jsonl', 'n1.trace.jsonl', 'n2.trace.jsonl', 'n3.trace.jsonl']);
  const refused = await workshop.lockstep(...simulated, '--out', 'kept');
  expect(refused.stderr).toContain('kept is not empty');
  expect(refused.code).toBe(2);
});

test('a system that serves no store is refused', async () => {
  const { code, stderr } = await workshop.lockstep('torture', 'die-hard');
  expect(stderr).toContain("'die-hard' serves no key-value store; these do: raft, omni-paxos-service");
  expect(code).toBe(2);
});

test.runIf(process.env.LOCKSTEP_FULL === '1')('real processes survive', async () => {
  const { code, stdout } = await workshop.lockstep(
    'torture',
    'raft',
    '--seconds',
    '15',
    '--seed',
    '7',
    '--out',
    'real',
  );
  expect(stdout).toContain('CONFORMS');
  expect(code).toBe(0);
  expect(existsSync(join(workshop.path, 'real', 'n1.log'))).toBe(true);
});
