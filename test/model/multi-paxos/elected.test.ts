/** What the election adds to Multi-Paxos: epochs, and who leads in them. */

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { heartbeatRules } from '../../../model/heartbeat-election/heartbeat-election.ts';
import { compareBallots } from '../../../model/kernels/ballot.ts';
import { electedMultiPaxos, epochOf } from '../../../model/multi-paxos/elected.ts';
import { soundRules } from '../../../model/multi-paxos/multi-paxos.ts';
import { Driven } from '../driven.ts';

const IDS = ['n1', 'n2', 'n3'];
const process = (self: string) =>
  new Driven(electedMultiPaxos({ election: heartbeatRules, paxos: soundRules }), self, IDS);

test('whom the election elects reads, in the same step, in the epoch of its ballot', () => {
  const p = process('n2');
  expect(p.fire('suspect')).toEqual([
    '! leader {"ballot":{"round":1,"proposer":"n2"}}',
    'n1 <- Read {"epoch":2}',
    'n3 <- Read {"epoch":2}',
  ]);
  p.receive('n1', { type: 'Gather', epoch: 2, estimates: {} });
  expect(p.state.paxos.leading).toEqual({ epoch: 2, seqno: 0 });
});

test('whom another elects does not lead', () => {
  const p = process('n1');
  const leader = { round: 1, proposer: 'n2' };
  expect(p.receive('n2', { type: 'Heartbeat', leader, quorumConnected: true })).toEqual([]);
  expect(p.state.paxos).toMatchObject({ leading: null, reading: null });
});

test('a crash leaves the ballot and what Multi-Paxos must keep', () => {
  const p = process('n1');
  p.receive('n2', { type: 'Impose', seqno: 1, epoch: 2, value: 'A' });
  p.fire('suspect');
  p.crashAndRecover();
  expect(p.state.election.leader).toEqual({ round: 1, proposer: 'n1' });
  expect(p.state.paxos).toMatchObject({ lastKnownEpoch: 2, estimates: { 1: { epoch: 2, value: 'A' } }, leading: null });
});

test('epochs are unique, and increase as their ballots do', () => {
  const ballots = fc.record({ round: fc.integer({ min: 1, max: 9 }), proposer: fc.constantFrom(...IDS) });
  fc.assert(
    fc.property(ballots, ballots, fc.shuffledSubarray(IDS, { minLength: IDS.length }), (a, b, ids) => {
      expect(Math.sign(epochOf(a, ids) - epochOf(b, ids))).toBe(Math.sign(compareBallots(a, b)));
    }),
  );
});
