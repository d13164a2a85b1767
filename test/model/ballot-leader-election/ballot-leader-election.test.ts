/** One test per claim of the lecture and the Omni-Paxos paper on Ballot Leader Election; servers are n1 to n3. */

import { describe, expect, test } from 'vitest';
import { ballotLeaderElection, soundRules } from '../../../model/ballot-leader-election/ballot-leader-election.ts';
import { Driven } from '../driven.ts';

const server = (self = 'n2') => new Driven(ballotLeaderElection(soundRules), self, ['n1', 'n2', 'n3']);

const ballot = (name: string) => ({ round: Number(name[0]), proposer: name.slice(2) });
const reply = (round: number, name: string, quorumConnected = true) => ({
  type: 'HBReply',
  round,
  ballot: ballot(name),
  quorumConnected,
});
const request = (round: number) => ({ type: 'HBRequest', round });
const elects = (name: string) => `! leader ${JSON.stringify({ ballot: ballot(name) })}`;
const requests = (round: number) => ['n1', 'n3'].map((to) => `${to} <- HBRequest {"round":${round}}`);

describe('heartbeat rounds', () => {
  test('a round begins with a request to all peers, and ends by a timer', () => {
    const one = server();
    expect(one.timers).toEqual(['heartbeat']);
    expect(one.state.round).toBe(1);
    expect(one.fire('heartbeat')).toEqual(requests(2));
  });

  test('a request is answered with ballot and flag, and nothing of who has been elected', () => {
    expect(server().receive('n1', request(7))).toEqual([
      `n1 <- HBReply ${JSON.stringify({ round: 7, ballot: ballot('1.n2'), quorumConnected: true })}`,
    ]);
  });

  test('a late answer does not count', () => {
    const one = server();
    one.fire('heartbeat');
    one.receive('n1', reply(1, '1.n1'));
    expect(one.fire('heartbeat')).toEqual(requests(3));
    expect(one.state.quorumConnected).toBe(false);
  });
});

describe('the end of a round', () => {
  test('with a majority: elects the highest ballot, its own included', () => {
    const lower = server();
    lower.receive('n3', reply(1, '1.n3'));
    expect(lower.fire('heartbeat')).toEqual([elects('1.n3'), ...requests(2)]);
    const higher = server();
    higher.receive('n1', reply(1, '1.n1'));
    expect(higher.fire('heartbeat')).toEqual([elects('1.n2'), ...requests(2)]);
  });

  test('without a majority: elects nobody, and says so in its answers', () => {
    const one = server();
    one.fire('heartbeat');
    expect(one.receive('n1', request(1))[0]).toContain('"quorumConnected":false');
    expect(one.state.elected).toBeNull();
  });

  test('who is not quorum-connected is not elected', () => {
    const one = server();
    one.receive('n3', reply(1, '1.n3', false));
    expect(one.fire('heartbeat')).toEqual([elects('1.n2'), ...requests(2)]);
  });

  test('the same leader is not told twice', () => {
    const one = server();
    one.receive('n3', reply(1, '1.n3'));
    one.fire('heartbeat');
    one.receive('n3', reply(2, '1.n3'));
    expect(one.fire('heartbeat')).toEqual(requests(3));
  });

  test('when the leader is gone: bids above it, and elects itself in the next round', () => {
    const one = server();
    one.receive('n3', reply(1, '4.n3'));
    one.fire('heartbeat');
    one.receive('n1', reply(2, '1.n1'));
    expect(one.fire('heartbeat')).toEqual(requests(3));
    expect(one.state.ballot).toEqual(ballot('5.n2'));
    one.receive('n1', reply(3, '1.n1'));
    expect(one.fire('heartbeat')).toEqual([elects('5.n2'), ...requests(4)]);
  });
});

test('what has been elected survives a crash; the own ballot starts anew', () => {
  const one = server();
  one.receive('n3', reply(1, '4.n3'));
  one.fire('heartbeat');
  expect(one.crashAndRecover()).toEqual(requests(1));
  expect(one.state).toMatchObject({ elected: ballot('4.n3'), ballot: ballot('1.n2') });
});
