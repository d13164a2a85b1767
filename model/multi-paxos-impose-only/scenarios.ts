/** The run of two leaders that the read phase is there to prevent. */

import { asks, type EventPattern, type ProcessId, receives, type Scenario } from '../contract/index.ts';

const imposed = (to: ProcessId, from: ProcessId, value: string): EventPattern =>
  receives(to, 'Impose', from, { value });
const acked = (to: ProcessId, from: ProcessId, value: string): EventPattern => receives(to, 'Ack', from, { value });

export const scenarios: Readonly<Record<string, Scenario>> = {
  'two-leaders': {
    help: 'A leader that has not read imposes its own command where another one has been delivered.',
    source: 'lecture on coordinating distributed systems, "What if the leader is not stable?"',
    parameters: { workload: 11 },
    script: [
      asks('n1', { type: 'elected', epoch: 1 }),
      asks('n1', { type: 'broadcast', value: 'A' }),
      imposed('n3', 'n1', 'A'),
      acked('n1', 'n3', 'A'),
      asks('n2', { type: 'elected', epoch: 2 }),
      asks('n2', { type: 'broadcast', value: 'B' }),
      imposed('n3', 'n2', 'B'),
      acked('n2', 'n3', 'B'),
    ],
    expect: { agreement: 'violated', 'total order': 'holds', 'no creation': 'holds' },
  },
};
