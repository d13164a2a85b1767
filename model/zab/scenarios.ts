/** The run of leader order on Zab, and what can go wrong when an epoch is shared or a follower comes late. */

import { asks, type EventPattern, type ProcessId, receives, type Scenario } from '../contract/index.ts';

const broadcast = (leader: ProcessId, value: string): EventPattern => asks(leader, { type: 'broadcast', value });
const follow = (follower: ProcessId, leader: ProcessId): EventPattern => asks(follower, { type: 'follow', leader });
const proposed = (to: ProcessId, from: ProcessId, value: string): EventPattern =>
  receives(to, 'Propose', from, { transaction: { value } });

/** Phases 1 and 2 of a leader with one follower: with itself, a quorum of three. */
function establishes(leader: ProcessId, follower: ProcessId): EventPattern[] {
  return [asks(leader, { type: 'elected' }), follow(follower, leader), ...synchronizes(leader, follower)];
}

function synchronizes(leader: ProcessId, follower: ProcessId): EventPattern[] {
  return [
    receives(leader, 'CEpoch', follower),
    receives(follower, 'NewEpoch', leader),
    receives(leader, 'AckE', follower),
    receives(follower, 'NewLeader', leader),
    receives(leader, 'AckLD', follower),
    receives(follower, 'CommitLD', leader),
  ];
}

const orders = {
  agreement: 'holds',
  'total order': 'holds',
  'local leader order': 'holds',
  'global leader order': 'holds',
  'primary integrity': 'holds',
} as const;

export const scenarios: Readonly<Record<string, Scenario>> = {
  'leader-order': {
    help: 'The run in which Multi-Paxos delivers C and then B: here the third leader begins with C alone; A and B are discarded.',
    source: 'lecture on coordinating distributed systems, "Leader order and Paxos" (its commands 27 and 28)',
    script: [
      // Leader l1 imposes A and B. The messages reach only l1.
      ...establishes('n1', 'n2'),
      broadcast('n1', 'A'),
      broadcast('n1', 'B'),
      // Leader l2 learns nothing about them, and imposes C. The message reaches l2 and l3.
      ...establishes('n2', 'n3'),
      broadcast('n2', 'C'),
      proposed('n3', 'n2', 'C'),
      // Leader l3. Only l1 and l3 are alive: l1 was last synchronized in epoch 1, l3 in epoch 2.
      asks('n3', { type: 'elected' }),
      follow('n1', 'n3'),
      ...synchronizes('n3', 'n1'),
    ],
    expect: { ...orders, 'a transaction is delivered': 'reached', 'a transaction is discarded': 'reached' },
  },
  'late-joiner': {
    help: 'A follower joins while A is proposed and B comes before it has acknowledged the history: it lacks neither.',
    source: 'Junqueira, Reed and Serafini (DSN 2011), phase 3, CEPOCH from a follower',
    parameters: { workload: 2, followers: 'all' },
    script: [
      ...establishes('n1', 'n2'),
      broadcast('n1', 'A'),
      follow('n3', 'n1'),
      receives('n1', 'CEpoch', 'n3'),
      broadcast('n1', 'B'),
      receives('n3', 'NewEpoch', 'n1'),
      receives('n3', 'NewLeader', 'n1', { history: [{ zxid: { epoch: 1, counter: 1 }, value: 'A' }] }),
      proposed('n3', 'n1', 'B'),
      receives('n1', 'AckE', 'n3'),
      receives('n1', 'AckLD', 'n3'),
      receives('n1', 'Ack', 'n3'),
      receives('n3', 'CommitLD', 'n1'),
      receives('n3', 'Commit', 'n1'),
      receives('n3', 'Commit', 'n1'),
    ],
    expect: { ...orders, 'what is committed is there': 'holds', 'a transaction is delivered': 'reached' },
  },
  'late-joiner-lacks': {
    help: 'The same meeting when the leader proposes only to followers that have acknowledged NEWLEADER.',
    source: 'Junqueira, Reed and Serafini (DSN 2011), phase 3, with its rule broken',
    mutant: 'propose-to-ackld',
    parameters: { workload: 1, followers: 'all' },
    script: [
      ...establishes('n1', 'n2'),
      follow('n3', 'n1'),
      receives('n1', 'CEpoch', 'n3'),
      broadcast('n1', 'A'),
      receives('n3', 'NewEpoch', 'n1'),
      receives('n3', 'NewLeader', 'n1'),
      receives('n1', 'AckE', 'n3'),
      receives('n1', 'AckLD', 'n3'),
      proposed('n2', 'n1', 'A'),
      receives('n1', 'Ack', 'n2'),
      receives('n3', 'CommitLD', 'n1'),
      receives('n3', 'Commit', 'n1'),
    ],
    expect: { 'what is committed is there': 'violated' },
  },
  'epoch-collision': {
    help: 'A follower accepts one epoch twice: two leaders establish it, and each delivers its own first transaction.',
    source: 'the NEWEPOCH of the ZooKeeper protocol specification, which accepts an equal epoch; DSN 2011 does not',
    mutant: 'epoch-ge',
    script: [
      // Both leaders learn from n3 that it has accepted no epoch, and choose epoch 1.
      { ...asks('n1', { type: 'elected' }), client: 'election 1' },
      { ...follow('n3', 'n1'), client: 'election 1' },
      receives('n1', 'CEpoch', 'n3'),
      { ...asks('n2', { type: 'elected' }), client: 'election 2' },
      { ...follow('n3', 'n2'), client: 'election 2' },
      receives('n2', 'CEpoch', 'n3'),
      // n2 establishes it.
      receives('n3', 'NewEpoch', 'n2'),
      receives('n2', 'AckE', 'n3'),
      receives('n3', 'NewLeader', 'n2'),
      // What n1 sent is of a session that n3 has left; it follows n1 again, and n1 establishes epoch 1 too.
      receives('n3', 'NewEpoch', 'n1'),
      { ...follow('n3', 'n1'), client: 'election 3' },
      receives('n1', 'CEpoch', 'n3'),
      receives('n3', 'NewEpoch', 'n1'),
      receives('n1', 'AckE', 'n3'),
      receives('n3', 'NewLeader', 'n1'),
      receives('n1', 'AckLD', 'n3'),
      receives('n2', 'AckLD', 'n3'),
      // Each broadcasts as 1.1; n3 acknowledges the one of n1, and then that of n2.
      broadcast('n2', 'B'),
      broadcast('n1', 'A'),
      receives('n3', 'CommitLD', 'n2'),
      proposed('n3', 'n2', 'B'),
      receives('n3', 'CommitLD', 'n1'),
      proposed('n3', 'n1', 'A'),
      { ...follow('n3', 'n2'), client: 'election 4' },
      receives('n1', 'Ack', 'n3'),
      receives('n2', 'CEpoch', 'n3'),
      receives('n3', 'NewEpoch', 'n2'),
      receives('n2', 'AckE', 'n3'),
      receives('n3', 'NewLeader', 'n2'),
      receives('n2', 'AckLD', 'n3'),
    ],
    expect: { 'one leader per epoch': 'violated', agreement: 'violated' },
  },
};
