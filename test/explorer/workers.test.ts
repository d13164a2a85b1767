/** Searches by several threads. */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { type CheckOptions, type CheckResult, check } from '../../explorer/check.ts';
import type { System } from '../../model/contract/system.ts';
import { paxosSystem } from '../../model/paxos/system.ts';
import { builtInSystems } from '../../model/registry.ts';
import { type PinnedRun, readManifest, runName } from '../../scripts/manifest.ts';
import { pacedClock } from '../paced-clock.ts';
import { built, byWorkers } from '../threads.ts';

const systems = await builtInSystems();

/** All of a result that must not depend on the workers. */
function essence({ elapsedMs: _, handlerCalls: __, ...rest }: CheckResult): unknown {
  return rest;
}

async function checkWith(system: System, workers: number, options: CheckOptions): Promise<CheckResult> {
  return check(system, { ...options, ...byWorkers(system, workers), onProgress: standBack });
}

/** Stops this thread for so many milliseconds. */
const stop = (milliseconds: number): void =>
  void Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds);

/** At each look around, which with a clock of this pace is every few hundred states, the coordinator lets others work. */
const standBack = (): void => stop(1);
const PACE = 100;
beforeEach(() => pacedClock(PACE));

/** Whether a thread took part: it takes some of the steps that it knows again at the end, as the coordinator does. */
function isShared(alone: CheckResult, together: CheckResult): boolean {
  return calls(together) > calls(alone);
}

function calls({ handlerCalls }: CheckResult): number {
  return (handlerCalls?.memoised ?? 0) + (handlerCalls?.repeated ?? 0);
}

/**
 * The systems that have a small run in which a level is work for two; of the others, one worker would do all. (The full check
 * runs all of the manifests with two workers and with four.)
 */
const WIDE = [
  'paxos-register',
  'multi-paxos',
  'multi-paxos-impose-only',
  'multi-paxos-corrupted-disk',
  'zab',
  'raft',
  'omni-paxos-service',
  'two-phase-commit-message-set',
  'dueling-proposers',
  'eventual-leader',
  'ben-or',
];
const wide = systems.filter(({ name }) => WIDE.includes(name));

/** The largest pinned run that is small; of every other system one with a mutant. */
function runOf(system: System): PinnedRun {
  const { runs } = readManifest(system);
  const small = runs
    .filter(({ tier, distinct }) => tier === 'seconds' && distinct < 20_000)
    .toSorted((a, b) => b.distinct - a.distinct);
  const isWhole = systems.indexOf(system) % 2 === 0;
  const [run] = [...small.filter(({ mutant }) => (mutant === null) === isWhole), ...small];
  if (run === undefined) throw new Error(`${system.name} has no small run`);
  return run;
}

test('threads are started while the search goes on, and join it', async () => {
  let most = 1;
  const waitFor = (workers: number) => (now: { workers: number }) => {
    most = Math.max(most, now.workers);
    // A level ends when the coordinator is done with its part.
    if (now.workers < workers) stop(400);
  };
  const alone = await check(paxosSystem);
  const options = { ...byWorkers(paxosSystem, 3), workersAfter: 4 * PACE, onProgress: waitFor(3) };
  expect(essence(await check(paxosSystem, options))).toEqual(essence(alone));
  expect(most).toBe(3);
});

test('whoever does the work: counts, verdicts and the runs shown are those of one worker', async () => {
  let shared = 0;
  expect(wide).toHaveLength(WIDE.length);
  for (const system of wide) {
    const run = runOf(system);
    const { parameters, mutant } = run;
    const alone = await checkWith(system, 1, { parameters, mutant, profile: true });
    for (const workers of system === wide[0] ? [2, 4] : [2]) {
      const together = await checkWith(system, workers, { parameters, mutant, profile: true });
      const name = `${system.name} ${runName(run)} with ${workers} workers`;
      expect(essence(together), name).toEqual(essence(alone));
      if (isShared(alone, together)) shared++;
    }
  }
  // A thread may still come too late for the few chunks that there are.
  expect(shared).toBeGreaterThan(WIDE.length / 3);
}, 3_600_000);

