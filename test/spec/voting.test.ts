import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type CastVote, chosenStaysChosen, chosenValues, type Promises, votesSafe } from '../../spec/voting.ts';

type Vote = CastVote<number, string>;

const rules = { quorum: 2, compare: (a: number, b: number) => a - b, name: (ballot: number) => `${ballot}` };

const vote = (acceptor: string, ballot: number, value: string): Vote => ({ acceptor, ballot, value });

describe('chosen', () => {
  test('a quorum of votes at one ballot chooses', () => {
    expect(chosenValues([vote('n1', 1, 'a'), vote('n3', 1, 'a')], rules)).toEqual([
      { ballot: 1, value: 'a', voters: ['n1', 'n3'] },
    ]);
  });

  test('votes at different ballots do not add up, nor do two of one acceptor', () => {
    expect(chosenValues([vote('n1', 1, 'a'), vote('n2', 2, 'a')], rules)).toEqual([]);
    expect(chosenValues([vote('n1', 1, 'a'), vote('n1', 1, 'a')], rules)).toEqual([]);
  });

  test('the lowest ballot comes first', () => {
    const votes = [vote('n1', 2, 'a'), vote('n2', 2, 'a'), vote('n2', 1, 'a'), vote('n3', 1, 'a')];
    expect(chosenValues(votes, rules).map(({ ballot }) => ballot)).toEqual([1, 2]);
  });
});

describe('chosen stays chosen ("Paxos Made Simple", P2a)', () => {
  const chosen = [vote('n1', 1, 'a'), vote('n2', 1, 'a')];

  test('later votes are for the chosen value', () => {
    expect(chosenStaysChosen([...chosen, vote('n3', 2, 'a')], rules)).toBe(true);
    expect(chosenStaysChosen([...chosen, vote('n3', 2, 'b')], rules)).toBe(
      'a was chosen at ballot 1 by n1, n2, but n3 voted for b at ballot 2',
    );
  });

  test('so are other votes at the same ballot', () => {
    expect(chosenStaysChosen([...chosen, vote('n3', 1, 'b')], rules)).toMatch(/but n3 voted for b at ballot 1$/);
  });

  test('earlier votes are free', () => {
    expect(chosenStaysChosen([...chosen, vote('n3', 0, 'b')], rules)).toBe(true);
  });
});

describe('votes are safe (Voting.tla, VotesSafe)', () => {
  const safe = (votes: readonly Vote[], promises: Promises<number>) => votesSafe(votes, promises, rules);

  test('every vote at the lowest ballot is safe', () => {
    expect(safe([vote('n1', 1, 'a')], { n1: 1, n2: null, n3: null })).toBe(true);
  });

  test('not for another value than one that was chosen below', () => {
    const votes = [vote('n1', 1, 'a'), vote('n2', 1, 'a'), vote('n3', 2, 'b')];
    expect(safe(votes, { n1: 1, n2: 2, n3: 2 })).toBe('n3 voted for b at ballot 2, though a was chosen at ballot 1');
  });

  test('nor than one that may still be chosen below', () => {
    const votes = [vote('n1', 1, 'a'), vote('n3', 2, 'b')];
    expect(safe(votes, { n1: 1, n2: null, n3: 2 })).toBe(
      'n3 voted for b at ballot 2, though a may still be chosen at ballot 1',
    );
  });

  test('a promise rules that out', () => {
    expect(safe([vote('n1', 1, 'a'), vote('n3', 2, 'b')], { n1: 1, n2: 2, n3: 2 })).toBe(true);
  });

  test('so does a vote for something else at that ballot', () => {
    const votes = [vote('n1', 1, 'a'), vote('n2', 1, 'b'), vote('n3', 2, 'b')];
    expect(safe(votes, { n1: 1, n2: 1, n3: 2 })).toBe(true);
  });

  test('the same value is no threat', () => {
    expect(safe([vote('n1', 1, 'a'), vote('n3', 2, 'a')], { n1: 1, n2: null, n3: 2 })).toBe(true);
  });

  test('a promised ballot without votes is one, while a quorum is free to vote there', () => {
    expect(safe([vote('n3', 2, 'b')], { n1: 1, n2: null, n3: 2 })).toBe(
      'n3 voted for b at ballot 2, though any value may still be chosen at ballot 1',
    );
  });

  test('VotesSafeImpliesConsistency: safe votes, one value per ballot, choose one value', () => {
    const votes = fc.array(fc.tuple(fc.constantFrom('n1', 'n2', 'n3'), fc.nat({ max: 3 }), fc.constantFrom('a', 'b')), {
      maxLength: 8,
    });
    let chosenTwice = 0;
    fc.assert(
      fc.property(votes, (drawn) => {
        const valueAt = new Map(drawn.map(([, ballot, value]) => [ballot, value]));
        const cast = drawn.map(([acceptor, ballot]) => vote(acceptor, ballot, valueAt.get(ballot) ?? 'a'));
        const promises = Object.fromEntries(
          ['n1', 'n2', 'n3'].map((acceptor) => {
            const ballots = cast.filter((one) => one.acceptor === acceptor).map(({ ballot }) => ballot);
            return [acceptor, ballots.length === 0 ? null : Math.max(...ballots)];
          }),
        );
        const values = new Set(chosenValues(cast, rules).map(({ value }) => value));
        if (values.size > 1) chosenTwice++;
        if (values.size > 1) expect(safe(cast, promises)).not.toBe(true);
        if (safe(cast, promises) === true) expect(chosenStaysChosen(cast, rules)).toBe(true);
      }),
      { numRuns: 3000 },
    );
    expect(chosenTwice).toBeGreaterThan(20);
  });
});
