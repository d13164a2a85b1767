import { describe, expect, test } from 'vitest';
import {
  type Constants,
  initial,
  type Message,
  next,
  type State,
  soundRules,
} from '../../../model/paxos-commit/paxos-commit.ts';

const constants: Constants = { rms: ['r1', 'r2'], acceptors: ['a1', 'a2', 'a3'], ballots: [0, 1] };

/** What can happen when these messages of the instance for r1 have been sent. */
function enabled(messages: readonly Message[], changes: Partial<State> = {}): [string, State][] {
  const start = initial(constants);
  const { r1, ...others } = start.instances;
  if (r1 === undefined) throw new Error('there is no r1');
  const state = { ...start, instances: { r1: { ...r1, msgs: new Set(messages) }, ...others }, ...changes };
  return [...next(state, constants, soundRules)].map(([action, after]) => [action, after]);
}
const actions = (steps: readonly [string, State][]) => steps.map(([action]) => action);
const promise = (acc: string, bal = -1, val: 'prepared' | null = null): Message => ({
  type: 'phase1b',
  mbal: 1,
  bal,
  val,
  acc,
});
const vote = (acc: string, val: 'prepared' | 'aborted'): Message => ({ type: 'phase2b', acc, bal: 0, val });

test('PaxosCommit.tla, the resource managers: each proposes for itself at ballot 0', () => {
  const steps = enabled([]);
  expect(actions(steps).slice(0, 3)).toEqual(['RMPrepare(r1)', 'RMChooseToAbort(r1)', 'Phase1a(1, r1)']);
  expect([...(steps[0]?.[1].instances.r1?.msgs ?? [])]).toEqual([{ type: 'phase2a', bal: 0, val: 'prepared' }]);
});

describe('PaxosCommit.tla, Phase2a', () => {
  const proposed = (messages: readonly Message[]) =>
    enabled(messages)
      .filter(([action]) => action === 'Phase2a(1, r1)')
      .map(([, { instances }]) => [...(instances.r1?.msgs ?? [])].at(-1));

  test('a leader that hears of no vote proposes to abort', () => {
    expect(proposed([promise('a1'), promise('a2')])).toEqual([{ type: 'phase2a', bal: 1, val: 'aborted' }]);
  });

  test('one that hears of a vote proposes its value', () => {
    expect(proposed([promise('a1'), promise('a2', 0, 'prepared')])).toEqual([
      { type: 'phase2a', bal: 1, val: 'prepared' },
    ]);
  });

  test('a minority of promises is not enough', () => {
    expect(proposed([promise('a1')])).toEqual([]);
  });
});

describe('PaxosCommit.tla, Decide', () => {
  const announced = (messages: readonly Message[], changes?: Partial<State>) =>
    enabled(messages, changes)
      .filter(([action]) => action === 'Decide')
      .flatMap(([, { announced }]) => [...announced]);

  test('aborts when one instance has chosen aborted', () => {
    expect(announced([vote('a1', 'aborted'), vote('a3', 'aborted')])).toEqual(['Abort']);
  });

  test('does not commit while an instance has chosen nothing', () => {
    expect(announced([vote('a1', 'prepared'), vote('a2', 'prepared')])).toEqual([]);
  });
});

test('PaxosCommit.tla, an acceptor votes at no ballot below its promise', () => {
  const steps = enabled([
    { type: 'phase1a', bal: 1 },
    { type: 'phase2a', bal: 0, val: 'prepared' },
  ]);
  const [, promised] = steps.find(([action]) => action === 'Phase1b(a1)') ?? [];
  if (promised === undefined) throw new Error('a1 does not promise');
  const after = [...next(promised, constants, soundRules)].map(([action]) => action);
  expect(after).not.toContain('Phase2b(a1)');
  expect(after).toContain('Phase2b(a2)');
});
