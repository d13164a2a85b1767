/** Finding F9: leader completeness, put the wrong way, fails on correct Raft. An expected failure, kept and run. */

import { expect, test } from 'vitest';
import { exploreWithEngine } from '../../../explorer/engine/engine.ts';
import type { Instance } from '../../../model/contract/system.ts';
import { naiveCompleteness } from '../../../model/raft/properties.ts';
import { raftSystem } from '../../../model/raft/system.ts';

const instance = raftSystem.build({ schedule: 'n1,n3,n1', clients: 'stay', commands: 0, noop: true }, null);

test('naively: a leader of term 2, left behind, lacks an entry of term 1 that is committed in term 3', async () => {
  const { found } = await exploreWithEngine({ ...instance, properties: [naiveCompleteness] } as Instance);
  expect(found.get(naiveCompleteness.name)?.events).toHaveLength(14);
});

test('with the term of the commitment, that run is as it should be', async () => {
  const properties = instance.properties.filter(({ name }) => name === 'leader completeness');
  const { found, depth } = await exploreWithEngine({ ...instance, properties } as Instance, { depth: 15 });
  expect({ depth, violations: found.size }).toEqual({ depth: 15, violations: 0 });
});
