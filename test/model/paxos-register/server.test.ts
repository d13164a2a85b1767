import { describe, expect, test } from 'vitest';
import { server, soundRules } from '../../../model/paxos-register/server.ts';
import { Driven } from '../driven.ts';

const servers = ['s1', 's2', 's3', 's4', 's5'];
const s1 = (among = servers) => new Driven(server(soundRules), 's1', among);

const ballot = (round: number, proposer: string) => ({ round, proposer });
const A = { client: 'c1', value: 'A' };
const B = { client: 'c2', value: 'B' };
const C = { client: 'c3', value: 'C' };

const put = { type: 'Put', value: 'A' };
const putB = { type: 'Put', value: 'B' };
const get = { type: 'Get' };
const prepare = (at: object) => ({ type: 'Prepare', ballot: at });
const prepared = (at: object, accepted: object | null = null) => ({ type: 'Prepared', ballot: at, accepted });
const accept = (at: object, proposal: object) => ({ type: 'Accept', ballot: at, proposal });
const accepted = (at: object) => ({ type: 'Accepted', ballot: at });
const decided = (at: object, proposal: object) => ({ type: 'Decided', ballot: at, proposal });

/** The types and receivers of what was sent: `s2 <- Prepare`. */
const kinds = (effects: readonly string[]) => effects.map((effect) => effect.split(' ').slice(0, 3).join(' '));

describe('"Paxos Made Simple", section 2.2, phase 1', () => {
  test('(a) a proposer selects a ballot above all it has seen, and promises it itself', () => {
    const proposer = s1(['s1', 's2']);
    proposer.receive('s2', prepare(ballot(3, 's2')));
    expect(proposer.receive('c1', put)).toEqual(['s2 <- Prepare {"ballot":{"round":4,"proposer":"s1"}}']);
    expect(proposer.state).toMatchObject({ ballot: ballot(4, 's1'), proposal: A, promises: { s1: null } });
  });

  test('(a) its own accepted proposal counts as its promise', () => {
    const proposer = s1();
    proposer.receive('s2', accept(ballot(1, 's2'), B));
    proposer.receive('c1', put);
    expect(proposer.state.promises).toEqual({ s1: { ballot: ballot(1, 's2'), proposal: B } });
  });

  test('(a) it does so once', () => {
    const proposer = s1();
    proposer.receive('c1', put);
    expect(proposer.receive('c2', putB)).toEqual([]);
    expect(proposer.state.proposal).toEqual(A);
  });

  test('(b) an acceptor promises above every earlier promise only, and reports what it has accepted', () => {
    const acceptor = s1();
    acceptor.receive('s2', accept(ballot(1, 's2'), B));
    expect(acceptor.receive('s3', prepare(ballot(1, 's3')))).toEqual([
      `s3 <- Prepared ${JSON.stringify({ ballot: ballot(1, 's3'), accepted: { ballot: ballot(1, 's2'), proposal: B } })}`,
    ]);
    expect(acceptor.receive('s3', prepare(ballot(1, 's3')))).toEqual([]);
    expect(acceptor.receive('s2', prepare(ballot(1, 's2')))).toEqual([]);
  });
});

