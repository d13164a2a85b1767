/** Zab (DSN 2011), phase by phase; the steps are named as there: l for the leader, f for a follower. */

import { describe, expect, test } from 'vitest';
import { soundRules, type Transaction, zab } from '../../../model/zab/zab.ts';
import { Driven } from '../driven.ts';

const process = (self: string, among = ['n1', 'n2', 'n3']) => new Driven(zab(soundRules), self, among);

const txn = (epoch: number, counter: number, value: string): Transaction => ({ zxid: { epoch, counter }, value });
const A = txn(1, 1, 'A');
const B = txn(1, 2, 'B');
const C = txn(2, 1, 'C');

const elected = { type: 'elected' };
const follow = (leader: string) => ({ type: 'follow', leader });
const broadcast = (value: string) => ({ type: 'broadcast', value });
const cEpoch = (acceptedEpoch: number) => ({ type: 'CEpoch', acceptedEpoch });
const newEpoch = (epoch: number) => ({ type: 'NewEpoch', epoch });
const ackE = (epoch: number, currentEpoch: number, history: readonly Transaction[]) => ({
  type: 'AckE',
  epoch,
  currentEpoch,
  history,
});
const newLeader = (epoch: number, history: readonly Transaction[]) => ({ type: 'NewLeader', epoch, history });
const ackLD = (epoch: number, zxid: Transaction['zxid'] | null) => ({ type: 'AckLD', epoch, zxid });
const commitLD = (epoch: number, zxid: Transaction['zxid'] | null) => ({ type: 'CommitLD', epoch, zxid });
const propose = (epoch: number, transaction: Transaction) => ({ type: 'Propose', epoch, transaction });
const ack = (epoch: number, { zxid }: Transaction) => ({ type: 'Ack', epoch, zxid });
const commit = (epoch: number, { zxid }: Transaction) => ({ type: 'Commit', epoch, zxid });

/** The kinds of what was sent, and to whom. */
const kinds = (effects: readonly string[]) => effects.map((effect) => effect.split(' {')[0]);

/** n1 leads epoch 1 in phase 3, with n2. */
function primary() {
  const n1 = process('n1');
  n1.request('omega', elected);
  n1.receive('n2', cEpoch(0), ackE(1, 0, []), ackLD(1, null));
  return n1;
}

/** n2 follows n1 in phase 3 of epoch 1. */
function follower() {
  const n2 = process('n2');
  n2.request('omega', follow('n1'));
  n2.receive('n1', newEpoch(1), newLeader(1, []), commitLD(1, null));
  return n2;
}

