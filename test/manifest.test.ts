/** The pinned runs of every built-in system: they give what the manifests say, and the manifests leave nothing out. */

import { describe, expect, test } from 'vitest';
import { effectiveParameters } from '../model/contract/system.ts';
import { builtInSystems } from '../model/registry.ts';
import { readManifest, resultOf, runName, symmetricResultOf } from '../scripts/manifest.ts';

const tiers = process.env.LOCKSTEP_FULL === '1' ? ['seconds', 'minutes'] : ['seconds'];

describe.each(builtInSystems.map((system) => ({ name: system.name, system, ...readManifest(system) })))(
  '$name',
  ({ system, runs, symmetric = [] }) => {
    const pinned = runs.filter(({ tier }) => tiers.includes(tier)).map((run) => ({ run, title: runName(run) }));

    test.each(pinned)('$title', { timeout: 1_800_000 }, async ({ run }) => {
      const { tier: _, parameters: __, mutant: ___, ...expected } = run;
      expect(await resultOf(system, run)).toEqual(expected);
    });

    test.each(symmetric.filter(({ tier }) => tiers.includes(tier)).map((run) => ({ run, title: runName(run) })))(
      '$title, up to symmetry',
      { timeout: 1_800_000 },
      async ({ run }) => {
        const { tier: _, parameters, mutant, ...expected } = run;
        const { result, alike } = await symmetricResultOf(system, run);
        expect(result).toEqual(expected);
        const whole = runs.find((other) => runName(other) === runName({ parameters, mutant }));
        expect(whole, `without symmetry, ${runName(run)} is not pinned`).toMatchObject({
          verdict: expected.verdict,
          distinct: expected.represented,
          ...alike,
        });
      },
    );

    test('the default run is pinned and holds', () => {
      const run = runs.find(({ mutant, parameters }) => mutant === null && Object.keys(parameters).length === 0);
      expect(run).toMatchObject({ verdict: 'holds', violated: [] });
    });

    test.each(Object.entries(system.mutants))(
      'mutant %s is killed: it violates what it is there to break',
      (name, { breaks }) => {
        const run = runs.find(({ mutant, parameters }) => mutant === name && Object.keys(parameters).length === 0);
        expect(run?.violated).toContain(breaks);
      },
    );

    test.each(Object.keys(system.mutants))('what kills mutant %s does not kill the protocol', (name) => {
      const bounds = effectiveParameters(system, {}, name);
      const sound = runs.find(
        ({ mutant, parameters }) =>
          mutant === null && JSON.stringify(effectiveParameters(system, parameters, null)) === JSON.stringify(bounds),
      );
      expect(sound, `no pinned run of the unbroken protocol with ${JSON.stringify(bounds)}`).toMatchObject({
        verdict: 'holds',
      });
    });
  },
);