describe('"Paxos Made Simple", section 2.2, phase 2', () => {
  const own = ballot(1, 's1');

  test('(a) with promises of a majority it proposes its own value if none of them reports one', () => {
    const proposer = s1();
    proposer.receive('c1', put);
    expect(proposer.receive('s2', prepared(own))).toEqual([]);
    expect(kinds(proposer.receive('s3', prepared(own)))).toEqual([
      's2 <- Accept',
      's3 <- Accept',
      's4 <- Accept',
      's5 <- Accept',
    ]);
    expect(proposer.state).toMatchObject({ proposal: A, accepted: { ballot: own, proposal: A } });
    expect(proposer.state.accepts).toEqual(new Set(['s1']));
  });

  test('(a) otherwise the value of the highest-numbered proposal among them', () => {
    const proposer = s1();
    proposer.receive('s5', prepare(ballot(2, 's5')));
    proposer.receive('c1', put);
    const now = ballot(3, 's1');
    proposer.receive('s2', prepared(now, { ballot: ballot(2, 's5'), proposal: B }));
    proposer.receive('s3', prepared(now, { ballot: ballot(1, 's3'), proposal: C }));
    expect(proposer.state.proposal).toEqual(B);
  });

  test('(a) a late promise is recorded, and changes nothing else', () => {
    const proposer = s1();
    proposer.receive('c1', put);
    proposer.receive('s2', prepared(own));
    proposer.receive('s3', prepared(own));
    expect(proposer.receive('s4', prepared(own, { ballot: ballot(1, 's0'), proposal: B }))).toEqual([]);
    expect(Object.keys(proposer.state.promises)).toEqual(['s1', 's2', 's3', 's4']);
    expect(proposer.state.proposal).toEqual(A);
  });

  test('(a) promises for another ballot do not count', () => {
    const proposer = s1(['s1', 's2', 's3']);
    proposer.receive('c1', put);
    proposer.receive('s3', prepare(ballot(2, 's3')));
    expect(proposer.receive('s2', prepared(own))).toEqual([]);
  });

  test('(b) an acceptor accepts unless it has promised a higher ballot', () => {
    const acceptor = s1();
    acceptor.receive('s2', prepare(ballot(2, 's2')));
    expect(acceptor.receive('s3', accept(ballot(1, 's3'), C))).toEqual([]);
    expect(kinds(acceptor.receive('s2', accept(ballot(2, 's2'), B)))).toEqual(['s2 <- Accepted']);
    expect(kinds(acceptor.receive('s3', accept(ballot(3, 's3'), B)))).toEqual(['s3 <- Accepted']);
    expect(acceptor.state).toMatchObject({ ballot: ballot(3, 's3'), accepted: { proposal: B } });
  });
});

describe('"Paxos Made Simple", section 2.3, learning', () => {
  const own = ballot(1, 's1');

  test('a majority of votes at its ballot decides; servers and the client of the value are told', () => {
    const proposer = s1(['s1', 's2', 's3']);
    proposer.receive('c1', put);
    proposer.receive('s2', prepared(own));
    expect(kinds(proposer.receive('s3', accepted(own)))).toEqual(['s2 <- Decided', 's3 <- Decided', 'c1 <- PutOk']);
    expect(proposer.state.decided).toBe(true);
    expect(proposer.receive('s2', accepted(own))).toEqual([]);
  });

  test('a value adopted from another proposer is acknowledged to the client that it is from', () => {
    const proposer = s1(['s1', 's2', 's3']);
    proposer.receive('s2', accept(ballot(1, 's2'), B));
    proposer.receive('c1', put);
    const now = ballot(2, 's1');
    proposer.receive('s3', prepared(now));
    expect(kinds(proposer.receive('s3', accepted(now)))).toContain('c2 <- PutOk');
  });

  test('a decision is adopted whatever was promised, and then for ever', () => {
    const learner = s1();
    learner.receive('s3', prepare(ballot(9, 's3')));
    learner.receive('s2', decided(ballot(1, 's2'), B));
    expect(learner.state).toMatchObject({ ballot: ballot(1, 's2'), decided: true });
    const before = learner.state;
    learner.receive('s3', decided(ballot(9, 's3'), C), prepare(ballot(10, 's3')), accept(ballot(10, 's3'), C), put);
    expect(learner.state).toEqual(before);
  });
});

describe('Get', () => {
  test('is answered when the server knows the decision, not before', () => {
    const learner = s1();
    learner.receive('s2', accept(ballot(1, 's2'), B));
    expect(learner.receive('c1', get)).toEqual([]);
    learner.receive('s2', decided(ballot(1, 's2'), B));
    expect(learner.receive('c1', get)).toEqual(['c1 <- GetOk {"value":"B"}']);
  });
});

test('a server alone decides at once', () => {
  expect(s1(['s1']).receive('c1', put)).toEqual(['c1 <- PutOk']);
});
