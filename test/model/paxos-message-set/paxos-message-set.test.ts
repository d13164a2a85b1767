import { describe, expect, test } from 'vitest';
import {
  type Constants,
  initial,
  type Message,
  next,
  type State,
  soundRules,
} from '../../../model/paxos-message-set/paxos-message-set.ts';

const constants: Constants = { acceptors: ['a1', 'a2', 'a3'], values: ['v1', 'v2'], ballots: [0, 1] };

/** What can happen when these messages have been sent, and the acceptors are as given. */
function enabled(messages: readonly Message[], acceptors: Partial<State> = {}): [string, State][] {
  const state = { ...initial(constants), ...acceptors, msgs: new Set(messages) };
  return [...next(state, constants, soundRules)].map(([action, after]) => [action, after]);
}
const actions = (steps: readonly [string, State][]) => steps.map(([action]) => action);
const promise = (acc: string, bal: number, mbal = -1, mval: string | null = null): Message => ({
  type: '1b',
  acc,
  bal,
  mbal,
  mval,
});
const at = (acceptor: string, ballot: number) => ({ ...initial(constants).maxBal, [acceptor]: ballot });

test('Paxos.tla, Phase1a: any ballot may begin at any time, again too', () => {
  expect(actions(enabled([]))).toEqual(['Phase1a(0)', 'Phase1a(1)']);
  const [again] = enabled([{ type: '1a', bal: 0 }]);
  expect(again?.[1].msgs.size).toBe(1);
});

describe('Paxos.tla, Phase1b', () => {
  test('an acceptor promises a ballot above all that it has heard of, and reports its vote', () => {
    const steps = enabled([{ type: '1a', bal: 1 }], { maxVBal: at('a1', 0), maxVal: { a1: 'v1', a2: null, a3: null } });
    const [, after] = steps.find(([action]) => action === 'Phase1b(a1)') ?? [];
    expect(after?.maxBal).toEqual({ a1: 1, a2: -1, a3: -1 });
    expect([...(after?.msgs ?? [])]).toContainEqual(promise('a1', 1, 0, 'v1'));
  });

  test('and none that is not', () => {
    expect(actions(enabled([{ type: '1a', bal: 0 }], { maxBal: at('a1', 0) }))).not.toContain('Phase1b(a1)');
  });
});

describe('Paxos.tla, Phase2a', () => {
  const proposals = (messages: readonly Message[]) =>
    actions(enabled(messages)).filter((action) => action.startsWith('Phase2a'));

  test('needs a quorum of promises', () => {
    expect(proposals([promise('a1', 0)])).toEqual([]);
    expect(proposals([promise('a1', 0), promise('a2', 0)])).toEqual(['Phase2a(0, v1)', 'Phase2a(0, v2)']);
  });

  test('proposes the value of the vote with the highest ballot', () => {
    const reported = [promise('a1', 1, 0, 'v2'), promise('a3', 1)];
    expect(proposals(reported)).toEqual(['Phase2a(1, v2)']);
  });

  test('is one step for each quorum that shows the value to be safe', () => {
    const all = [promise('a1', 1), promise('a2', 1), promise('a3', 1, 0, 'v1')];
    expect(proposals(all)).toEqual(['Phase2a(1, v1)', 'Phase2a(1, v1)', 'Phase2a(1, v1)', 'Phase2a(1, v2)']);
  });

  test('proposes once at a ballot', () => {
    expect(proposals([promise('a1', 0), promise('a2', 0), { type: '2a', bal: 0, val: 'v1' }])).toEqual([]);
  });
});

describe('Paxos.tla, Phase2b', () => {
  test('an acceptor votes at a ballot that is not below what it has promised, even without a promise', () => {
    const steps = enabled([{ type: '2a', bal: 0, val: 'v1' }], { maxBal: at('a1', 1) });
    expect(actions(steps)).not.toContain('Phase2b(a1)');
    const [, after] = steps.find(([action]) => action === 'Phase2b(a2)') ?? [];
    expect(after).toMatchObject({
      maxBal: { a1: 1, a2: 0, a3: -1 },
      maxVBal: { a2: 0 },
      maxVal: { a2: 'v1' },
    });
    expect([...(after?.msgs ?? [])]).toContainEqual({ type: '2b', acc: 'a2', bal: 0, val: 'v1' });
  });
});
