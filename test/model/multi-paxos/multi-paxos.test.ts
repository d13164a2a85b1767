/** The lecture's slides "Multi-leader Paxos: Impose phase", "Read phase" and "Paxos", line by line. */

import { describe, expect, test } from 'vitest';
import { multiPaxos, soundRules } from '../../../model/multi-paxos/multi-paxos.ts';
import { Driven } from '../driven.ts';

const replica = (self: string, rules = soundRules) => new Driven(multiPaxos(rules), self, ['n1', 'n2', 'n3']);

const elected = (epoch: number) => ({ type: 'elected', epoch });
const broadcast = (value: string) => ({ type: 'broadcast', value });
const impose = (seqno: number, epoch: number, value: string) => ({ type: 'Impose', seqno, epoch, value });
const ack = (seqno: number, epoch: number, value: string) => ({ type: 'Ack', seqno, epoch, value });
const read = (epoch: number) => ({ type: 'Read', epoch });
const gather = (epoch: number, estimates: object) => ({ type: 'Gather', epoch, estimates });

/** A leader of an epoch, which has read what n2 had taken. */
function leader(epoch: number, estimates: object = {}) {
  const n1 = replica('n1');
  n1.request('omega', elected(epoch));
  const sent = n1.receive('n2', gather(epoch, estimates));
  return { n1, sent };
}

const imposed = (sent: readonly string[], to: string) =>
  sent.filter((effect) => effect.startsWith(`${to} <- Impose`)).map((effect) => JSON.parse(effect.slice(13)) as object);

describe('"Read phase"', () => {
  test('upon elected leader: send READ to all', () => {
    const n1 = replica('n1');
    expect(n1.request('omega', elected(3))).toEqual(['n2 <- Read {"epoch":3}', 'n3 <- Read {"epoch":3}']);
    expect(n1.state).toMatchObject({ lastKnownEpoch: 3, leading: null, reading: { epoch: 3, gathers: { n1: {} } } });
  });

  test('upon receive READ of a higher epoch: know it, send GATHER with all estimates', () => {
    const n2 = replica('n2');
    n2.receive('n1', impose(2, 1, 'B'));
    expect(n2.receive('n3', read(2))).toEqual(['n3 <- Gather {"epoch":2,"estimates":{"2":{"epoch":1,"value":"B"}}}']);
    expect(n2.state.lastKnownEpoch).toBe(2);
  });

  test('a READ of the same or a lower epoch is not answered', () => {
    const n2 = replica('n2');
    n2.receive('n1', read(2));
    expect(n2.receive('n1', read(2))).toEqual([]);
    expect(n2.receive('n3', read(1))).toEqual([]);
  });

  test('upon GATHER from a majority, itself included: it leads', () => {
    expect(leader(2).n1.state).toMatchObject({ leading: { epoch: 2, seqno: 0 }, reading: null });
  });

  test('a GATHER of another epoch does not count', () => {
    const n1 = replica('n1');
    n1.request('omega', elected(2));
    n1.receive('n2', gather(1, {}));
    expect(n1.state.leading).toBe(null);
  });

  test('for each seqno, the value with the highest epoch number', () => {
    const n1 = replica('n1');
    n1.receive('n3', impose(1, 2, 'B'), impose(2, 1, 'C'));
    n1.request('omega', elected(4));
    const sent = n1.receive('n2', gather(4, { 1: { epoch: 1, value: 'A' }, 2: { epoch: 3, value: 'D' } }));
    expect(imposed(sent, 'n3')).toEqual([
      { seqno: 1, epoch: 4, value: 'B' },
      { seqno: 2, epoch: 4, value: 'D' },
    ]);
  });

  test('for other (missing) seqno, noop', () => {
    const { sent } = leader(2, { 3: { epoch: 1, value: 'C' } });
    expect(imposed(sent, 'n3').map((message) => Object.values(message))).toEqual([
      [1, 2, 'noop'],
      [2, 2, 'noop'],
      [3, 2, 'C'],
    ]);
  });

  test('its own commands come after all that it has read', () => {
    const { n1 } = leader(2, { 1: { epoch: 1, value: 'A' } });
    expect(imposed(n1.request('client', broadcast('B')), 'n2')).toEqual([{ epoch: 2, seqno: 2, value: 'B' }]);
  });

  test('a process that does not lead broadcasts nothing', () => {
    const n1 = replica('n1');
    expect(n1.request('client', broadcast('A'))).toEqual([]);
    n1.request('omega', elected(1));
    expect(n1.request('client', broadcast('A'))).toEqual([]);
  });
});

describe('"Multi-leader Paxos: Impose phase"', () => {
  test('upon IMPOSE, if lastKnownEpoch <= epoch: take it, send ACK to all', () => {
    const n2 = replica('n2');
    expect(n2.receive('n1', impose(1, 2, 'A'))).toEqual([
      'n1 <- Ack {"seqno":1,"epoch":2,"value":"A"}',
      'n3 <- Ack {"seqno":1,"epoch":2,"value":"A"}',
    ]);
    expect(n2.state.estimates).toEqual({ 1: { epoch: 2, value: 'A' } });
  });

  test('an IMPOSE of a lower epoch than is known is ignored', () => {
    const n2 = replica('n2');
    n2.receive('n3', read(3));
    expect(n2.receive('n1', impose(1, 2, 'A'))).toEqual([]);
  });

  test('not on the slide: taking a value raises the last known epoch', () => {
    const n2 = replica('n2');
    n2.receive('n3', impose(1, 3, 'B'));
    expect(n2.state.lastKnownEpoch).toBe(3);
    expect(n2.receive('n1', impose(1, 2, 'A'))).toEqual([]);
    expect(n2.state.estimates).toEqual({ 1: { epoch: 3, value: 'B' } });
  });

  test('a higher epoch overwrites the estimate', () => {
    const n2 = replica('n2');
    n2.receive('n1', impose(1, 1, 'A'), impose(1, 2, 'B'));
    expect(n2.state.estimates).toEqual({ 1: { epoch: 2, value: 'B' } });
  });

  test('ACKs for one value in two epochs do not add up', () => {
    const n2 = replica('n2');
    n2.receive('n1', impose(1, 3, 'A'));
    expect(n2.receive('n3', ack(1, 1, 'A'))).toEqual([]);
    expect(n2.receive('n1', ack(1, 3, 'A'))).toEqual(['! deliver {"seqno":1,"value":"A"}']);
  });
});

describe('crashes ("2f+1 replicas, crash-recovery model")', () => {
  test('what it has promised, taken and delivered survives; that it leads does not', () => {
    const { n1 } = leader(2, { 1: { epoch: 1, value: 'A' } });
    n1.receive('n2', ack(1, 2, 'A'));
    n1.crashAndRecover();
    expect(n1.state).toEqual({
      lastKnownEpoch: 2,
      estimates: { 1: { epoch: 2, value: 'A' } },
      leading: null,
      reading: null,
      acks: {},
      ordered: { 1: 'A' },
      delivered: 1,
    });
  });
});
