import { describe, expect, test } from 'vitest';
import { heartbeatElection, heartbeatRules } from '../../../model/heartbeat-election/heartbeat-election.ts';
import { Driven } from '../driven.ts';

const ALL = ['n1', 'n2', 'n3', 'n4', 'n5'];
const process = (rules: Partial<typeof heartbeatRules> = {}) =>
  new Driven(heartbeatElection({ ...heartbeatRules, ...rules }), 'n1', ALL);

const ballot = (round: number, proposer: string) => ({ round, proposer });
const heartbeat = (leader: ReturnType<typeof ballot> | null, quorumConnected = true) => ({
  type: 'Heartbeat',
  leader,
  quorumConnected,
});

describe('who takes over', () => {
  test('a process that hears nobody lead, and has not found out yet whom it reaches', () => {
    expect(process().fire('suspect')).toEqual(['! leader {"ballot":{"round":1,"proposer":"n1"}}']);
  });

  test('with a ballot above that of the leader that fell silent', () => {
    const p = process();
    p.receive('n2', heartbeat(ballot(3, 'n3')));
    expect(p.state.leader).toEqual(ballot(3, 'n3'));
    p.fire('suspect');
    expect(p.state.leader).toEqual(ballot(4, 'n1'));
  });

  test('not a process that has heard a minority in its last interval', () => {
    const p = process();
    p.fire('heartbeat');
    p.receive('n2', heartbeat(null));
    p.fire('heartbeat');
    expect(p.fire('suspect')).toEqual([]);
    expect(p.timers).toContain('suspect');
    for (const peer of ['n2', 'n3']) p.receive(peer, heartbeat(null));
    p.fire('heartbeat');
    expect(p.fire('suspect')).toHaveLength(1);
  });

  test('a leader suspects nobody, until it learns of a higher ballot', () => {
    const p = process();
    p.fire('suspect');
    p.receive('n2', heartbeat(ballot(1, 'n1')));
    expect(p.timers).toEqual(['heartbeat']);
    p.receive('n2', heartbeat(ballot(2, 'n3')));
    expect(p.timers).toEqual(['heartbeat', 'suspect']);
  });

  test('a leader that comes back from a crash no longer leads, and may take over with a higher ballot', () => {
    const p = process();
    p.fire('suspect');
    p.crashAndRecover();
    p.fire('suspect');
    expect(p.state.leader).toEqual(ballot(2, 'n1'));
  });
});

describe('what a heartbeat says', () => {
  test('who leads, as far as its sender knows', () => {
    const p = process();
    p.receive('n2', heartbeat(ballot(3, 'n3')));
    expect(p.fire('heartbeat')[0]).toBe(
      'n2 <- Heartbeat {"leader":{"round":3,"proposer":"n3"},"quorumConnected":false}',
    );
  });

  test('a lower ballot is ignored', () => {
    const p = process();
    p.receive('n2', heartbeat(ballot(3, 'n3')));
    p.receive('n4', heartbeat(ballot(2, 'n5')));
    expect(p.state.leader).toEqual(ballot(3, 'n3'));
  });
});
