/**
 * Pins what the runs of each system's manifest give: `npm run pin [SYSTEM...] [-- --minutes]`. The default run and a run of
 * each mutant are added where they are missing; others are added by hand, with their tier and parameters.
 */

import { writeFileSync } from 'node:fs';
import type { System } from '../model/contract/system.ts';
import { builtInSystems } from '../model/registry.ts';
import { manifestPath, type PinnedRun, readManifest, resultOf, runName } from './manifest.ts';

const args = process.argv.slice(2);
const minutes = args.includes('--minutes');
const names = args.filter((arg) => !arg.startsWith('--'));

for (const system of builtInSystems) {
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
  writeFileSync(manifestPath(system), `${JSON.stringify({ runs }, null, 2)}\n`);
}

function withMissing(system: System, runs: readonly PinnedRun[]): PinnedRun[] {
  const wanted = [null, ...Object.keys(system.mutants)].filter(
    (mutant) => !runs.some((run) => run.mutant === mutant && Object.keys(run.parameters).length === 0),
  );
  const blank = { verdict: 'incomplete', distinct: 0, generated: 0, depth: 0, lengths: {}, violated: [] } as const;
  return [...runs, ...wanted.map((mutant) => ({ tier: 'seconds', parameters: {}, mutant, ...blank }) as const)];
}
