/** Recorded runs in which the protocol itself is at fault: each step is the model's, and a property fails, however late. */

import { mkdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import { conform } from '../../../impl/conformance/conform.ts';
import { FileRecorder, recordingPath } from '../../../impl/recording/file-recorder.ts';
import { replicatedLogs } from '../../../impl/service/replicated-log.ts';
import { soak } from '../../../impl/torture/simulation/simulate.ts';
import type { ProcessInstance, System } from '../../../model/contract/system.ts';
import { omniPaxosServiceSystem } from '../../../model/omni-paxos-service/system.ts';
import { paxosSystem } from '../../../model/paxos/system.ts';
import { raftSystem } from '../../../model/raft/system.ts';
import { sequencePaxosSystem } from '../../../model/sequence-paxos/system.ts';
import { Workshop } from '../../cli/program.ts';
import { SeededCluster } from './seeded-cluster.ts';
import { runAtRandom } from './workloads.ts';

const workshop = new Workshop();

/** The divergence of the first run, by seed, that has one. Properties without a monitor are not judged. */
function firstDivergence(system: System, mutant: string) {
  for (let seed = 1; seed <= 30; seed++) {
    const cluster = runAtRandom(new SeededCluster(system, {}, seed, {}, mutant), 3000);
    const { divergence } = conform(cluster.files(`${workshop.path}/${system.name} ${mutant}`), cluster.instance, {
      judged: 0,
    });
    if (divergence !== null) return divergence;
  }
  throw new Error('it was not caught in any run');
}

test.each([
  ['paxos', 'own-value', paxosSystem],
  ['paxos', 'volatile-promise', paxosSystem],
  ['paxos', 'minority-votes', paxosSystem],
  ['sequence-paxos', 'no-prepare-req', sequencePaxosSystem],
  ['sequence-paxos', 'max-round-only', sequencePaxosSystem],
  ['sequence-paxos', 'volatile-nprom', sequencePaxosSystem],
])('%s with mutant %s', (_, mutant, system) => {
  expect(firstDivergence(system, mutant)).toMatchObject({ rule: 'property' });
});

/** What becomes of a soak of a served system, judged by its recordings. */
async function soaked(system: System, mutant: string | null, seed: number) {
  const log = replicatedLogs[system.name];
  if (log === undefined) throw new Error(`${system.name} replicates no log`);
  const instance = system.build(log.parameters, mutant) as ProcessInstance;
  const directory = `${workshop.path}/soak ${system.name} ${mutant} ${seed}`;
  mkdirSync(directory);
  const recorders: FileRecorder[] = [];
  const origin = { cluster: 'soak', system: system.name, parameters: log.parameters, mutant };
  const { failures } = await soak({
    instance,
    log,
    origin,
    seed,
    seconds: 15,
    clients: 4,
    recorder(node) {
      const recorder = new FileRecorder(directory, node, (error) => {
        throw error;
      });
      recorders.push(recorder);
      return recorder;
    },
  });
  for (const recorder of recorders) recorder.close();
  expect(failures).toEqual([]);
  return conform(
    instance.processes.map(({ id }) => recordingPath(directory, id)),
    instance,
  );
}

test.each([
  [raftSystem.name, raftSystem],
  [omniPaxosServiceSystem.name, omniPaxosServiceSystem],
])('a soak of %s is judged whole', async (_, system) => {
  const { divergence, properties, steps } = await soaked(system, null, 1);
  expect(divergence).toBeNull();
  expect(steps).toBeGreaterThan(1000);
  for (const { name, steps: judged, reason } of properties) {
    if (reason?.includes("model's environment") !== true) expect([name, judged]).toEqual([name, steps]);
  }
});

test('a soak of omni-paxos-service whose processes forget what they have executed is found out', async () => {
  const found = [];
  for (let seed = 1; seed <= 5; seed++)
    found.push((await soaked(omniPaxosServiceSystem, 'forgets-decided', seed)).divergence);
  expect(found).toContainEqual(
    expect.objectContaining({
      rule: 'property',
      message: expect.stringContaining('has another state than what it has decided leads to'),
    }),
  );
});
