/** What a service says of the log that it is over, on a simulated cluster that has served clients for a while. */

import { expect, test } from 'vitest';
import { processesOf } from '../../../impl/conformance/conform.ts';
import { replicatedLogs } from '../../../impl/service/replicated-log.ts';
import { Random } from '../../../impl/torture/random.ts';
import { SimulatedCluster } from '../../../impl/torture/simulation/cluster.ts';
import { VirtualTime } from '../../../impl/torture/simulation/virtual-time.ts';
import { startWorkload } from '../../../impl/torture/workload.ts';
import { effectiveParameters } from '../../../model/contract/system.ts';
import { BLOCK } from '../../../model/kernels/log.ts';
import { omniPaxosServiceSystem } from '../../../model/omni-paxos-service/system.ts';
import { raftSystem } from '../../../model/raft/system.ts';

const served = { raft: raftSystem, 'omni-paxos-service': omniPaxosServiceSystem };

test.each(Object.entries(served))('%s tells who leads, and how long the log is, however long', async (name, system) => {
  const log = replicatedLogs[name];
  if (log === undefined) throw new Error(`${name} replicates no log`);
  const parameters = effectiveParameters(system, log.parameters, null);
  const instance = system.build(parameters, null);
  processesOf(name, instance);
  const [time, random] = [new VirtualTime(), new Random(1)];
  const onFailure = (node: string, error: Error) => {
    throw new Error(`${node}: ${error.message}`);
  };
  const origin = { cluster: 'test', system: name, parameters, mutant: null };
  const cluster = new SimulatedCluster({ instance, log, time, random, origin, recorder: () => null, onFailure });
  cluster.start();
  const workload = startWorkload({
    clients: 4,
    keys: 4,
    pause: 20,
    nodes: cluster.nodes,
    ask: cluster.ask,
    clock: time,
    random,
    history: () => {},
  });
  await time.until(4000);
  const stopped = workload.stop();
  await time.until(10_000);
  await stopped;
  const standings = cluster.nodes.map((id) => log.standing(cluster.running(id)?.local?.state ?? {}, id));
  expect(workload.tally.executed).toBeGreaterThan(2 * BLOCK);
  for (const { committed, logLength } of standings) {
    expect(committed).toBeGreaterThanOrEqual(workload.tally.executed);
    expect(logLength).toBe(committed);
  }
  expect(new Set(standings.map(({ leader }) => leader)).size).toBe(1);
});
