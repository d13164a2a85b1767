/** The lecture's slide "Example: Corrupted disks", line by line. */

import { describe, expect, test } from 'vitest';
import { corruptedDisk, soundRules } from '../../../model/multi-paxos/corrupted-disk.ts';
import { Driven } from '../driven.ts';

/** A replica that had taken A in epoch 1, and has lost it. */
function rebuilding() {
  const n3 = new Driven(corruptedDisk(soundRules), 'n3', ['n1', 'n2', 'n3']);
  n3.receive('n1', impose(1, 'A'));
  const asked = n3.request('disk', { type: 'corrupted' });
  return { n3, asked };
}

const elected = (epoch: number) => ({ type: 'elected', epoch });
const broadcast = (value: string) => ({ type: 'broadcast', value });
const read = (epoch: number) => ({ type: 'Read', epoch });
const ack = (seqno: number, value: string) => ({ type: 'Ack', seqno, epoch: 1, value });
const impose = (seqno: number, value: string) => ({ type: 'Impose', seqno, epoch: 1, value });
const ordered = (seqno: number, value: string) => ({ type: 'Ordered', seqno, epoch: 1, value });
const learn = (known: object, started: number, epoch = 1) => ({ type: 'Learn', ordered: known, epoch, started });

describe('it participates as a non-voting member', () => {
  test('it has forgotten everything, and asks the others', () => {
    const { n3, asked } = rebuilding();
    expect(asked).toEqual(['n1 <- CatchUp', 'n2 <- CatchUp']);
    expect(n3.state).toMatchObject({ lastKnownEpoch: 0, estimates: {}, ordered: {}, delivered: 0 });
  });

  test('it does not respond with GATHER or ACK', () => {
    const { n3 } = rebuilding();
    expect(n3.receive('n2', read(2))).toEqual([]);
    expect(n3.receive('n1', impose(2, 'B'))).toEqual([]);
  });

  test('it does not lead', () => {
    expect(rebuilding().n3.request('omega', elected(4))).toEqual([]);
  });

  test('it uses the catch-up mechanism to catch up', () => {
    const { n3 } = rebuilding();
    expect(n3.receive('n1', learn({ 1: 'A' }, 1))).toEqual(['! deliver {"seqno":1,"value":"A"}']);
    expect(n3.state).toMatchObject({ lastKnownEpoch: 1, estimates: { 1: { epoch: 1, value: 'A' } } });
  });

  test('a crash does not make it vote again', () => {
    const { n3 } = rebuilding();
    n3.crashAndRecover();
    expect(n3.receive('n1', impose(2, 'B'))).toEqual([]);
  });
});

describe('until it observes one complete instance that was started after it started rebuilding', () => {
  test('an instance that may have been started before does not count', () => {
    const { n3 } = rebuilding();
    n3.receive('n1', learn({}, 1), ordered(1, 'A'));
    expect(n3.state.rebuilding).toEqual({ started: { n1: 1 }, observed: null });
  });

  test('one that was started later does, when everything below is known and everybody has been heard', () => {
    const { n3 } = rebuilding();
    n3.receive('n2', learn({}, 0, 0));
    n3.receive('n1', learn({ 1: 'A' }, 1), ordered(2, 'B'));
    expect(n3.state.rebuilding).toBe(null);
  });

  test('not on the slide: not while something below is missing, which it asks for', () => {
    const { n3 } = rebuilding();
    n3.receive('n2', learn({}, 0, 0));
    expect(n3.receive('n1', learn({}, 1), ordered(2, 'B'))).toEqual(['n1 <- CatchUp']);
    expect(n3.state.rebuilding).toEqual({ started: { n1: 1, n2: 0 }, observed: 2 });
    n3.receive('n1', learn({ 1: 'A', 2: 'B' }, 2));
    expect(n3.state.rebuilding).toBe(null);
  });

  test('not on the slide: not before all others have said which epoch they know of, and then not in a lower one', () => {
    const { n3 } = rebuilding();
    n3.receive('n1', learn({ 1: 'A' }, 1), ordered(2, 'B'));
    expect(n3.state.rebuilding).not.toBe(null);
    n3.receive('n2', learn({}, 0, 2));
    expect(n3.state).toMatchObject({ rebuilding: null, lastKnownEpoch: 2 });
    expect(n3.receive('n1', impose(3, 'C'))).toEqual([]);
  });
});

test('what the others do: ACK to the leader, which announces what is ordered', () => {
  const n1 = new Driven(corruptedDisk(soundRules), 'n1', ['n1', 'n2', 'n3']);
  n1.request('omega', elected(1));
  n1.request('client', broadcast('A'));
  expect(n1.receive('n2', ack(1, 'A'))).toEqual([
    '! deliver {"seqno":1,"value":"A"}',
    'n2 <- Ordered {"seqno":1,"epoch":1,"value":"A"}',
    'n3 <- Ordered {"seqno":1,"epoch":1,"value":"A"}',
  ]);
  expect(n1.receive('n3', { type: 'CatchUp' })).toEqual(['n3 <- Learn {"ordered":{"1":"A"},"epoch":1,"started":1}']);
});
