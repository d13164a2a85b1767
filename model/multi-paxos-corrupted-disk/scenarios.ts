/** When a replica that has lost its disk may vote again: the lecture's rule, what is wrong with it, and what is right. */

import { asks, type EventPattern, type ProcessId, receives, type Scenario } from '../contract/index.ts';

const source = 'lecture on coordinating distributed systems, "Example: Corrupted disks"';

const elected = (leader: ProcessId, epoch: number): EventPattern => asks(leader, { type: 'elected', epoch });
const broadcast = (leader: ProcessId, value: string): EventPattern => asks(leader, { type: 'broadcast', value });
const corrupted = (process: ProcessId): EventPattern => asks(process, { type: 'corrupted' });

/** A message of the leader and its answer. */
function answers(leader: ProcessId, asked: string, answered: string, by: ProcessId, fields = {}): EventPattern[] {
  return [receives(by, asked, leader, fields), receives(leader, answered, by, fields)];
}

/** n3 takes A and loses its disk; n1 has not heard of its ACK yet when it says how far it is. B is ordered without n3. */
const losesWhatItTook: EventPattern[] = [
  elected('n1', 1),
  broadcast('n1', 'A'),
  receives('n3', 'Impose', 'n1', { value: 'A' }),
  corrupted('n3'),
  receives('n1', 'CatchUp', 'n3'),
  receives('n3', 'Learn', 'n1'),
  receives('n1', 'Ack', 'n3', { value: 'A' }),
  broadcast('n1', 'B'),
  ...answers('n1', 'Impose', 'Ack', 'n2', { value: 'B' }),
  receives('n3', 'Ordered', 'n1', { value: 'B' }),
];

export const scenarios: Readonly<Record<string, Scenario>> = {
  'one-instance': {
    help: 'A was delivered thanks to the replica that has forgotten it; having observed B, that replica helps to put a noop there.',
    source: `${source}, as it is written`,
    parameters: { workload: 20, seqnos: 2, wait: 'instance' },
    script: [
      ...losesWhatItTook,
      elected('n2', 2),
      ...answers('n2', 'Read', 'Gather', 'n3', { epoch: 2 }),
      ...answers('n2', 'Impose', 'Ack', 'n3', { value: 'noop' }),
    ],
    expect: { agreement: 'violated' },
  },
  'everything-below': {
    help: 'The same run when the replica waits until it has learned everything below the instance: it learns of A in time.',
    source: `${source}, repaired`,
    parameters: { workload: 20, seqnos: 2, wait: 'below' },
    script: [
      ...losesWhatItTook,
      receives('n1', 'CatchUp', 'n3'),
      receives('n3', 'Learn', 'n1', { started: 2 }),
      elected('n2', 2),
      ...answers('n2', 'Read', 'Gather', 'n3', { epoch: 2 }),
      ...answers('n2', 'Impose', 'Ack', 'n3', { value: 'A' }),
    ],
    expect: { agreement: 'holds', 'a replica that has rebuilt votes again': 'reached' },
  },
  'five-replicas': {
    help: 'The replica has promised epoch 2, forgets it, observes an instance of epoch 1 and votes in epoch 1 again.',
    source: `${source}: "could not have reneged on an earlier promise"`,
    parameters: { nodes: 5, workload: 21, seqnos: 2, wait: 'below' },
    script: [
      elected('n1', 1),
      // n2 is elected in epoch 2; n5 promises it not to vote in epoch 1, and loses its disk.
      elected('n2', 2),
      ...answers('n2', 'Read', 'Gather', 'n5'),
      corrupted('n5'),
      receives('n1', 'CatchUp', 'n5'),
      receives('n5', 'Learn', 'n1'),
      // A is ordered in epoch 1 without n5, which observes it.
      broadcast('n1', 'A'),
      ...answers('n1', 'Impose', 'Ack', 'n3', { value: 'A' }),
      ...answers('n1', 'Impose', 'Ack', 'n4', { value: 'A' }),
      receives('n5', 'Ordered', 'n1', { value: 'A' }),
      // B is ordered in epoch 1 with n5: it is delivered by n1.
      broadcast('n1', 'B'),
      ...answers('n1', 'Impose', 'Ack', 'n4', { value: 'B' }),
      ...answers('n1', 'Impose', 'Ack', 'n5', { value: 'B' }),
      // n2 hears from n3, which has not taken B; with the old answer of n5, that is a majority.
      ...answers('n2', 'Read', 'Gather', 'n3'),
      broadcast('n2', 'C'),
      ...answers('n2', 'Impose', 'Ack', 'n3', { value: 'C' }),
      ...answers('n2', 'Impose', 'Ack', 'n5', { value: 'C' }),
      receives('n2', 'Ordered', 'n1', { value: 'A' }),
    ],
    expect: { agreement: 'violated', 'a replica that has rebuilt votes again': 'reached' },
  },
};
