/**
 * Pins what the runs of each system's manifest give: `npm run pin [SYSTEM...] [-- --minutes]`. The default run and a run of
 * each mutant are added where they are missing; others, and those with symmetry, are added by hand, with their tier,
 * parameters and mutant.
 */

import { writeFileSync } from 'node:fs';
import type { System } from '../model/contract/system.ts';
import { builtInSystems } from '../model/registry.ts';
import {
  manifestPath,
  type PinnedRun,
  readManifest,
  resultOf,
  runName,
  type SymmetricRun,
  symmetricResultOf,
} from './manifest.ts';

const args = process.argv.slice(2);
const minutes = args.includes('--minutes');
const names = args.filter((arg) => !arg.startsWith('--'));

for (const system of await builtInSystems()) {
  if (names.length > 0 && !names.includes(system.name)) continue;
  const runs: PinnedRun[] = [];
  for (const run of withMissing(system, readManifest(system).runs)) {
    if (run.tier === 'minutes' && !minutes) {
      runs.push(run);
      continue;
    }
    const started = performance.now();
    const result = await resultOf(system, run);
    const { tier, parameters, mutant } = run;
    runs.push({ tier, parameters, mutant, ...result });
    const seconds = ((performance.now() - started) / 1000).toFixed(1);
    console.log(`${system.name}: ${runName(run)}: ${result.verdict}, ${result.distinct} distinct, ${seconds} s`);
  }
  const symmetric = await pinnedSymmetric(system, readManifest(system).symmetric ?? []);
  const manifest = symmetric.length === 0 ? { runs } : { runs, symmetric };
  writeFileSync(manifestPath(system), `${JSON.stringify(manifest, null, 2)}\n`);
}

async function pinnedSymmetric(system: System, runs: readonly SymmetricRun[]): Promise<SymmetricRun[]> {
  const pinned: SymmetricRun[] = [];
  for (const run of runs) {
    const { tier, parameters, mutant } = run;
    if (tier === 'minutes' && !minutes) {
      pinned.push(run);
      continue;
    }
    const { result } = await symmetricResultOf(system, run);
    pinned.push({ tier, parameters, mutant, ...result });
    console.log(`${system.name}: ${runName(run)}: ${result.distinct} for ${result.represented}, with symmetry`);
  }
  return pinned;
}

function withMissing(system: System, runs: readonly PinnedRun[]): PinnedRun[] {
  const wanted = [null, ...Object.keys(system.mutants)].filter(
    (mutant) => !runs.some((run) => run.mutant === mutant && Object.keys(run.parameters).length === 0),
  );
  const blank = { verdict: 'incomplete', distinct: 0, generated: 0, depth: 0, lengths: {}, violated: [] } as const;
  return [...runs, ...wanted.map((mutant) => ({ tier: 'seconds', parameters: {}, mutant, ...blank }) as const)];
}
