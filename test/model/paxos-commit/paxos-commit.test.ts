import { describe, expect, test } from 'vitest';
import { namedActions, successorsOf } from '../../../model/contract/action.ts';
import { canonical } from '../../../model/contract/data.ts';
import {
  actions,
  type Constants,
  initial,
  type Message,
  type State,
  soundRules,
} from '../../../model/paxos-commit/paxos-commit.ts';

const constants: Constants = { rms: ['r1', 'r2'], acceptors: ['a1', 'a2', 'a3'], ballots: [0, 1] };

/** What can happen in a state, by name. */
function enabled(state: State): (readonly [action: string, after: State])[] {
  return [...successorsOf(namedActions(actions(constants, soundRules)), state)];
}

/** The initial state, but that these messages have been sent. */
function having(...messages: readonly Message[]): State {
  return { ...initial(constants), msgs: new Set(messages) };
}

/** What is sent by the actions of this name. */
function sentBy(name: string, state: State): Message[] {
  const before = [...state.msgs].map(canonical);
  return enabled(state)
    .filter(([action]) => action.startsWith(name))
    .flatMap(([, { msgs }]) => [...msgs].filter((message) => !before.includes(canonical(message))));
}

const names = (state: State) => enabled(state).map(([action]) => action);
const promise = (acc: string, bal = -1, val: 'prepared' | null = null): Message => ({
  type: 'phase1b',
  ins: 'r1',
  mbal: 1,
  bal,
  val,
  acc,
});
const vote = (acc: string, val: 'prepared' | 'aborted', ins = 'r1'): Message => ({
  type: 'phase2b',
  ins,
  acc,
  bal: 0,
  val,
});

test('PaxosCommit.tla, the resource managers: each proposes for itself at ballot 0', () => {
  expect(names(having())).toEqual([
    'RMPrepare(r1)',
    'RMPrepare(r2)',
    'RMChooseToAbort(r1)',
    'RMChooseToAbort(r2)',
    'Phase1a(1, r1)',
    'Phase1a(1, r2)',
  ]);
  expect(sentBy('RMPrepare(r1)', having())).toEqual([{ type: 'phase2a', ins: 'r1', bal: 0, val: 'prepared' }]);
});

describe('PaxosCommit.tla, Phase2a', () => {
  test('a leader that hears of no vote proposes to abort', () => {
    expect(sentBy('Phase2a', having(promise('a1'), promise('a2')))).toEqual([
      { type: 'phase2a', ins: 'r1', bal: 1, val: 'aborted' },
    ]);
  });

  test('one that hears of a vote proposes its value', () => {
    expect(sentBy('Phase2a', having(promise('a1'), promise('a2', 0, 'prepared')))).toEqual([
      { type: 'phase2a', ins: 'r1', bal: 1, val: 'prepared' },
    ]);
  });

  test('each majority of promises is a step', () => {
    expect(names(having(promise('a1'), promise('a2'), promise('a3'))).filter((name) => /^Phase2a/.test(name))).toEqual([
      'Phase2a(1, r1, ["a1","a2"])',
      'Phase2a(1, r1, ["a1","a3"])',
      'Phase2a(1, r1, ["a2","a3"])',
    ]);
  });

  test('a minority of promises is not enough', () => {
    expect(sentBy('Phase2a', having(promise('a1')))).toEqual([]);
  });

  test('one proposal a ballot', () => {
    const proposed: Message = { type: 'phase2a', ins: 'r1', bal: 1, val: 'aborted' };
    expect(names(having(promise('a1'), promise('a2'), proposed)).join()).not.toContain('Phase2a');
  });
});

describe('PaxosCommit.tla, PCDecide', () => {
  test('aborts when one instance has chosen aborted', () => {
    expect(sentBy('PCDecide', having(vote('a1', 'aborted'), vote('a3', 'aborted')))).toEqual([{ type: 'Abort' }]);
  });

  test('does not commit while an instance has chosen nothing', () => {
    expect(sentBy('PCDecide', having(vote('a1', 'prepared'), vote('a2', 'prepared')))).toEqual([]);
  });

  test('commits when all have chosen prepared', () => {
    const votes = ['r1', 'r2'].flatMap((ins) => ['a1', 'a2'].map((acc) => vote(acc, 'prepared', ins)));
    expect(sentBy('PCDecide', having(...votes))).toEqual([{ type: 'Commit' }]);
  });
});

test('PaxosCommit.tla, Phase1b: an acceptor reports its vote, and votes at no ballot below its promise', () => {
  const start = having({ type: 'phase1a', ins: 'r1', bal: 1 }, { type: 'phase2a', ins: 'r1', bal: 0, val: 'prepared' });
  const [, voted] = enabled(start).find(([action]) => action === 'Phase2b(a1, r1, 0, prepared)') ?? [];
  if (voted === undefined) throw new Error('a1 does not vote');
  expect(sentBy('Phase1b(a1, r1, 1)', voted)).toEqual([promise('a1', 0, 'prepared')]);
  const [, promised] = enabled(start).find(([action]) => action === 'Phase1b(a1, r1, 1)') ?? [];
  if (promised === undefined) throw new Error('a1 does not promise');
  expect(names(promised)).not.toContain('Phase2b(a1, r1, 0, prepared)');
  expect(names(promised)).toContain('Phase2b(a2, r1, 0, prepared)');
});
