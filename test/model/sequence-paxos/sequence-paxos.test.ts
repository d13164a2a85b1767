/** One test per claim of the lecture notes on Leader-based Sequence Paxos, in their order; p is n1, N is 3. */

import { describe, expect, test } from 'vitest';
import { difference } from '../../../model/contract/patches.ts';
import { ballotName } from '../../../model/kernels/ballot.ts';
import { BLOCK, entriesOf, lengthOf, logOf } from '../../../model/kernels/log.ts';
import { sequencePaxos, soundRules } from '../../../model/sequence-paxos/sequence-paxos.ts';
import { Driven } from '../driven.ts';

const process = (self: string) => new Driven(sequencePaxos(soundRules), self, ['n1', 'n2', 'n3']);

const ballot = (name: string) => ({ round: Number(name[0]), proposer: name.slice(2) });
const elected = (name: string) => ({ type: 'leader', ballot: ballot(name) });
const proposes = (command: string) => ({ type: 'propose', command });
const prepare = (name: string, decided = 0, acceptedRound: string | null = null) => ({
  type: 'Prepare',
  ballot: ballot(name),
  decided,
  acceptedRound: acceptedRound === null ? null : ballot(acceptedRound),
});
const promise = (name: string, acceptedRound: string | null = null, suffix: string[] = [], decided = 0) => ({
  type: 'Promise',
  ballot: ballot(name),
  acceptedRound: acceptedRound === null ? null : ballot(acceptedRound),
  suffix,
  decided,
});
const acceptSync = (name: string, suffix: string[], at = 0) => ({
  type: 'AcceptSync',
  ballot: ballot(name),
  suffix,
  at,
});
const accept = (name: string, command: string) => ({ type: 'Accept', ballot: ballot(name), command });
const accepted = (name: string, length: number) => ({ type: 'Accepted', ballot: ballot(name), length });
const decide = (name: string, length: number) => ({ type: 'Decide', ballot: ballot(name), length });
const prepareReq = (name: string | null) => ({ type: 'PrepareReq', promised: name === null ? null : ballot(name) });

/** A message as an effect's text. */
const sent = (to: string, { type, ...fields }: { type: string }) => `${to} <- ${type} ${JSON.stringify(fields)}`;
const decided = (command: string) => `! decide {"command":"${command}"}`;

/** A follower of n2 in round 2 that has accepted a. */
function follower() {
  const p = process('n1');
  p.receive('n2', prepare('2.n2'), acceptSync('2.n2', ['a']));
  return p;
}

/** The leader of round 1 with promises of itself and n2. */
function leader() {
  const p = process('n1');
  p.ask(elected('1.n1'));
  p.receive('n2', promise('1.n1'));
  return p;
}

describe('leader(l, n)', () => {
  test('l = self with n above the promise: promises itself, and prepares all others', () => {
    const p = process('n1');
    expect(p.ask(elected('1.n1'))).toEqual([sent('n2', prepare('1.n1')), sent('n3', prepare('1.n1'))]);
    expect(ballotName(p.state.promised)).toBe('1.n1');
    expect(p.state.role).toMatchObject({ name: 'leader', phase: 'prepare' });
  });

  test('a ballot that is not above the promise is ignored', () => {
    const p = follower();
    const before = p.state;
    expect(p.ask(elected('1.n1'))).toEqual([]);
    expect(p.state).toBe(before);
  });

  test('another leader with a higher ballot ends the own lead', () => {
    const p = leader();
    expect(p.ask(elected('2.n2'))).toEqual([]);
    expect(p.state.role.name).toBe('follower');
    expect(p.ask(proposes('a'))).toEqual([]);
  });
});

describe('Prepare', () => {
  test('above the promise: promises, and reports its log from the decided length of the leader on', () => {
    const p = follower();
    p.receive('n2', accept('2.n2', 'b'), decide('2.n2', 1));
    expect(p.receive('n3', prepare('3.n3', 1, '2.n2'))).toEqual([sent('n3', promise('3.n3', '2.n2', ['b'], 1))]);
    expect(p.state.role).toEqual({ name: 'follower', phase: 'prepare' });
  });

  test('a log of a lower round than that of the leader is not worth sending', () => {
    expect(follower().receive('n3', prepare('4.n3', 0, '3.n3'))).toEqual([sent('n3', promise('4.n3', '2.n2', []))]);
  });

  test('below the promise, or the same again, is ignored', () => {
    expect(follower().receive('n3', prepare('1.n3'))).toEqual([]);
    expect(follower().receive('n2', prepare('2.n2'))).toEqual([]);
  });

  test('a leader that promises a higher ballot follows', () => {
    const p = leader();
    p.receive('n2', prepare('2.n2'));
    expect(p.state.role).toEqual({ name: 'follower', phase: 'prepare' });
  });
});

