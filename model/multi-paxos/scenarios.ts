/** The runs of Multi-Paxos that the lecture tells. */

import { asks, type EventPattern, type ProcessId, receives, type Scenario } from '../contract/index.ts';

/** A process is elected and reads what one other has taken: with itself, a majority of three. */
function elects(leader: ProcessId, epoch: number, voter: ProcessId): EventPattern[] {
  return [
    asks(leader, { type: 'elected', epoch }),
    receives(voter, 'Read', leader, { epoch }),
    receives(leader, 'Gather', voter, { epoch }),
  ];
}

const imposed = (to: ProcessId, from: ProcessId, value: string): EventPattern =>
  receives(to, 'Impose', from, { value });
const acked = (to: ProcessId, from: ProcessId, value: string): EventPattern => receives(to, 'Ack', from, { value });

const safe = {
  agreement: 'holds',
  'total order': 'holds',
  'gap-free delivery': 'holds',
} as const;

export const scenarios: Readonly<Record<string, Scenario>> = {
  'failure-free': {
    help: 'A leader that has read imposes a command; a majority acknowledges it to all.',
    source: 'lecture on coordinating distributed systems, "Simplified Paxos Failure-Free Message Flow"',
    parameters: { network: 'bag' },
    script: [
      ...elects('n1', 1, 'n2'),
      asks('n1', { type: 'broadcast', value: 'A' }),
      imposed('n2', 'n1', 'A'),
      imposed('n3', 'n1', 'A'),
      acked('n1', 'n2', 'A'),
      acked('n2', 'n3', 'A'),
      acked('n3', 'n1', 'A'),
    ],
    expect: { ...safe, 'a command is delivered': 'reached' },
  },
  failover: {
    help: 'The next leader reads what the last one has left behind, and imposes it in its own epoch.',
    source: 'lecture on coordinating distributed systems, "Paxos Leader failover Message Flow"',
    parameters: { network: 'bag' },
    script: [
      ...elects('n1', 1, 'n2'),
      asks('n1', { type: 'broadcast', value: 'A' }),
      imposed('n2', 'n1', 'A'),
      ...elects('n2', 2, 'n3'),
      imposed('n3', 'n2', 'A'),
      acked('n2', 'n3', 'A'),
      asks('n2', { type: 'broadcast', value: 'B' }),
      imposed('n3', 'n2', 'B'),
      acked('n2', 'n3', 'B'),
    ],
    expect: {
      ...safe,
      'a leader imposes what another has broadcast': 'reached',
      'a command is delivered that an earlier leader has broadcast': 'reached',
    },
  },
  'noop-fills-hole': {
    help: 'Only the second of two commands was taken: the next leader puts a noop before it. Its leader wanted A before B.',
    source:
      'lecture on coordinating distributed systems, "Paxos": noop fills holes; and "Leader order", with two epochs',
    parameters: { network: 'bag', workload: 20, 'leader-order': true },
    script: [
      ...elects('n1', 1, 'n3'),
      asks('n1', { type: 'broadcast', value: 'A' }),
      asks('n1', { type: 'broadcast', value: 'B' }),
      imposed('n2', 'n1', 'B'),
      ...elects('n2', 2, 'n3'),
      imposed('n3', 'n2', 'noop'),
      acked('n2', 'n3', 'noop'),
      imposed('n3', 'n2', 'B'),
      acked('n2', 'n3', 'B'),
    ],
    expect: {
      ...safe,
      'a noop is delivered': 'reached',
      'local leader order': 'violated',
      'global leader order': 'holds',
    },
  },
  'leader-order': {
    help: 'Three leaders, on links that keep their order: C and then B are delivered, though B was broadcast before C and after A.',
    source:
      'lecture on coordinating distributed systems, "Leader order and Paxos" (its commands 27 and 28 are 1 and 2 here)',
    parameters: { network: 'fifo', workload: 210, 'leader-order': true },
    script: [
      // Leader l1 starts epoch 126 and imposes A and B. The messages reach only l1.
      ...elects('n1', 1, 'n3'),
      asks('n1', { type: 'broadcast', value: 'A' }),
      asks('n1', { type: 'broadcast', value: 'B' }),
      // Leader l2 starts epoch 127 and imposes C. The message reaches only l2 and l3.
      ...elects('n2', 2, 'n3'),
      asks('n2', { type: 'broadcast', value: 'C' }),
      imposed('n3', 'n2', 'C'),
      // Leader l3 starts epoch 128. Only l1 and l3 are alive: l1 has A and B, l3 has C.
      asks('n3', { type: 'elected', epoch: 3 }),
      receives('n1', 'Ack', 'n3', { value: 'C', epoch: 2 }),
      receives('n1', 'Read', 'n3', { epoch: 3 }),
      // What l1 had sent before arrives before its GATHER: the links keep their order. l3 knows of later epochs.
      imposed('n3', 'n1', 'A'),
      receives('n3', 'Ack', 'n1', { value: 'A' }),
      imposed('n3', 'n1', 'B'),
      receives('n3', 'Ack', 'n1', { value: 'B' }),
      receives('n3', 'Gather', 'n1', { epoch: 3 }),
      // It imposes C as the first and B as the second.
      imposed('n1', 'n3', 'C'),
      imposed('n1', 'n3', 'B'),
      receives('n1', 'Ack', 'n3', { value: 'C', epoch: 3 }),
      receives('n1', 'Ack', 'n3', { value: 'B', epoch: 3 }),
    ],
    expect: { ...safe, 'local leader order': 'violated', 'global leader order': 'violated' },
  },
};