describe('phase 1: discovery', () => {
  test('f.1.1: a follower tells its leader the last epoch that it has accepted', () => {
    expect(process('n2').request('omega', follow('n1'))).toEqual(['n1 <- CEpoch {"acceptedEpoch":0}']);
  });

  test('l.1.1: from a quorum, itself included, the leader takes an epoch above all, and accepts it', () => {
    const n1 = process('n1');
    n1.request('omega', elected);
    expect(n1.receive('n2', cEpoch(4))).toEqual(['n2 <- NewEpoch {"epoch":5}']);
    expect(n1.state.acceptedEpoch).toBe(5);
  });

  test('l.1.1: a follower that comes later is told the same epoch', () => {
    const n1 = process('n1');
    n1.request('omega', elected);
    n1.receive('n2', cEpoch(4));
    expect(n1.receive('n3', cEpoch(2))).toEqual(['n3 <- NewEpoch {"epoch":5}']);
  });

  test('a process that does not lead has no answer', () => {
    expect(process('n1').receive('n2', cEpoch(0))).toEqual([]);
  });

  test('f.1.2: a follower accepts a higher epoch, and reports its current epoch and its history', () => {
    const n2 = process('n2');
    n2.request('omega', follow('n1'));
    expect(n2.receive('n1', newEpoch(1))).toEqual(['n1 <- AckE {"epoch":1,"currentEpoch":0,"history":[]}']);
    expect(n2.state).toMatchObject({ acceptedEpoch: 1, currentEpoch: 0 });
  });

  test('f.1.2: an equal epoch is not acknowledged, a lower one makes it leave', () => {
    const n2 = follower();
    n2.request('omega', follow('n3'));
    expect(n2.receive('n3', newEpoch(1))).toEqual([]);
    expect(n2.state.role).toMatchObject({ leader: 'n3', phase: 'discovery' });
    n2.request('omega', follow('n1'));
    n2.receive('n1', newEpoch(3));
    n2.receive('n1', newEpoch(2));
    expect(n2.state.role).toEqual({ type: 'looking' });
  });

  test('only the leader that it follows is heard', () => {
    const n2 = process('n2');
    n2.request('omega', follow('n1'));
    expect(n2.receive('n3', newEpoch(1))).toEqual([]);
  });

  test('l.1.2: the history of the follower that was synchronized last, though it be shorter', () => {
    const n1 = primary();
    n1.request('client', broadcast('A'));
    n1.request('client', broadcast('B'));
    n1.request('omega', elected);
    n1.receive('n2', cEpoch(2), ackE(3, 2, [C]));
    expect(n1.state).toMatchObject({ history: [C], currentEpoch: 3 });
  });

  test('l.1.2: among equals, the history with the highest last zxid', () => {
    const n1 = process('n1');
    n1.request('omega', elected);
    n1.receive('n2', cEpoch(1), ackE(2, 0, [A, B]));
    expect(n1.state.history).toEqual([A, B]);
  });

  test('an ACK-E for another epoch does not count', () => {
    const n1 = process('n1');
    n1.request('omega', elected);
    n1.receive('n2', cEpoch(4));
    expect(n1.receive('n2', ackE(3, 0, []))).toEqual([]);
  });
});

describe('phase 2: synchronization', () => {
  test('l.2.1: the leader proposes that history to the quorum', () => {
    const n1 = process('n1');
    n1.request('omega', elected);
    n1.receive('n2', cEpoch(1));
    expect(n1.receive('n2', ackE(2, 1, [A]))).toEqual([
      'n2 <- NewLeader {"epoch":2,"history":[{"zxid":{"epoch":1,"counter":1},"value":"A"}]}',
    ]);
  });

  test('f.2.1: the follower takes epoch and history over at once, whatever it had', () => {
    const n2 = follower();
    n2.receive('n1', propose(1, A), propose(1, B));
    n2.request('omega', follow('n3'));
    n2.receive('n3', newEpoch(2));
    expect(n2.receive('n3', newLeader(2, [A]))).toEqual(['n3 <- AckLD {"epoch":2,"zxid":{"epoch":1,"counter":1}}']);
    expect(n2.state).toMatchObject({ currentEpoch: 2, history: [A] });
  });

  test('f.2.1: not from a leader whose epoch it has not accepted', () => {
    const n2 = process('n2');
    n2.request('omega', follow('n1'));
    expect(n2.receive('n1', newLeader(2, [A]))).toEqual([]);
    expect(n2.state).toMatchObject({ role: { type: 'looking' }, history: [] });
  });

  test('l.2.2, f.2.2: when a quorum has acknowledged, leader and followers deliver the history', () => {
    const n1 = process('n1');
    n1.request('omega', elected);
    n1.receive('n2', cEpoch(1), ackE(2, 1, [A, B]));
    expect(kinds(n1.receive('n2', ackLD(2, B.zxid)))).toEqual(['! deliver', '! deliver', 'n2 <- CommitLD']);
    const n2 = process('n2');
    n2.request('omega', follow('n1'));
    n2.receive('n1', newEpoch(2), newLeader(2, [A, B]));
    expect(n2.receive('n1', commitLD(2, B.zxid))).toHaveLength(2);
    expect(n2.state).toMatchObject({ delivered: 2, role: { phase: 'broadcast' } });
  });
});