describe('Promise', () => {
  test('a majority: adopts the sequence of the highest round, with what clients have proposed meanwhile behind it', () => {
    const p = process('n1');
    p.receive('n2', prepare('1.n2'), acceptSync('1.n2', ['x', 'y']));
    p.ask(elected('3.n1'));
    p.ask(proposes('b'));
    expect(p.receive('n3', promise('3.n1', '2.n3', ['a']))).toEqual([sent('n3', acceptSync('3.n1', ['a', 'b']))]);
    expect(p.state.log).toEqual(['a', 'b']);
    expect(ballotName(p.state.acceptedRound)).toBe('3.n1');
  });

  test('of sequences of the same round the longest is adopted', () => {
    const p = process('n1');
    p.receive('n2', prepare('1.n2'), acceptSync('1.n2', ['a']));
    p.ask(elected('2.n1'));
    p.receive('n3', promise('2.n1', '1.n2', ['a', 'b']));
    expect(p.state.log).toEqual(['a', 'b']);
  });

  test('each that has promised is sent what it lacks beyond its own decided length', () => {
    const p = process('n1');
    p.receive('n2', prepare('1.n2'), acceptSync('1.n2', ['a', 'b']));
    p.ask(elected('2.n1'));
    expect(p.receive('n3', promise('2.n1', '1.n2', ['a', 'b'], 1))).toEqual([sent('n3', acceptSync('2.n1', ['b'], 1))]);
  });

  test('a late one is brought in step on its own, and told what is chosen', () => {
    const p = leader();
    p.ask(proposes('a'));
    p.receive('n2', accepted('1.n1', 0), accepted('1.n1', 1));
    expect(p.receive('n3', promise('1.n1'))).toEqual([
      sent('n3', acceptSync('1.n1', ['a'])),
      sent('n3', decide('1.n1', 1)),
    ]);
  });

  test('of another round is ignored', () => {
    const p = process('n1');
    p.ask(elected('1.n1'));
    p.ask(elected('2.n1'));
    expect(p.receive('n2', promise('1.n1'))).toEqual([]);
    expect(p.state.role.phase).toBe('prepare');
  });
});

describe('AcceptSync', () => {
  test('replaces the log from the given length on, and raises the accepted round', () => {
    const p = follower();
    p.receive('n2', accept('2.n2', 'b'), decide('2.n2', 1));
    p.receive('n3', prepare('3.n3', 1, '2.n2'));
    expect(p.receive('n3', acceptSync('3.n3', ['c'], 1))).toEqual([sent('n3', accepted('3.n3', 2))]);
    expect(p.state.log).toEqual(['a', 'c']);
    expect(ballotName(p.state.acceptedRound)).toBe('3.n3');
  });

  test('of a round that has been overtaken is ignored', () => {
    const p = process('n1');
    p.receive('n2', prepare('2.n2'));
    p.receive('n3', prepare('3.n3'));
    expect(p.receive('n2', acceptSync('2.n2', ['a']))).toEqual([]);
    expect(p.state.log).toEqual([]);
  });
});

describe('propose and Accept', () => {
  test('the leader appends, and sends the command to those in step only', () => {
    const p = leader();
    expect(p.ask(proposes('a'))).toEqual([sent('n2', accept('1.n1', 'a'))]);
    expect(p.state.log).toEqual(['a']);
  });

  test('a leader that prepares keeps it for later', () => {
    const p = process('n1');
    p.ask(elected('1.n1'));
    expect(p.ask(proposes('a'))).toEqual([]);
    expect(p.receive('n2', promise('1.n1'))).toEqual([sent('n2', acceptSync('1.n1', ['a']))]);
  });

  test('a follower does not take commands', () => {
    const p = follower();
    const before = p.state;
    expect(p.ask(proposes('b'))).toEqual([]);
    expect(p.state).toBe(before);
  });

  test('a follower in step appends, and says how much it has accepted', () => {
    expect(follower().receive('n2', accept('2.n2', 'b'))).toEqual([sent('n2', accepted('2.n2', 2))]);
  });

  test('a follower that waits for AcceptSync does not append', () => {
    const p = process('n1');
    p.receive('n2', prepare('2.n2'));
    expect(p.receive('n2', accept('2.n2', 'b'))).toEqual([]);
  });
});

