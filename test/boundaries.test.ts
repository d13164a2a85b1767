/** The linter refuses imports against the one way: spec <- model <- explorer <- cli. */

import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';

/** Whether the linter, set up as it is here, lets a file at this place import this. */
function allows(place: string, imported: string): boolean {
  const house = mkdtempSync(join(tmpdir(), 'lockstep-house-'));
  try {
    cpSync('biome.json', join(house, 'biome.json'));
    mkdirSync(dirname(join(house, place)), { recursive: true });
    writeFileSync(join(house, place), `import { thing } from '${imported}';\n\nexport const used = thing;\n`);
    const linter = join(process.cwd(), 'node_modules', '.bin', 'biome');
    const { status, stderr } = spawnSync(linter, ['check', '--vcs-enabled=false', place], {
      cwd: house,
      encoding: 'utf8',
    });
    const refused = stderr.includes('noRestrictedImports');
    expect(status, stderr).toBe(refused ? 1 : 0);
    return !refused;
  } finally {
    rmSync(house, { recursive: true });
  }
}

test.each([
  ['spec/x.ts', '../model/contract/data.ts'],
  ['spec/x.ts', 'node:fs'],
  ['model/contract/x.ts', '../../explorer/check.ts'],
  ['model/paxos/x.ts', '../contract/step.ts'],
  ['model/paxos/x.ts', 'node:fs'],
  ['explorer/x.ts', '../cli/main.ts'],
  ['explorer/engine/x.ts', '../../impl/x.ts'],
  ['impl/x.ts', '../explorer/check.ts'],
])('%s may not import %s', (place, imported) => expect(allows(place, imported)).toBe(false));

test.each([
  ['model/paxos/x.ts', '../contract/index.ts'],
  ['model/paxos/x.ts', '../../spec/consensus.ts'],
  ['explorer/x.ts', '../model/contract/step.ts'],
  ['impl/conformance/x.ts', '../../explorer/check.ts'],
  ['cli/x.ts', '../explorer/check.ts'],
])('%s may import %s', (place, imported) => expect(allows(place, imported)).toBe(true));
