/**
 * What goes wrong in Multi-Paxos without its read phase: the lecture's second stage. With one leader it holds; it is there to
 * fail with two, workload=11.
 */

import { choice, integer, type Snapshot, sometimes, system } from '../contract/index.ts';
import { broadcastHistory, type History } from '../multi-paxos/history.ts';
import { imposeOnly, type Rules, type State, soundRules } from '../multi-paxos/impose-phase.ts';
import { broadcastProperties, delivers } from '../multi-paxos/properties.ts';
import { interchangeableIn, ledEpochs, requestsOf, workload } from '../multi-paxos/workload.ts';
import { scenarios } from './scenarios.ts';

export const imposeOnlySystem = system({
  name: 'multi-paxos-impose-only',
  summary: 'Multi-Paxos, second stage: epochs, but no read phase. Unsafe with two leaders (workload=11)',
  parameters: {
    nodes: integer({ default: 3, min: 1, max: 7, help: 'replicas, of which some are leaders' }),
    workload: workload(2),
    network: choice({ default: 'bag', options: ['bag', 'set', 'fifo'], help: 'how messages travel' }),
  },
  rules: soundRules,
  scenarios,

  build({ nodes, workload, network }, rules: Rules) {
    const ids = Array.from({ length: nodes }, (_, index) => `n${index + 1}`);
    const epochs = ledEpochs(workload, ids);
    return {
      processes: ids.map((id) => ({ id, protocol: imposeOnly(rules) })),
      network,
      environment: { requests: requestsOf(epochs) },
      view: () => null,
      history: broadcastHistory<State>(({ leading }) => leading?.epoch ?? null),
      symmetry: interchangeableIn(epochs, ids),
      properties: [
        ...broadcastProperties(epochs.flatMap(({ commands }) => commands)),
        sometimes('a command is delivered', ({ history }: Snapshot<null, History>) => delivers(history, () => true)),
      ],
    };
  },
});
