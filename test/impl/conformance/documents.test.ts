/** The recordings that docs/conformance.md shows are what seeded clusters record: `npx vitest run -u` writes them anew. */

import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { expect, test } from 'vitest';
import { conform } from '../../../impl/conformance/conform.ts';
import { raftSystem } from '../../../model/raft/system.ts';
import { Workshop } from '../../cli/program.ts';
import { type Sabotage, SeededCluster } from './seeded-cluster.ts';
import { runAtRandom } from './workloads.ts';

const workshop = new Workshop();

const forgetsItsVote: Sabotage = { recovered: (kept) => ({ ...(kept as object), votedFor: null }) };

test.each<[name: string, seed: number, sabotage: Sabotage, verdict: string]>([
  ['sound', 1, {}, 'conforms'],
  ['forgets-its-vote', 3, forgetsItsVote, 'diverges'],
])('%s', async (name, seed, sabotage, verdict) => {
  const cluster = runAtRandom(new SeededCluster(raftSystem, {}, seed, sabotage), 500);
  const files = cluster.files(`${workshop.path}/${name}`);
  expect(conform(files, cluster.instance).verdict).toBe(verdict);
  for (const file of files) {
    await expect(readFileSync(file, 'utf8')).toMatchFileSnapshot(`../../../docs/recordings/${name}/${basename(file)}`);
  }
});
