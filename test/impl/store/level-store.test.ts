/** The store: what comes back, and what is noticed. */

import { copyFileSync, cpSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

import { type LevelStore, type Owner, openStore } from '../../../impl/store/level-store.ts';
import { difference } from '../../../model/contract/patches.ts';
import { inDirectory } from '../directory.ts';

const owner: Owner = { cluster: 'demo', node: 'n1', protocol: 'raft', protocolVersion: 1 };

/** Commits one value after the other, each as its difference from the one before. */
async function commitAll(store: LevelStore, values: readonly unknown[]): Promise<void> {
  let before = store.recovered?.kept;
  for (const kept of values) {
    const change = { patches: difference(before, kept), kept };
    await new Promise<void>((resolve, reject) => {
      store.commit(change, (error) => (error === null ? resolve() : reject(error)));
    });
    before = kept;
  }
}

/** A store that has been written to and closed. */
async function written(directory: string, values: readonly unknown[]): Promise<void> {
  const store = await openStore(directory, owner);
  await commitAll(store, values);
  await store.close();
}

async function readBack(directory: string): Promise<unknown> {
  const store = await openStore(directory, owner);
  await store.close();
  return store.recovered;
}

const logs = Array.from({ length: 30 }, (_, length) => ({
  term: length,
  log: Array.from({ length }, (_, index) => `entry ${index}`),
  voters: new Set(['n1', `n${length}`]),
  sessions: new Map([[`c${length}`, { seq: length }]]),
}));

test('a new store has nothing; afterwards it has what was committed last, sets and maps included', () =>
  inDirectory(async (directory) => {
    expect(await readBack(directory)).toBe(null);
    await written(directory, logs);
    expect(await readBack(directory)).toEqual({ kept: logs.at(-1) });
  }));

test('a store that is opened again goes on where it was', () =>
  inDirectory(async (directory) => {
    for (const log of logs) await written(directory, [log]);
    const store = await openStore(directory, owner);
    expect(store.recovered).toEqual({ kept: logs.at(-1) });
    expect(store.incarnation).toBe(31);
    await store.close();
  }));

test('when the changes have outgrown the snapshot, a new one takes their place', () =>
  inDirectory(async (directory) => {
    const large = Array.from({ length: 40 }, (_, index) => ({ text: String(index % 10).repeat(100_000) }));
    await written(directory, large);
    expect(await readBack(directory)).toEqual({ kept: large.at(-1) });
    await written(directory, [{ text: 'and on' }]);
    expect(await readBack(directory)).toEqual({ kept: { text: 'and on' } });
  }));

test('a store has one user at a time', () =>
  inDirectory(async (directory) => {
    const store = await openStore(directory, owner);
    await expect(openStore(directory, owner)).rejects.toThrow('in use by another process');
    await store.close();
    expect(await readBack(directory)).toBe(null);
  }));

test.each([
  { ...owner, node: 'n2' },
  { ...owner, cluster: 'other' },
  { ...owner, protocolVersion: 2 },
])('a store serves its owner only: not %o', (other) =>
  inDirectory(async (directory) => {
    await written(directory, logs);
    await expect(openStore(directory, other)).rejects.toThrow('has the state of node n1 of cluster demo');
    expect(await readBack(directory)).toEqual({ kept: logs.at(-1) });
  }),
);

/** The files that hold the state. */
function filesOf(directory: string): string[] {
  return readdirSync(directory, { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.(log|ldb)$|MANIFEST|CURRENT|acknowledged/.test(file))
    .map((file) => join(directory, file));
}

/** Either an error that says so, or all is there: never less than was acknowledged. */
async function expectAllOrError(directory: string): Promise<'error' | 'all'> {
  try {
    expect(await readBack(directory)).toEqual({ kept: logs.at(-1) });
    return 'all';
  } catch (thrown) {
    expect(String(thrown)).toMatch(/is damaged|cannot be opened/);
    return 'error';
  }
}

test('a flipped bit anywhere is an error, or harmless', () =>
  inDirectory(async (directory) => {
    const original = join(directory, 'original');
    await written(original, logs);
    const results: string[] = [];
    for (const file of filesOf(original)) {
      const bytes = readFileSync(file);
      const stride = Math.max(1, Math.floor(bytes.length / 12));
      for (let at = 0; at < bytes.length; at += stride) {
        const copy = join(directory, 'copy');
        cpSync(original, copy, { recursive: true });
        const flipped = Buffer.from(bytes);
        flipped[at] = (flipped[at] ?? 0) ^ (1 << (at % 8));
        writeFileSync(file.replace(original, copy), flipped);
        results.push(await expectAllOrError(copy));
        rmSync(copy, { recursive: true });
      }
    }
    expect(results).toContain('error');
  }));

test('a truncated file is an error, or harmless', () =>
  inDirectory(async (directory) => {
    const original = join(directory, 'original');
    await written(original, logs);
    const results: string[] = [];
    for (const file of filesOf(original)) {
      const { length } = readFileSync(file);
      for (const left of new Set([0, Math.floor(length / 2), length - 40, length - 1].filter((size) => size >= 0))) {
        const copy = join(directory, 'copy');
        cpSync(original, copy, { recursive: true });
        truncateSync(file.replace(original, copy), left);
        results.push(await expectAllOrError(copy));
        rmSync(copy, { recursive: true });
      }
    }
    expect(results).toContain('error');
  }));

test('a state that has been deleted is noticed, and so is a deleted mark', () =>
  inDirectory(async (directory) => {
    await written(directory, logs);
    const mark = join(directory, 'acknowledged');
    copyFileSync(mark, join(directory, 'kept'));
    rmSync(mark);
    await expect(readBack(directory)).rejects.toThrow('acknowledged is missing');
    copyFileSync(join(directory, 'kept'), mark);
    rmSync(join(directory, 'state'), { recursive: true });
    await expect(readBack(directory)).rejects.toThrow('30 changes were acknowledged, and only 0 are there');
  }));

test('a write that was torn by a crash, and never acknowledged, is as if it had not been', () =>
  inDirectory(async (directory) => {
    const mark = join(directory, 'acknowledged');
    await written(directory, logs.slice(0, -1));
    const acknowledged = readFileSync(mark);
    await written(directory, logs.slice(-1));
    writeFileSync(mark, acknowledged);
    const log = filesOf(directory).find((file) => file.endsWith('.log')) ?? '';
    truncateSync(log, readFileSync(log).length - 5);
    expect(await readBack(directory)).toEqual({ kept: logs.at(-2) });
  }));
