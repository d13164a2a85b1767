/**
 * The pinned runs of every built-in system give what the manifests say; in the full check all of them, with one worker, two
 * and four. They are shared out over several files, which vitest runs at the same time.
 */

import { expect, test } from 'vitest';
import type { System } from '../../model/contract/system.ts';
import { builtInSystems } from '../../model/registry.ts';
import {
  type PinnedRun,
  readManifest,
  resultOf,
  runName,
  type SymmetricRun,
  symmetricResultOf,
} from '../../scripts/manifest.ts';
import { byWorkers } from '../threads.ts';

/** How many files there are. */
export const SHARES = 6;

interface Job {
  readonly title: string;
  /** The transitions to be made, about. */
  readonly effort: number;
  run(): Promise<void>;
}

const systems = await builtInSystems();
const full = process.env.LOCKSTEP_FULL === '1';
const tiers = full ? ['seconds', 'minutes'] : ['seconds'];

/** Defines the tests of one share, from 1. */
export function testShare(share: number): void {
  for (const { title, run } of shares()[share - 1] ?? []) test(title, { timeout: 1_800_000 }, run);
}

/** Each job, the largest first, goes to the share that has least to do. */
function shares(): Job[][] {
  const all = Array.from({ length: SHARES }, () => ({ jobs: [] as Job[], effort: 0 }));
  for (const job of allJobs().toSorted((a, b) => b.effort - a.effort)) {
    const least = all.reduce((one, other) => (other.effort < one.effort ? other : one));
    least.jobs.push(job);
    least.effort += job.effort;
  }
  return all.map(({ jobs }) => jobs);
}

function allJobs(): Job[] {
  return systems.flatMap((system) => {
    const { runs, symmetric = [] } = readManifest(system);
    return [
      ...runs.filter(({ tier }) => tiers.includes(tier)).flatMap((run) => plainJobs(system, run)),
      ...symmetric.filter(({ tier }) => tiers.includes(tier)).map((run) => symmetricJob(system, run, runs)),
    ];
  });
}

function plainJobs(system: System, run: PinnedRun): Job[] {
  const { tier: _, parameters: __, mutant: ___, ...expected } = run;
  const alone = {
    title: `${system.name}: ${runName(run)}`,
    effort: run.generated,
    run: async () => expect(await resultOf(system, run)).toEqual(expected),
  };
  const together = [2, 4].map((workers) => ({
    title: `${alone.title}, by ${workers} workers`,
    effort: run.generated,
    run: async () => expect(await resultOf(system, run, byWorkers(system, workers))).toEqual(expected),
  }));
  return full ? [alone, ...together] : [alone];
}

function symmetricJob(system: System, run: SymmetricRun, runs: readonly PinnedRun[]): Job {
  const { tier: _, parameters, mutant, ...expected } = run;
  return {
    title: `${system.name}: ${runName(run)}, up to symmetry`,
    effort: run.generated,
    run: async () => {
      const { result, alike } = await symmetricResultOf(system, run);
      expect(result).toEqual(expected);
      const whole = runs.find((other) => runName(other) === runName({ parameters, mutant }));
      expect(whole, `without symmetry, ${runName(run)} is not pinned`).toMatchObject({
        verdict: expected.verdict,
        distinct: expected.represented,
        ...alike,
      });
    },
  };
}
