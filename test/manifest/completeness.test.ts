/** What is pinned: the manifests leave nothing out, and the tests that repeat their runs leave none of these out. */

import { readdirSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { effectiveParameters } from '../../model/contract/system.ts';
import { builtInSystems } from '../../model/registry.ts';
import { readManifest } from '../../scripts/manifest.ts';
import { SHARES } from './pinned-runs.ts';

test('every share of the pinned runs is run', () => {
  const files = readdirSync(new URL('.', import.meta.url)).filter((name) => name.startsWith('share-'));
  expect(files.sort()).toEqual(Array.from({ length: SHARES }, (_, share) => `share-${share + 1}.test.ts`));
});

describe.each((await builtInSystems()).map((system) => ({ name: system.name, system, ...readManifest(system) })))(
  '$name',
  ({ system, runs }) => {
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