describe('Accepted and Decide', () => {
  test('what a majority, the leader included, has accepted is chosen: the leader decides and tells those in step', () => {
    const p = leader();
    p.ask(proposes('a'));
    p.ask(proposes('b'));
    expect(p.receive('n2', accepted('1.n1', 1))).toEqual([decided('a'), sent('n2', decide('1.n1', 1))]);
    expect(p.receive('n2', accepted('1.n1', 1))).toEqual([]);
    expect(p.receive('n2', accepted('1.n1', 2))).toEqual([decided('b'), sent('n2', decide('1.n1', 2))]);
  });

  test('in a new round, what was decided before is told again, and decided once', () => {
    const p = process('n1');
    p.receive('n2', prepare('1.n2'), acceptSync('1.n2', ['a']), decide('1.n2', 1));
    p.ask(elected('2.n1'));
    p.receive('n3', promise('2.n1'));
    expect(p.receive('n3', accepted('2.n1', 1))).toEqual([sent('n3', decide('2.n1', 1))]);
  });

  test('a follower in step decides as far as it is told', () => {
    const p = follower();
    p.receive('n2', accept('2.n2', 'b'));
    expect(p.receive('n2', decide('2.n2', 1))).toEqual([decided('a')]);
    expect(p.receive('n2', decide('2.n2', 2))).toEqual([decided('b')]);
    expect(p.state.decided).toBe(2);
  });

  test('Decide of another round is ignored', () => {
    expect(follower().receive('n3', decide('1.n3', 1))).toEqual([]);
  });
});

describe('crashes and session-drops', () => {
  test('n_prom, n_a, v_a and l_d survive a crash; the process then listens to nothing but a Prepare', () => {
    const p = follower();
    p.receive('n2', decide('2.n2', 1));
    p.crashAndRecover();
    expect(p.state).toMatchObject({ promised: ballot('2.n2'), acceptedRound: ballot('2.n2'), log: ['a'], decided: 1 });
    expect(p.receive('n2', accept('2.n2', 'b'))).toEqual([]);
    expect(p.receive('n2', prepare('2.n2', 0, '2.n2'))).toEqual([sent('n2', promise('2.n2', '2.n2', ['a'], 1))]);
  });

  test('a new session with the leader: asks to be prepared, and listens to nothing else', () => {
    const p = follower();
    expect(p.linkUp('n2')).toEqual([sent('n2', prepareReq('2.n2'))]);
    expect(p.receive('n2', accept('2.n2', 'b'))).toEqual([]);
    p.receive('n2', prepare('2.n2', 0, '2.n2'));
    expect(p.receive('n2', acceptSync('2.n2', ['a', 'b']))).toEqual([sent('n2', accepted('2.n2', 2))]);
  });

  test('a new session with another process: asks it too, for it may lead, and goes on', () => {
    const p = follower();
    expect(p.linkUp('n3')).toEqual([sent('n3', prepareReq('2.n2'))]);
    expect(p.receive('n2', accept('2.n2', 'b'))).toEqual([sent('n2', accepted('2.n2', 2))]);
  });

  test('PrepareReq: the leader prepares again, and sends no commands until the promise comes', () => {
    const p = leader();
    p.ask(proposes('a'));
    expect(p.receive('n2', prepareReq('1.n1'))).toEqual([sent('n2', prepare('1.n1', 0, '1.n1'))]);
    expect(p.ask(proposes('b'))).toEqual([]);
    expect(p.receive('n2', promise('1.n1'))).toEqual([sent('n2', acceptSync('1.n1', ['a', 'b']))]);
  });

  test('PrepareReq of one that has promised a higher ballot is ignored, and a follower does not answer', () => {
    expect(leader().receive('n2', prepareReq('2.n3'))).toEqual([]);
    expect(follower().receive('n3', prepareReq(null))).toEqual([]);
  });
});

describe('a long log', () => {
  const commands = Array.from({ length: 3 * BLOCK + 1 }, (_, at) => `c${at}`);

  test('is decided, promised and synchronised as a short one', () => {
    const p = follower();
    for (const command of commands.slice(1)) p.receive('n2', accept('2.n2', command));
    const log = ['a', ...commands.slice(1)];
    expect(entriesOf(p.state.log)).toEqual(log);
    expect(p.receive('n2', decide('2.n2', 2 * BLOCK))).toEqual(log.slice(0, 2 * BLOCK).map(decided));
    expect(p.receive('n3', prepare('3.n3', BLOCK + 1))).toEqual([
      sent('n3', promise('3.n3', '2.n2', log.slice(BLOCK + 1), 2 * BLOCK)),
    ]);
    p.receive('n3', acceptSync('3.n3', ['x'], 2 * BLOCK));
    expect(p.state.log).toEqual(logOf([...log.slice(0, 2 * BLOCK), 'x']));
  });

  test('takes no more to disk for a command than the command', () => {
    const p = leader();
    for (const command of commands) p.ask(proposes(command));
    const before = p.state.log;
    p.ask(proposes('next'));
    expect(lengthOf(p.state.log)).toBe(commands.length + 1);
    expect(difference(before, p.state.log)).toEqual([{ op: 'add', path: [0, 3, 1], value: 'next' }]);
  });
});
