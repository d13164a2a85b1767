/** Pre-vote and check-quorum, one test for each claim. */

import { describe, expect, test } from 'vitest';
import { appendEntries, appended, kinds, leader, requestVote, server, vote } from './cluster.ts';

const preVote = (term: number, granted = true) => ({ type: 'PreVote', term, granted });
const requestPreVote = (term: number, lastIndex = 0, lastTerm = 0) => ({
  type: 'RequestPreVote',
  term,
  lastIndex,
  lastTerm,
});

describe('pre-vote', () => {
  test('an election timeout changes neither term nor vote', () => {
    const n1 = server([1], { preVote: true });
    expect(n1.fire('election')).toEqual([
      'n2 <- RequestPreVote {"term":1,"lastIndex":1,"lastTerm":1}',
      'n3 <- RequestPreVote {"term":1,"lastIndex":1,"lastTerm":1}',
    ]);
    expect(n1.state).toMatchObject({ currentTerm: 1, votedFor: null, role: { kind: 'preCandidate' } });
  });

  test('with a majority of pre-votes the election begins', () => {
    const n1 = server([], { preVote: true });
    n1.fire('election');
    expect(kinds(n1.receive('n2', preVote(0)))).toEqual(['n2 <- RequestVote', 'n3 <- RequestVote']);
    expect(n1.state).toMatchObject({ currentTerm: 1, votedFor: 'n1' });
  });

  test('a server that hears a leader does not grant one, nor does a leader', () => {
    const n1 = server([], { preVote: true });
    n1.receive('n2', appendEntries(1));
    expect(n1.receive('n3', requestPreVote(1))).toEqual([]);
    n1.fire('election');
    expect(n1.receive('n3', requestPreVote(1)), 'after its election timeout').toEqual([
      'n3 <- PreVote {"term":1,"granted":true}',
    ]);
    const leading = server([], { preVote: true });
    leading.fire('election');
    leading.receive('n2', preVote(0));
    leading.receive('n2', vote(1));
    expect(leading.receive('n3', requestPreVote(9))).toEqual([]);
    expect(leading.state).toMatchObject({ currentTerm: 1, role: { kind: 'leader' } });
  });

  test('it is granted by the rule for votes, and commits to nothing', () => {
    const n1 = server([2], { preVote: true });
    expect(n1.receive('n2', requestPreVote(2, 1, 1)), 'a log that is behind').toEqual([]);
    expect(n1.receive('n2', requestPreVote(2, 1, 2))).toEqual(['n2 <- PreVote {"term":2,"granted":true}']);
    expect(n1.receive('n3', requestPreVote(2, 1, 2))).toEqual(['n3 <- PreVote {"term":2,"granted":true}']);
    expect(n1.state.votedFor).toBe(null);
  });

  test('a server that is behind in terms learns the higher one', () => {
    expect(server([2], { preVote: true }).receive('n2', requestPreVote(1))).toEqual([
      'n2 <- PreVote {"term":2,"granted":false}',
    ]);
    const n1 = server([], { preVote: true });
    n1.fire('election');
    n1.receive('n2', preVote(2, false));
    expect(n1.state).toMatchObject({ currentTerm: 2, role: { kind: 'follower' } });
  });
});

describe('check-quorum', () => {
  test('a leader that nobody has answered since the last check steps down, in its term', () => {
    const n1 = leader([], { checkQuorum: true });
    expect(n1.timers).toEqual(['election', 'heartbeat']);
    n1.receive('n2', appended(1, 0));
    n1.fire('election');
    expect(n1.state.role.kind, 'one answer is enough among three').toBe('leader');
    n1.fire('election');
    expect(n1.state).toMatchObject({ currentTerm: 1, role: { kind: 'follower' } });
    expect(n1.timers).toEqual(['election']);
  });

  test('section 6: who hears a leader neither votes nor adopts the term', () => {
    const n1 = server([], { checkQuorum: true });
    n1.receive('n2', appendEntries(1));
    expect(n1.receive('n3', requestVote(5))).toEqual([]);
    expect(n1.state.currentTerm).toBe(1);
    n1.fire('election');
    expect(n1.receive('n3', requestVote(5))).toEqual(['n3 <- Vote {"term":5,"granted":true}']);
  });

  test('a server that has gone ahead in terms is heard: its refusal makes the leader step down', () => {
    const n1 = leader([], { checkQuorum: true });
    n1.receive('n3', appended(4, null, false));
    expect(n1.state).toMatchObject({ currentTerm: 4, role: { kind: 'follower' } });
  });
});
