/** The claims of the Raft paper about log replication and commitment (Figure 2; sections 5.3 and 5.4.2), one test each. */

import { describe, expect, test } from 'vitest';
import {
  appendEntries,
  appended,
  entries,
  execute,
  kinds,
  leader,
  logOf,
  requestVote,
  server,
  vote,
} from './cluster.ts';

describe('Figure 2: AppendEntries RPC, receiver', () => {
  test('1. "reply false if term < currentTerm"', () => {
    const n1 = server([3]);
    expect(n1.receive('n2', appendEntries(2, 0, 0, entries(2)))).toEqual([
      'n2 <- Appended {"term":3,"success":false,"index":null}',
    ]);
    expect(logOf(n1)).toEqual([3]);
  });

  test('2. "reply false if log doesn\'t contain an entry at prevLogIndex whose term matches prevLogTerm"', () => {
    for (const [log, prevIndex, prevTerm] of [
      [[], 1, 1],
      [[1], 1, 2],
      [[1, 1], 3, 1],
    ] as const) {
      expect(server(log).receive('n2', appendEntries(3, prevIndex, prevTerm, entries(3)))).toEqual([
        `n2 <- Appended {"term":3,"success":false,"index":${prevIndex}}`,
      ]);
    }
  });

  test('3. "if an existing entry conflicts with a new one, delete the existing entry and all that follow it"', () => {
    const n1 = server([1, 1, 1, 1]);
    n1.receive('n2', appendEntries(2, 1, 1, entries(2)));
    expect(logOf(n1)).toEqual([1, 2]);
  });

  test('4. "append any new entries not already in the log"; without a conflict nothing is deleted', () => {
    const n1 = server([1, 1]);
    n1.receive('n2', appendEntries(2, 1, 1, entries(1, 2)));
    expect(logOf(n1)).toEqual([1, 1, 2]);
    expect(n1.receive('n2', appendEntries(2, 0, 0, entries(1))), 'an earlier message that comes late').toEqual([
      'n2 <- Appended {"term":2,"success":true,"index":1}',
    ]);
    expect(logOf(n1)).toEqual([1, 1, 2]);
  });

  test('5. "if leaderCommit > commitIndex, set commitIndex = min(leaderCommit, index of last new entry)"', () => {
    const n1 = server([1, 1, 1]);
    n1.receive('n2', appendEntries(2, 1, 1, [], 3));
    expect(n1.state.commitIndex, 'what lies behind may differ from the leader').toBe(1);
    n1.receive('n2', appendEntries(2, 1, 1, entries(1), 3));
    expect(n1.state.commitIndex).toBe(2);
    n1.receive('n2', appendEntries(2, 0, 0, [], 1));
    expect(n1.state.commitIndex, 'it never goes back').toBe(2);
  });

  test('"if commitIndex > lastApplied: apply log[lastApplied] to state machine", in order', () => {
    const n1 = server([1, 1]);
    expect(kinds(n1.receive('n2', appendEntries(2, 2, 1, [], 2)))).toEqual([
      '! apply {"index":1,"entry":{"term":1,"command":{"client":"x1","seq":1,"op":"x1"}}}',
      '! apply {"index":2,"entry":{"term":1,"command":{"client":"x2","seq":1,"op":"x2"}}}',
      'n2 <- Appended',
    ]);
    expect(n1.state.machine).toEqual(['x1', 'x2']);
  });
});

