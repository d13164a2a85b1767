/** The claims of the Raft paper about terms and elections (Figure 2; sections 5.1, 5.2, 5.4.1), one test each. */

import { describe, expect, test } from 'vitest';
import { appendEntries, appended, execute, kinds, leader, requestVote, server, vote } from './cluster.ts';

describe('5.1: terms', () => {
  test('"if one server\'s current term is smaller than the other\'s, then it updates its current term to the larger value"', () => {
    for (const message of [requestVote(3), vote(3, false), appendEntries(3), appended(3, null, false)]) {
      const n1 = server();
      n1.receive('n2', message);
      expect(n1.state.currentTerm, message.type).toBe(3);
    }
  });

  test('"if a candidate or leader discovers that its term is out of date, it immediately reverts to follower state"', () => {
    const candidate = server();
    candidate.fire('election');
    candidate.receive('n2', vote(2, false));
    expect(candidate.state.role.kind).toBe('follower');

    const stale = leader();
    stale.receive('n2', appended(2, null, false));
    expect(stale.state.role.kind).toBe('follower');
    expect(stale.timers).toEqual(['election']);
  });

  test('"if a server receives a request with a stale term number, it rejects the request"; the answer tells the term', () => {
    const n1 = server([2]);
    expect(n1.receive('n2', requestVote(1, 9, 1))).toEqual(['n2 <- Vote {"term":2,"granted":false}']);
    expect(n1.receive('n2', appendEntries(1))).toEqual(['n2 <- Appended {"term":2,"success":false,"index":null}']);
  });
});

describe('5.2: leader election', () => {
  test('"when servers start up, they begin as followers"', () => {
    const n1 = server();
    expect(n1.state.role).toEqual({ kind: 'follower', leader: null });
    expect(n1.timers).toEqual(['election']);
  });

  test('"to begin an election, a follower increments its current term", votes for itself and asks the others', () => {
    const n1 = server([1, 1, 2]);
    expect(n1.fire('election')).toEqual([
      'n2 <- RequestVote {"term":3,"lastIndex":3,"lastTerm":2}',
      'n3 <- RequestVote {"term":3,"lastIndex":3,"lastTerm":2}',
    ]);
    expect(n1.state).toMatchObject({ currentTerm: 3, votedFor: 'n1', role: { kind: 'candidate' } });
  });

  test('"a candidate wins an election if it receives votes from a majority of the servers in the full cluster for the same term"', () => {
    const n1 = server([], {}, ['n1', 'n2', 'n3', 'n4', 'n5']);
    n1.fire('election');
    n1.receive('n2', vote(1));
    n1.receive('n2', vote(1));
    expect(n1.state.role.kind, 'the same vote twice').toBe('candidate');
    n1.receive('n3', vote(1, false));
    expect(n1.state.role.kind, 'a refusal').toBe('candidate');
    n1.receive('n4', vote(1));
    expect(n1.state.role.kind).toBe('leader');
  });

  test('votes of an earlier term do not count', () => {
    const n1 = server();
    n1.fire('election');
    n1.fire('election');
    n1.receive('n2', vote(1));
    expect(n1.state.role.kind).toBe('candidate');
  });

  test('"each server will vote for at most one candidate in a given term, on a first-come-first-served basis"', () => {
    const n1 = server();
    expect(n1.receive('n2', requestVote(1))).toEqual(['n2 <- Vote {"term":1,"granted":true}']);
    expect(n1.receive('n3', requestVote(1))).toEqual([]);
    expect(n1.receive('n2', requestVote(1)), 'the same candidate, asking again').toHaveLength(1);
    expect(n1.receive('n3', requestVote(2)), 'in the next term').toHaveLength(1);
  });

  test('a vote outlives a crash ("persists on disk", lecture, slide 27)', () => {
    const n1 = server();
    n1.receive('n2', requestVote(1));
    n1.crashAndRecover();
    expect(n1.receive('n3', requestVote(1))).toEqual([]);
  });

  test('"it sends heartbeat messages to all of the other servers to establish its authority"', () => {
    const n1 = server([1]);
    n1.fire('election');
    expect(n1.receive('n2', vote(2))).toEqual([
      '! lead {"term":2}',
      'n2 <- AppendEntries {"term":2,"prevIndex":1,"prevTerm":1,"entries":[],"leaderCommit":0}',
      'n3 <- AppendEntries {"term":2,"prevIndex":1,"prevTerm":1,"entries":[],"leaderCommit":0}',
    ]);
    expect(n1.timers).toEqual(['heartbeat']);
  });

  test('"if the leader\'s term is at least as large as the candidate\'s current term, then the candidate returns to follower state"', () => {
    const n1 = server();
    n1.fire('election');
    n1.receive('n2', appendEntries(1));
    expect(n1.state.role).toEqual({ kind: 'follower', leader: 'n2' });
    n1.receive('n3', vote(1));
    expect(n1.state.role.kind, 'a vote that comes too late').toBe('follower');
  });

  test('"if the term in the RPC is smaller, the candidate rejects the RPC and continues in candidate state"', () => {
    const n1 = server([1]);
    n1.fire('election');
    expect(n1.receive('n2', appendEntries(1))).toEqual(['n2 <- Appended {"term":2,"success":false,"index":null}']);
    expect(n1.state.role.kind).toBe('candidate');
  });

  test('"each candidate will time out and start a new election by incrementing its term"', () => {
    const n1 = server();
    n1.fire('election');
    expect(kinds(n1.fire('election'))).toEqual(['n2 <- RequestVote', 'n3 <- RequestVote']);
    expect(n1.state.currentTerm).toBe(2);
  });

  test('a cluster of one elects its server at once, and commits at once', () => {
    const n1 = server([], {}, ['n1']);
    n1.fire('election');
    expect(n1.state.role.kind).toBe('leader');
    expect(n1.request('c1', execute('a'))).toContain('c1 <- executed {"seq":1,"result":1}');
  });
});

