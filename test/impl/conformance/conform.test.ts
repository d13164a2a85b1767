/** Code to model: what sound nodes record is a run of the model. */

import { expect, test } from 'vitest';
import { conform } from '../../../impl/conformance/conform.ts';
import { paxosSystem } from '../../../model/paxos/system.ts';
import { raftSystem } from '../../../model/raft/system.ts';
import { sequencePaxosSystem } from '../../../model/sequence-paxos/system.ts';
import { Workshop } from '../../cli/program.ts';
import { SeededCluster } from './seeded-cluster.ts';
import { runAtRandom } from './workloads.ts';

const workshop = new Workshop();

test.each([
  ['paxos', paxosSystem, {}],
  ['raft', raftSystem, {}],
  ['raft as it is served', raftSystem, { batch: 10, skipBack: true, noop: true, parallelWrite: true }],
  ['sequence-paxos', sequencePaxosSystem, {}],
])('%s conforms, under crashes and lost sessions', (name, system, parameters) => {
  let incarnations = 0;
  let undone = 0;
  for (let seed = 1; seed <= 3; seed++) {
    const cluster = runAtRandom(new SeededCluster(system, parameters, seed), 3000);
    const found = conform(cluster.files(`${workshop.path}/${name} ${seed}`), cluster.instance);
    expect(found.divergence, `seed ${seed}`).toBeNull();
    expect(found).toMatchObject({ verdict: 'conforms', absent: [] });
    const taken = found.nodes.reduce((sum, { steps }) => sum + steps, 0);
    const never = found.nodes.reduce((sum, node) => sum + node.undone, 0);
    expect(found.steps).toBe(taken - never);
    incarnations += found.nodes.reduce((sum, node) => sum + node.incarnations, 0);
    undone += never;
  }
  // The runs are worth judging: nodes were killed, some of them in the middle of a write.
  expect(incarnations).toBeGreaterThan(20);
  if (name === 'raft') expect(undone).toBeGreaterThan(0);
});
