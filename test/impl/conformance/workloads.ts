/** Clients of a seeded cluster, and runs of it. */

import type { AnyTagged, ProcessId } from '../../../model/contract/protocol.ts';
import type { SeededCluster } from './seeded-cluster.ts';

type Workload = (index: number, node: ProcessId) => { readonly client: string; readonly request: AnyTagged };

/** What is asked of each system; the same request may come again, at another node. */
const workloads: Readonly<Record<string, Workload>> = {
  raft(index) {
    const seq = Math.ceil(index / 4);
    return { client: 'c1', request: { type: 'execute', seq, op: `op${seq}` } };
  },
  paxos: (index) => ({ client: `c${index % 4}`, request: { type: 'propose', value: `v${index}` } }),
  'sequence-paxos': (index, node) => ({
    client: 'c1',
    request:
      index % 7 === 0
        ? { type: 'leader', ballot: { round: index, proposer: node } }
        : { type: 'propose', command: `c${index}` },
  }),
};

/** So many draws of the scheduler, and a request now and then. */
export function runAtRandom(cluster: SeededCluster, draws: number): SeededCluster {
  const workload = workloads[cluster.system.name];
  if (workload === undefined) throw new Error(`there is no workload for ${cluster.system.name}`);
  let made = 0;
  for (let draw = 0; draw < draws; draw++) {
    cluster.step();
    if (draw % 25 !== 0) continue;
    made += 1;
    const node = cluster.ids[made % cluster.ids.length] ?? '';
    const { client, request } = workload(made, node);
    cluster.request(node, client, request);
  }
  return cluster;
}