describe('phase 3: broadcast', () => {
  test('l.3.1: zxids are of the epoch, counted from 1', () => {
    const n1 = primary();
    expect(n1.request('client', broadcast('A'))).toEqual([
      'n2 <- Propose {"epoch":1,"transaction":{"zxid":{"epoch":1,"counter":1},"value":"A"}}',
    ]);
    n1.request('client', broadcast('B'));
    expect(n1.state.history).toEqual([A, B]);
  });

  test('l.3.1: not before phase 3', () => {
    const n1 = process('n1');
    n1.request('omega', elected);
    n1.receive('n2', cEpoch(0), ackE(1, 0, []));
    expect(n1.request('client', broadcast('A'))).toEqual([]);
  });

  test('a follower appends proposals in order, and acknowledges them', () => {
    const n2 = follower();
    expect(n2.receive('n1', propose(1, A))).toEqual(['n1 <- Ack {"epoch":1,"zxid":{"epoch":1,"counter":1}}']);
    expect(n2.receive('n1', propose(1, A))).toEqual([]);
    expect(n2.receive('n1', propose(1, txn(1, 3, 'X')))).toEqual([]);
    expect(n2.state.history).toEqual([A]);
  });

  test('l.3.2: with a quorum the leader delivers, and tells the followers', () => {
    const n1 = primary();
    n1.request('client', broadcast('A'));
    expect(n1.receive('n2', ack(1, A))).toEqual([
      '! deliver {"transaction":{"zxid":{"epoch":1,"counter":1},"value":"A"}}',
      'n2 <- Commit {"epoch":1,"zxid":{"epoch":1,"counter":1}}',
    ]);
  });

  test('a follower delivers up to what is committed', () => {
    const n2 = follower();
    n2.receive('n1', propose(1, A), propose(1, B));
    expect(n2.receive('n1', commit(1, A))).toHaveLength(1);
    expect(n2.state.delivered).toBe(1);
  });

  test('messages of a leader that it does not follow any more are ignored', () => {
    const n2 = follower();
    n2.request('omega', follow('n3'));
    expect(n2.receive('n1', propose(1, A), commit(1, A))).toEqual([]);
  });

  test('l.3.3: a late joiner gets NEWEPOCH and NEWLEADER, and proposals from then on', () => {
    const n1 = primary();
    n1.request('client', broadcast('A'));
    expect(kinds(n1.receive('n3', cEpoch(0)))).toEqual(['n3 <- NewEpoch', 'n3 <- NewLeader']);
    expect(kinds(n1.request('client', broadcast('B')))).toEqual(['n2 <- Propose', 'n3 <- Propose']);
    expect(n1.receive('n3', ackE(1, 0, []))).toEqual([]);
  });

  test('l.3.4: a late joiner gets COMMIT-LD up to the last commit of the leader; its ACK-LD counts for what it was sent', () => {
    const n1 = primary();
    n1.request('client', broadcast('A'));
    n1.receive('n3', cEpoch(0));
    expect(kinds(n1.receive('n3', ackLD(1, A.zxid)))).toEqual([
      'n3 <- CommitLD',
      '! deliver',
      'n2 <- Commit',
      'n3 <- Commit',
    ]);
  });

  test('a follower that re-joins the same established leader is synchronized by its NEWLEADER', () => {
    const n2 = follower();
    n2.linkDown('n1');
    n2.request('omega', follow('n1'));
    expect(n2.receive('n1', newEpoch(1))).toEqual([]);
    expect(kinds(n2.receive('n1', newLeader(1, [A])))).toEqual(['n1 <- AckLD']);
  });
});

describe('sessions and crashes', () => {
  test('a follower that loses its leader, and a leader that loses its quorum, look for a leader', () => {
    const n2 = follower();
    n2.linkDown('n3');
    expect(n2.state.role.type).toBe('following');
    n2.linkDown('n1');
    expect(n2.state.role.type).toBe('looking');
    const n1 = primary();
    n1.linkDown('n3');
    expect(n1.state.role.type).toBe('leading');
    n1.linkDown('n2');
    expect(n1.state.role.type).toBe('looking');
  });

  test('accepted epoch, current epoch and history survive a crash; what was delivered is delivered again', () => {
    const n2 = follower();
    n2.receive('n1', propose(1, A), commit(1, A));
    n2.crashAndRecover();
    expect(n2.state).toEqual({
      acceptedEpoch: 1,
      currentEpoch: 1,
      history: [A],
      delivered: 0,
      role: { type: 'looking' },
    });
  });
});
