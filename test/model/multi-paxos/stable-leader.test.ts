/** The lecture's slide "Simplified Paxos", line by line. */

import { expect, test } from 'vitest';
import { soundRules, stableLeader } from '../../../model/multi-paxos/stable-leader.ts';
import { Driven } from '../driven.ts';

const replica = (self: string) => new Driven(stableLeader(soundRules), self, ['n1', 'n2', 'n3']);

const broadcast = (value: string) => ({ type: 'broadcast', value });
const impose = (seqno: number, value: string) => ({ type: 'Impose', seqno, value });
const ack = (seqno: number, value: string) => ({ type: 'Ack', seqno, value });

test('upon tobroadcast(val) by leader: inc(seqno), send IMPOSE to all', () => {
  const leader = replica('n1');
  const sent = leader.request('client', broadcast('A'));
  expect(sent.filter((effect) => effect.includes('Impose'))).toEqual([
    'n2 <- Impose {"seqno":1,"value":"A"}',
    'n3 <- Impose {"seqno":1,"value":"A"}',
  ]);
  leader.request('client', broadcast('B'));
  expect(leader.state).toMatchObject({ seqno: 2, estimates: { 1: 'A', 2: 'B' } });
});

test('upon receive IMPOSE: keep the estimate, send ACK to all', () => {
  const n2 = replica('n2');
  expect(n2.receive('n1', impose(1, 'A'))).toEqual([
    'n1 <- Ack {"seqno":1,"value":"A"}',
    'n3 <- Ack {"seqno":1,"value":"A"}',
  ]);
  expect(n2.state.estimates).toEqual({ 1: 'A' });
});

test('upon receive ACK from a majority: ordered and delivered', () => {
  const n2 = replica('n2');
  n2.receive('n1', impose(1, 'A'));
  expect(n2.receive('n1', ack(1, 'A'))).toEqual(['! deliver {"seqno":1,"value":"A"}']);
  expect(n2.state).toMatchObject({ ordered: { 1: 'A' }, delivered: 1, acks: {} });
});

test('two ACKs of one replica are no majority', () => {
  const n2 = replica('n2');
  expect(n2.receive('n3', ack(1, 'A'), ack(1, 'A'))).toEqual([]);
  expect(n2.state.ordered).toEqual({});
});

test('... and myestimates[seq] = v: a majority of ACKs does not do before the IMPOSE has come', () => {
  const n2 = replica('n2');
  n2.receive('n1', ack(1, 'A'));
  expect(n2.receive('n3', ack(1, 'A'))).toEqual([]);
  expect(n2.receive('n1', impose(1, 'A')).at(-1)).toBe('! deliver {"seqno":1,"value":"A"}');
});

test('delivered only when every lower sequence number is', () => {
  const n2 = replica('n2');
  n2.receive('n1', impose(2, 'B'));
  expect(n2.receive('n1', ack(2, 'B'))).toEqual([]);
  expect(n2.state).toMatchObject({ ordered: { 2: 'B' }, delivered: 0 });
  n2.receive('n1', impose(1, 'A'));
  expect(n2.receive('n1', ack(1, 'A'))).toEqual([
    '! deliver {"seqno":1,"value":"A"}',
    '! deliver {"seqno":2,"value":"B"}',
  ]);
});
