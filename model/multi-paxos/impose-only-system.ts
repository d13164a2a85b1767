/**
 * What goes wrong in Multi-Paxos without its read phase: the lecture's second stage, a system that is meant to fail. With one
 * epoch (workload=2) it holds.
 */

import { choice, integer, type Snapshot, sometimes, system } from '../contract/index.ts';
import { broadcastHistory, type History } from './history.ts';
import { imposeOnly, type Rules, type State, soundRules } from './impose-phase.ts';
import { broadcastProperties, delivers } from './properties.ts';
import { imposeOnlyScenarios } from './scenarios.ts';
import { ledEpochs, requestsOf, workload } from './workload.ts';

export const imposeOnlySystem = system({
  name: 'multi-paxos-impose-only',
  summary: 'Multi-Paxos, second stage: several leaders without a read phase. Unsafe: agreement is violated',
  parameters: {
    nodes: integer({ default: 3, min: 1, max: 7, help: 'replicas, of which some are leaders' }),
    workload: workload(11),
    network: choice({ default: 'bag', options: ['bag', 'set', 'fifo'], help: 'how messages travel' }),
  },
  rules: soundRules,
  scenarios: imposeOnlyScenarios,

  build({ nodes, workload, network }, rules: Rules) {
    const ids = Array.from({ length: nodes }, (_, index) => `n${index + 1}`);
    const epochs = ledEpochs(workload, ids);
    return {
      processes: ids.map((id) => ({ id, protocol: imposeOnly(rules) })),
      network,
      environment: { requests: requestsOf(epochs) },
      view: () => null,
      history: broadcastHistory<State>(({ leading }) => leading?.epoch ?? null),
      properties: [
        ...broadcastProperties(epochs.flatMap(({ commands }) => commands)),
        sometimes('a command is delivered', ({ history }: Snapshot<null, History>) => delivers(history, () => true)),
      ],
    };
  },
});