describe('5.4.1: the election restriction (lecture, slide 35)', () => {
  const grants = (own: number[], lastIndex: number, lastTerm: number) =>
    server(own).receive('n2', requestVote(9, lastIndex, lastTerm)).length > 0;

  test('"if the logs have last entries with different terms, then the log with the later term is more up-to-date"', () => {
    expect(grants([1, 1, 1], 1, 2)).toBe(true);
    expect(grants([2], 3, 1)).toBe(false);
  });

  test('"if the logs end with the same term, then whichever log is longer is more up-to-date"', () => {
    expect(grants([1, 1], 3, 1)).toBe(true);
    expect(grants([1, 1], 1, 1)).toBe(false);
  });

  test('a log just as up-to-date is good enough (finding F8): otherwise nobody would ever be elected', () => {
    expect(grants([], 0, 0)).toBe(true);
    expect(grants([1, 2], 2, 2)).toBe(true);
  });

  test('a candidate that is refused has its term adopted all the same', () => {
    const n1 = server([2]);
    n1.receive('n2', requestVote(5, 1, 1));
    expect(n1.state).toMatchObject({ currentTerm: 5, votedFor: null });
  });

  test('the followers of Figure 7: four of six vote for the leader of term 8', () => {
    const followers = [
      [1, 1, 1, 4, 4, 5, 5, 6, 6],
      [1, 1, 1, 4],
      [1, 1, 1, 4, 4, 5, 5, 6, 6, 6, 6],
      [1, 1, 1, 4, 4, 5, 5, 6, 6, 6, 7, 7],
      [1, 1, 1, 4, 4, 4, 4],
      [1, 1, 1, 2, 2, 2, 3, 3, 3, 3, 3],
    ];
    expect(followers.map((log) => grants(log, 10, 6))).toEqual([true, true, false, false, true, true]);
  });
});