describe('Figure 2: rules for leaders', () => {
  test('"if command received from client: append entry to local log", and replicate it', () => {
    const n1 = leader([1]);
    expect(kinds(n1.request('c1', execute('a')))).toEqual(['n2 <- AppendEntries', 'n3 <- AppendEntries']);
    expect(logOf(n1)).toEqual([1, 2]);
  });

  test('"respond after entry applied to state machine": not before a majority has it', () => {
    const n1 = leader();
    expect(n1.request('c1', execute('a')).filter((line) => line.startsWith('c1'))).toEqual([]);
    expect(n1.receive('n2', appended(1, 1)).filter((line) => line.startsWith('c1'))).toEqual([
      'c1 <- executed {"seq":1,"result":1}',
    ]);
  });

  test('"repeat during idle periods": the heartbeat goes to all, with whatever a follower lacks', () => {
    const n1 = leader([1]);
    n1.receive('n2', appended(2, 1));
    n1.request('c1', execute('a'));
    n1.receive('n2', appended(2, 2));
    expect(n1.fire('heartbeat')).toEqual([
      'n2 <- AppendEntries {"term":2,"prevIndex":2,"prevTerm":2,"entries":[],"leaderCommit":2}',
      'n3 <- AppendEntries {"term":2,"prevIndex":1,"prevTerm":1,"entries":[{"term":2,"command":{"client":"c1","seq":1,"op":"a"}}],"leaderCommit":2}',
    ]);
    expect(n1.timers).toEqual(['heartbeat']);
  });

  test('nextIndex is "initialized to leader last log index + 1", matchIndex "to 0"', () => {
    expect(leader([1, 1]).state.role).toMatchObject({ nextIndex: { n2: 3, n3: 3 }, matchIndex: { n2: 0, n3: 0 } });
  });

  test('"if successful: update nextIndex and matchIndex for follower"; a late answer does not take them back', () => {
    const n1 = leader([1, 1]);
    n1.receive('n2', appended(2, 2), appended(2, 1));
    expect(n1.state.role).toMatchObject({ nextIndex: { n2: 3, n3: 3 }, matchIndex: { n2: 2, n3: 0 } });
  });

  test('"if AppendEntries fails because of log inconsistency: decrement nextIndex and retry"', () => {
    const n1 = leader([1, 1]);
    expect(n1.receive('n2', appended(2, 2, false))).toEqual([
      'n2 <- AppendEntries {"term":2,"prevIndex":1,"prevTerm":1,"entries":[{"term":1,"command":{"client":"x2","seq":1,"op":"x2"}}],"leaderCommit":0}',
    ]);
    expect(n1.receive('n2', appended(2, 2, false)), 'the same refusal again').toEqual([]);
  });

  test('a refusal for the term alone, when this server has been elected anew in that very term, says nothing of the log', () => {
    const n1 = leader();
    expect(n1.receive('n2', appended(1, null, false))).toEqual([]);
    expect(n1.state.role).toMatchObject({ kind: 'leader', nextIndex: { n2: 1 } });
  });

  test('answers of an earlier term are ignored', () => {
    const n1 = leader([1]);
    expect(n1.receive('n2', appended(1, 1))).toEqual([]);
    expect(n1.state.role).toMatchObject({ matchIndex: { n2: 0 } });
  });
});

describe('Figure 2: "if there exists an N such that N > commitIndex, a majority of matchIndex[i] >= N, and log[N].term == currentTerm"', () => {
  const five = ['n1', 'n2', 'n3', 'n4', 'n5'];

  test('a majority of five is three, the leader among them', () => {
    const n1 = leader([], {}, five);
    n1.request('c1', execute('a'));
    n1.receive('n2', appended(1, 1));
    expect(n1.state.commitIndex).toBe(0);
    n1.receive('n3', appended(1, 1));
    expect(n1.state.commitIndex).toBe(1);
  });

  test('5.4.2: an entry of an earlier term is not committed by counting', () => {
    const n1 = leader([1]);
    n1.receive('n2', appended(2, 1), appended(2, 1));
    n1.receive('n3', appended(2, 1));
    expect(n1.state.commitIndex).toBe(0);
  });

  test('5.4.2: "once an entry from the current term has been committed, all prior entries are committed indirectly"', () => {
    const n1 = leader([1]);
    n1.request('c1', execute('a'));
    n1.receive('n2', appended(2, 1));
    expect(n1.state.commitIndex).toBe(0);
    n1.receive('n2', appended(2, 2));
    expect(n1.state).toMatchObject({ commitIndex: 2, machine: ['x1', 'a'] });
  });

  test('the option no-op gives a new leader such an entry', () => {
    const n1 = server([1], { noop: true });
    n1.fire('election');
    expect(n1.receive('n2', vote(2))).toContain(
      'n2 <- AppendEntries {"term":2,"prevIndex":1,"prevTerm":1,"entries":[{"term":2,"command":null}],"leaderCommit":0}',
    );
    n1.receive('n2', appended(2, 2));
    expect(n1.state).toMatchObject({ commitIndex: 2, machine: ['x1'] });
  });
});

