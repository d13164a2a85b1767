import { describe, expect, test } from 'vitest';
import {
  electionSafety,
  leaderAppendOnly,
  leaderCompleteness,
  logMatching,
  naiveLeaderCompleteness,
  stateMachineSafety,
  termsAndVotes,
} from '../../spec/raft.ts';

const entry = (term: number, op = 'x') => ({ term, op });

describe('election safety (Figure 3)', () => {
  test('one leader a term', () => {
    expect(electionSafety({})).toBe(true);
    expect(electionSafety({ 1: ['n1'], 2: ['n1'], 3: ['n2'] })).toBe(true);
  });

  test('two leaders of one term, though never at once', () => {
    expect(electionSafety({ 1: ['n1'], 2: ['n1', 'n2'] })).toBe('n1 and n2 were both elected in term 2');
  });
});

describe('leader append-only (Figure 3)', () => {
  const leader = (log: { term: number }[], term = 2, id = 'n1') => [{ id, term, log }];

  test('a leader appends', () => {
    expect(leaderAppendOnly(leader([entry(1)]), leader([entry(1), entry(2)]))).toBe(true);
  });

  test('a leader overwrites or deletes', () => {
    const broken = 'n1, leading in term 2, overwrote or deleted its entry 2';
    expect(leaderAppendOnly(leader([entry(1), entry(2)]), leader([entry(1), entry(2, 'y')]))).toBe(broken);
    expect(leaderAppendOnly(leader([entry(1), entry(2)]), leader([entry(1)]))).toBe(broken);
  });

  test('is about one leader in one term', () => {
    expect(leaderAppendOnly(leader([entry(1)]), leader([], 3))).toBe(true);
    expect(leaderAppendOnly(leader([entry(1)]), leader([], 2, 'n2'))).toBe(true);
    expect(leaderAppendOnly(leader([entry(1)]), [])).toBe(true);
  });
});

describe('log matching (Figure 3; lecture, slide 31)', () => {
  test('the logs of slide 31', () => {
    const common = ['add', 'cmp', 'ret'].map((op) => entry(1, op)).concat(entry(2, 'mov'), entry(3, 'jmp'));
    expect(logMatching({ server1: [...common, entry(3, 'div')], server2: [...common, entry(4, 'sub')] })).toBe(true);
  });

  test('logs of different lengths, and conflicting ones', () => {
    expect(logMatching({ n1: [], n2: [entry(1)], n3: [entry(1), entry(2)] })).toBe(true);
    expect(logMatching({ n1: [entry(1), entry(1)], n2: [entry(2), entry(2)] })).toBe(true);
  });

  test('same index and term, another command', () => {
    expect(logMatching({ n1: [entry(1, 'a')], n2: [], n3: [entry(1, 'b')] })).toBe(
      'n1 and n3 both have an entry of term 1 at index 1, but different entries at index 1',
    );
  });

  test('same index and term, another entry before', () => {
    expect(logMatching({ n1: [entry(1), entry(3)], n2: [entry(2), entry(3), entry(4)] })).toBe(
      'n1 and n2 both have an entry of term 3 at index 2, but different entries at index 1',
    );
  });
});

describe('leader completeness (Figure 3)', () => {
  const committed = [{ index: 1, entry: entry(1), term: 3 }];
  const leader = (term: number, log: { term: number }[]) => [{ id: 'n1', term, log }];

  test('the leaders of later terms have what was committed', () => {
    expect(leaderCompleteness(committed, leader(4, [entry(1), entry(4)]))).toBe(true);
    expect(leaderCompleteness(committed, leader(4, [entry(2)]))).toMatch(
      /entry 1 of term 1 was committed in term 3, but n1, leader of term 4, does not have it/,
    );
  });

  test('an earlier leader need not: here the naive form goes wrong (finding F9)', () => {
    expect(leaderCompleteness(committed, leader(2, [entry(2)]))).toBe(true);
    expect(naiveLeaderCompleteness(committed, leader(2, [entry(2)]))).toMatch(/n1, leader of term 2, does not have it/);
    expect(naiveLeaderCompleteness(committed, leader(2, [entry(1)]))).toBe(true);
  });

  test('the leader of the very term is looked at no more than an earlier one', () => {
    expect(leaderCompleteness(committed, leader(3, []))).toBe(true);
  });
});

describe('state machine safety (Figure 3)', () => {
  test('one entry an index', () => {
    expect(stateMachineSafety([])).toBe(true);
    const applied = [1, 2].map((index) => ({ index, entry: entry(1), term: 1 }));
    expect(stateMachineSafety(applied)).toBe(true);
  });

  test('two entries at one index', () => {
    const applied = [entry(1), entry(2)].map((one, at) => ({ index: 1, entry: one, term: at + 1 }));
    expect(stateMachineSafety(applied)).toBe(
      'at index 1, both {"op":"x","term":1} and {"op":"x","term":2} were applied',
    );
  });
});

describe('terms and votes (section 5.2)', () => {
  const server = (term: number, votedFor: string | null) => ({ n1: { term, votedFor } });

  test('a term grows, a vote is given once a term', () => {
    expect(termsAndVotes(server(1, null), server(1, 'n2'))).toBe(true);
    expect(termsAndVotes(server(1, 'n2'), server(2, 'n3'))).toBe(true);
    expect(termsAndVotes(server(1, 'n2'), server(2, null))).toBe(true);
    expect(termsAndVotes(server(1, 'n2'), {})).toBe(true);
  });

  test('a term falls, a vote is changed or taken back', () => {
    expect(termsAndVotes(server(2, null), server(1, null))).toBe('n1 went back from term 2 to 1');
    expect(termsAndVotes(server(1, 'n2'), server(1, 'n3'))).toBe('n1 voted for n2 in term 1, and then for n3');
    expect(termsAndVotes(server(1, 'n2'), server(1, null))).toBe('n1 voted for n2 in term 1, and then for nobody');
  });
});
