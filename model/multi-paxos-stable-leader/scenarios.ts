/** The run of two leaders that epochs are there to prevent. */

import { asks, type EventPattern, type ProcessId, receives, type Scenario } from '../contract/index.ts';

const imposed = (to: ProcessId, from: ProcessId, value: string): EventPattern =>
  receives(to, 'Impose', from, { value });
const acked = (to: ProcessId, from: ProcessId, value: string): EventPattern => receives(to, 'Ack', from, { value });

export const scenarios: Readonly<Record<string, Scenario>> = {
  'two-leaders': {
    help: 'Two processes believe to lead: each imposes its command as the first, and each finds another replica to take it.',
    source: 'lecture on coordinating distributed systems, "What if the leader is not stable?"',
    parameters: { leaders: 2 },
    script: [
      asks('n1', { type: 'broadcast', value: 'A' }),
      asks('n2', { type: 'broadcast', value: 'B' }),
      imposed('n3', 'n1', 'A'),
      acked('n1', 'n3', 'A'),
      imposed('n3', 'n2', 'B'),
      acked('n2', 'n3', 'B'),
    ],
    expect: { agreement: 'violated', 'no creation': 'holds' },
  },
};