describe('the option of empty heartbeats', () => {
  test('a heartbeat carries nothing; what the follower lacks is sent when it answers', () => {
    const n1 = leader([1], { emptyHeartbeats: true });
    n1.receive('n2', appended(2, 1, false));
    expect(n1.fire('heartbeat')).toContain(
      'n2 <- AppendEntries {"term":2,"prevIndex":0,"prevTerm":0,"entries":[],"leaderCommit":0}',
    );
    expect(kinds(n1.receive('n2', appended(2, 0)))).toEqual(['n2 <- AppendEntries']);
    expect(n1.receive('n2', appended(2, 1)), 'it has everything').toEqual([]);
  });
});

describe('crash and recovery', () => {
  test('Figure 2: term, vote and log persist; commitIndex and role are volatile', () => {
    const n1 = server([1, 1]);
    n1.receive('n2', appendEntries(2, 2, 1, [], 2));
    n1.receive('n3', requestVote(3, 2, 1));
    n1.crashAndRecover();
    expect(n1.state).toMatchObject({
      currentTerm: 3,
      votedFor: 'n3',
      commitIndex: 0,
      machine: [],
      role: { kind: 'follower', leader: null },
    });
    expect(logOf(n1)).toEqual([1, 1]);
    expect(n1.timers).toEqual(['election']);
  });

  test('what was applied is applied again, from the log', () => {
    const n1 = server([1]);
    n1.receive('n2', appendEntries(2, 1, 1, [], 1));
    n1.crashAndRecover();
    n1.receive('n2', appendEntries(2, 1, 1, [], 1));
    expect(n1.state.machine).toEqual(['x1']);
  });
});

describe('option batch: entries gather while others are on their way', () => {
  /** What is sent to n2 of it all: the number of entries in each message. */
  const sizes = (effects: readonly string[]): number[] =>
    effects.flatMap((effect) => {
      const sent = /^n2 <- AppendEntries (.*)$/.exec(effect)?.[1];
      return sent === undefined ? [] : [(JSON.parse(sent) as { entries: unknown[] }).entries.length];
    });

  test('they go out together with the answer that was awaited', () => {
    const n1 = leader([], { batch: 2 });
    expect(sizes(n1.request('c1', execute('a')))).toEqual([1]);
    for (const client of ['c2', 'c3', 'c4']) expect(sizes(n1.request(client, execute('b')))).toEqual([]);
    expect(sizes(n1.receive('n2', appended(1, 1)))).toEqual([2]);
    expect(sizes(n1.receive('n2', appended(1, 3)))).toEqual([1]);
  });

  test.each([true, false])(
    'what was not answered goes out again, and is not doubled (emptyHeartbeats: %s)',
    (empty) => {
      const n1 = leader([], { batch: 1, emptyHeartbeats: empty });
      n1.request('c1', execute('a'));
      n1.request('c2', execute('b'));
      expect(sizes(n1.fire('heartbeat'))).toEqual([1]);
      expect(sizes(n1.receive('n2', appended(1, 1)))).toEqual([1]);
      expect(sizes(n1.receive('n2', appended(1, 1))), 'to the same, sent twice').toEqual([]);
      expect(sizes(n1.receive('n2', appended(1, 2)))).toEqual([]);
      expect(sizes(n1.fire('heartbeat'))).toEqual([0]);
    },
  );
});