test('with symmetry too', async () => {
  const cases = [
    ['raft', {}],
    ['raft', { mutant: 'commit-no-min' }],
    ['sequence-paxos', {}],
    ['paxos-commit', { parameters: { ballots: 3 }, depth: 16 }],
  ] as const;
  let shared = 0;
  for (const [name, options] of cases) {
    const system = systems.find((candidate) => candidate.name === name);
    if (system === undefined) throw new Error(`there is no system ${name}`);
    const alone = await checkWith(system, 1, { ...options, symmetry: true });
    const together = await checkWith(system, 3, { ...options, symmetry: true });
    expect(essence(together), name).toEqual(essence(alone));
    if (isShared(alone, together)) shared++;
  }
  expect(shared).toBeGreaterThan(1);
}, 600_000);

test('with a reduction too, but for how much is left out and which of the shortest runs is shown', async () => {
  const cases = [
    ['raft', { parameters: { elections: 1, commands: 2 } }],
    ['paxos', { mutant: 'own-value' }],
    ['multi-paxos-stable-leader', {}],
  ] as const;
  const counted = ({ properties, counterexample, skipped, ...rest }: CheckResult) => {
    expect(skipped).toBeGreaterThan(rest.generated / 3);
    const verdicts = properties.map(({ name, verdict, trace }) => ({ name, verdict, steps: trace?.events.length }));
    return [
      essence({ ...rest, skipped: null, properties: [], counterexample: null }),
      verdicts,
      counterexample === null,
    ];
  };
  for (const [name, options] of cases) {
    const system = systems.find((candidate) => candidate.name === name);
    if (system === undefined) throw new Error(`there is no system ${name}`);
    const alone = counted(await checkWith(system, 1, { ...options, reduction: true }));
    expect(counted(await checkWith(system, 3, { ...options, reduction: true })), name).toEqual(alone);
  }
}, 600_000);

describe('a thread that fails', () => {
  const directory = mkdtempSync(join(tmpdir(), 'lockstep-test-'));
  afterAll(() => rmSync(directory, { recursive: true }));

  /** A protocol that counts messages, and in other threads than the first does something else as well. */
  async function counting(inThreads: string): Promise<{ system: System; options: CheckOptions }> {
    const path = join(directory, `${Buffer.from(inThreads).toString('hex').slice(0, 40)}.mjs`);
    writeFileSync(
      path,
      `import { isMainThread } from 'node:worker_threads';
      import { protocol, system, always } from ${JSON.stringify(built('index.js'))};
      const counter = protocol({
        name: 'counter', version: 1, messages: {}, timers: ['tick', 'tock'],
        init: () => ({ ticks: 0, tocks: 0 }),
        start(state, process) { process.setTimer('tick'); process.setTimer('tock'); },
        receive: {},
        timeout: {
          tick(state, process) { if (!isMainThread) { ${inThreads} } state.ticks++; process.setTimer('tick'); },
          tock(state, process) { state.tocks++; process.setTimer('tock'); },
        },
      });
      export default system({
        name: 'counters', summary: '',
        build: () => ({
          processes: ['a', 'b', 'c'].map((id) => ({ id, protocol: counter })),
          network: 'bag', bounds: { local: { few: ({ ticks, tocks }) => ticks < 9 && tocks < 9 } },
          view: () => 0, properties: [],
        }),
      });`,
    );
    const module = pathToFileURL(path).href;
    const { default: system } = await import(module);
    const origin = { module, export: 'default' };
    return { system, options: { workers: 3, workersAfter: 0, origin, onProgress: standBack } };
  }

  test('that does not fail shares the work', async () => {
    const { system, options } = await counting('');
    expect(await check(system, options)).toMatchObject({ verdict: 'holds', distinct: 9 ** 6 });
  });

  test('a model that throws there is reported as one that throws here', async () => {
    const { system, options } = await counting(`throw new Error('only there')`);
    await expect(check(system, options)).rejects.toThrow(/handler timeout.tick.*only there/s);
  });

  test('a model that ends the thread does not leave the search waiting', async () => {
    const { system, options } = await counting('globalThis.process.exit(3)');
    await expect(check(system, options)).rejects.toThrow(/worker thread/);
  });

  test('a system that the thread cannot load is an error', async () => {
    const { system, options } = await counting('');
    const origin = { module: pathToFileURL(join(directory, 'missing.mjs')).href, export: 'default' };
    await expect(check(system, { ...options, origin })).rejects.toThrow(/missing.mjs/);
  });
});
