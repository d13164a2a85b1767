/** What the service adds to the stack: sessions of clients, answers by the leader alone, and a state machine to rebuild. */

import { expect, test } from 'vitest';
import { stateMachines } from '../../../model/kernels/state-machine.ts';
import { commandOf, omniPaxosService, soundRules } from '../../../model/omni-paxos-service/omni-paxos-service.ts';
import { Driven } from '../driven.ts';

const service = (self: string) =>
  new Driven(omniPaxosService(soundRules, stateMachines.journal), self, ['n1', 'n2', 'n3']);
const ballot = { round: 1, proposer: 'n3' };
const execute = (op: string, seq = 1) => ({ type: 'execute', seq, op });
const answers = (effects: readonly string[]) => effects.filter((effect) => /^c\d <-/.test(effect));

/** n3, elected and in step with n1. */
function leading() {
  const n3 = service('n3');
  n3.receive('n1', { type: 'HBReply', round: 1, ballot: { round: 1, proposer: 'n1' }, quorumConnected: true });
  n3.fire('heartbeat');
  n3.receive('n1', { type: 'Promise', ballot, acceptedRound: null, suffix: [], decided: 0 });
  return n3;
}

const accepted = (length: number) => ({ type: 'Accepted', ballot, length });

test('who knows no leader is silent; a follower says who leads', () => {
  const n1 = service('n1');
  expect(n1.request('c1', execute('a'))).toEqual([]);
  n1.receive('n3', { type: 'Prepare', ballot, decided: 0, acceptedRound: null });
  expect(n1.request('c1', execute('a'))).toEqual(['c1 <- redirect {"seq":1,"leader":"n3"}']);
});

test('the leader answers when the command is decided, and again, without executing it again', () => {
  const n3 = leading();
  expect(answers(n3.request('c1', execute('a')))).toEqual([]);
  expect(answers(n3.receive('n1', accepted(1)))).toEqual(['c1 <- executed {"seq":1,"result":1}']);
  expect(n3.request('c1', execute('a'))).toEqual(['c1 <- executed {"seq":1,"result":1}']);
  expect(n3.state.machine).toEqual(['a']);
});

test('an operation that is decided twice is executed once', () => {
  const n3 = leading();
  n3.request('c1', execute('a'));
  n3.request('c1', execute('a'));
  n3.receive('n1', accepted(2));
  expect(n3.state.stack.paxos.log).toHaveLength(2);
  expect(n3.state.machine).toEqual(['a']);
});

test('a follower executes too, and answers nobody', () => {
  const n1 = service('n1');
  n1.receive('n3', { type: 'Prepare', ballot, decided: 0, acceptedRound: null });
  n1.receive('n3', { type: 'AcceptSync', ballot, suffix: [commandOf('c1', 1, 'a')], at: 0 });
  expect(answers(n1.receive('n3', { type: 'Decide', ballot, length: 1 }))).toEqual([]);
  expect(n1.state).toMatchObject({ machine: ['a'], sessions: new Map([['c1', { seq: 1, result: 1 }]]) });
});

test('who recovers executes again what is decided', () => {
  const n3 = leading();
  n3.request('c1', execute('a'));
  n3.receive('n1', accepted(1));
  n3.crashAndRecover();
  expect(n3.state).toMatchObject({ machine: ['a'], sessions: new Map([['c1', { seq: 1, result: 1 }]]) });
});
