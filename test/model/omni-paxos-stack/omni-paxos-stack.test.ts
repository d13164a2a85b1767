/** What the stack adds to its parts: one tells the other who leads, and what it has promised. */

import { expect, test } from 'vitest';
import { omniPaxosStack, soundRules } from '../../../model/omni-paxos-stack/omni-paxos-stack.ts';
import { Driven } from '../driven.ts';

const process = (self: string) => new Driven(omniPaxosStack(soundRules), self, ['n1', 'n2', 'n3']);

const ballot = (round: number, proposer: string) => ({ round, proposer });
const reply = (round: number, own: ReturnType<typeof ballot>) => ({
  type: 'HBReply',
  round,
  ballot: own,
  quorumConnected: true,
});
const kinds = (effects: string[]) => effects.map((effect) => effect.split(' {')[0]);

test('whom the election elects leads Sequence Paxos, in the same step', () => {
  const p = process('n3');
  p.receive('n1', reply(1, ballot(1, 'n1')));
  expect(kinds(p.fire('heartbeat'))).toEqual([
    '! leader',
    'n1 <- Prepare',
    'n2 <- Prepare',
    'n1 <- HBRequest',
    'n2 <- HBRequest',
  ]);
  expect(p.state.paxos).toMatchObject({ promised: ballot(1, 'n3'), role: { name: 'leader', phase: 'prepare' } });
});

test('whom another elects does not lead', () => {
  const p = process('n1');
  p.receive('n3', reply(1, ballot(1, 'n3')));
  expect(kinds(p.fire('heartbeat'))).toEqual(['! leader', 'n2 <- HBRequest', 'n3 <- HBRequest']);
  expect(p.state.paxos.role.name).toBe('follower');
});

test('the election bids above a ballot that Sequence Paxos has promised', () => {
  const p = process('n1');
  const prepare = { type: 'Prepare', ballot: ballot(7, 'n2'), decided: 0, acceptedRound: null };
  p.receive('n2', prepare);
  p.receive('n3', reply(1, ballot(1, 'n3')));
  p.fire('heartbeat');
  expect(p.state.election.ballot).toEqual(ballot(8, 'n1'));
});

test('what is durable of the parts survives a crash, and both recover', () => {
  const p = process('n3');
  p.receive('n1', reply(1, ballot(1, 'n1')));
  p.fire('heartbeat');
  expect(kinds(p.crashAndRecover())).toEqual(['n1 <- HBRequest', 'n2 <- HBRequest']);
  expect(p.state.election).toMatchObject({ elected: ballot(1, 'n3'), round: 1 });
  expect(p.state.paxos).toMatchObject({ promised: ballot(1, 'n3'), role: { name: 'follower', phase: 'recover' } });
});

test('a new session reaches Sequence Paxos', () => {
  expect(kinds(process('n1').linkUp('n2'))).toEqual(['n2 <- PrepareReq']);
});
