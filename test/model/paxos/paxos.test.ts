/** The claims of "Paxos Made Simple", section 2, and of the lecture's slides "Basic Paxos", one by one. */

import { describe, expect, test } from 'vitest';
import { exploreWithEngine } from '../../../explorer/engine/engine.ts';
import { paxos, type Rules, type State, soundRules, type Vote } from '../../../model/paxos/paxos.ts';
import { paxosSystem } from '../../../model/paxos/system.ts';
import { Driven } from '../driven.ts';

const IDS = ['n1', 'n2', 'n3', 'n4', 'n5'];
const at = (round: number, proposer: string) => ({ round, proposer });

function process(self = 'n1'): Driven<State> {
  return new Driven(paxos(soundRules), self, IDS);
}

function prepare(round: number, proposer: string) {
  return { type: 'Prepare', ballot: at(round, proposer) };
}

function accept(round: number, proposer: string, value: string) {
  return { type: 'Accept', ballot: at(round, proposer), value };
}

function promise(round: number, proposer: string, vote: Vote | null = null) {
  return { type: 'Promise', ballot: at(round, proposer), vote };
}

const answers = (effects: readonly string[]) => effects.map((effect) => effect.split(' {')[0]);

describe('phase 1b: an acceptor', () => {
  test('promises above every earlier promise, and reports its vote', () => {
    const acceptor = process();
    expect(acceptor.receive('n2', prepare(1, 'n2'))).toEqual([
      `n2 <- Promise ${JSON.stringify({ ballot: at(1, 'n2'), vote: null })}`,
    ]);
    acceptor.receive('n2', accept(1, 'n2', 'b'));
    const vote = { ballot: at(1, 'n2'), value: 'b' };
    expect(acceptor.receive('n3', prepare(2, 'n3'))).toEqual([
      `n3 <- Promise ${JSON.stringify({ ballot: at(2, 'n3'), vote })}`,
    ]);
  });

  test('refuses at or below its promise, and says which', () => {
    const acceptor = process();
    acceptor.receive('n3', prepare(2, 'n3'));
    for (const lower of [prepare(1, 'n5'), prepare(2, 'n2'), prepare(2, 'n3')]) {
      expect(answers(acceptor.receive('n2', lower))).toEqual(['n2 <- Refused']);
    }
    expect(acceptor.state.promised).toEqual(at(2, 'n3'));
  });
});

describe('phase 2b: an acceptor', () => {
  test('accepts at its promise and above it, which raises the promise', () => {
    const acceptor = process();
    acceptor.receive('n2', prepare(1, 'n2'));
    expect(answers(acceptor.receive('n2', accept(1, 'n2', 'b')))).toEqual(['n2 <- Accepted']);
    expect(answers(acceptor.receive('n3', accept(3, 'n3', 'c')))).toEqual(['n3 <- Accepted']);
    expect(acceptor.state).toMatchObject({ promised: at(3, 'n3'), vote: { ballot: at(3, 'n3'), value: 'c' } });
  });

  test('accepts nothing below its promise', () => {
    const acceptor = process();
    acceptor.receive('n3', prepare(2, 'n3'));
    expect(answers(acceptor.receive('n2', accept(1, 'n2', 'b')))).toEqual(['n2 <- Refused']);
    expect(acceptor.state.vote).toBeNull();
  });

  test('remembers promise and vote through a crash', () => {
    const acceptor = process();
    acceptor.receive('n2', prepare(2, 'n2'), accept(2, 'n2', 'b'));
    acceptor.crashAndRecover();
    expect(acceptor.state).toMatchObject({ promised: at(2, 'n2'), vote: { ballot: at(2, 'n2'), value: 'b' } });
  });
});

describe('a proposer', () => {
  test('asks all acceptors at a ballot above every one that it has promised', () => {
    const proposer = process();
    proposer.receive('n2', prepare(4, 'n2'));
    expect(proposer.ask({ type: 'propose', value: 'a' })).toEqual(
      ['n2', 'n3', 'n4', 'n5'].map((to) => `${to} <- Prepare ${JSON.stringify({ ballot: at(5, 'n1') })}`),
    );
  });

  test('waits for a majority of promises, its own included', () => {
    const proposer = process();
    proposer.ask({ type: 'propose', value: 'a' });
    expect(proposer.receive('n2', promise(1, 'n1'))).toEqual([]);
    expect(proposer.receive('n2', promise(1, 'n1'))).toEqual([]);
    expect(answers(proposer.receive('n3', promise(1, 'n1')))).toEqual(
      ['n2', 'n3', 'n4', 'n5'].map((to) => `${to} <- Accept`),
    );
    expect(proposer.state.attempt).toMatchObject({ phase: 'accept', value: 'a' });
  });

  test('proposes the value of the highest-numbered vote reported to it', () => {
    const proposer = process();
    proposer.receive('n2', prepare(6, 'n2'));
    proposer.ask({ type: 'propose', value: 'a' });
    proposer.receive('n2', promise(7, 'n1', { ballot: at(2, 'n5'), value: 'old' }));
    proposer.receive('n3', promise(7, 'n1', { ballot: at(3, 'n2'), value: 'new' }));
    expect(proposer.state.attempt).toMatchObject({ phase: 'accept', value: 'new' });
  });

  test('decides when a majority has accepted, tells everyone, and its user once', () => {
    const proposer = process();
    proposer.ask({ type: 'propose', value: 'a' });
    proposer.receive('n2', promise(1, 'n1'));
    proposer.receive('n3', promise(1, 'n1'));
    const accepted = { type: 'Accepted', ballot: at(1, 'n1') };
    expect(proposer.receive('n4', accepted)).toEqual([]);
    const effects = proposer.receive('n5', accepted);
    expect(effects.at(-1)).toBe('! decide {"value":"a"}');
    expect(answers(effects.slice(0, -1))).toEqual(['n2', 'n3', 'n4', 'n5'].map((to) => `${to} <- Decided`));
    expect(proposer.receive('n2', { type: 'Decided', value: 'a' })).toEqual([]);
  });

  test('ignores answers to its earlier ballots', () => {
    const proposer = process();
    proposer.ask({ type: 'propose', value: 'a' });
    proposer.receive('n2', { type: 'Refused', ballot: at(1, 'n1'), promised: at(3, 'n2') });
    proposer.fire('retry');
    expect(proposer.state.attempt).toMatchObject({ phase: 'prepare', ballot: at(4, 'n1') });
    for (const from of ['n2', 'n3', 'n4']) expect(proposer.receive(from, promise(1, 'n1'))).toEqual([]);
    proposer.receive('n2', { type: 'Refused', ballot: at(1, 'n1'), promised: at(9, 'n2') });
    expect(proposer.state.attempt).toMatchObject({ ballot: at(4, 'n1') });
  });
});

describe('what looks like a bug and is none', () => {
  /** Explores the default instance under other rules. */
  async function violations(rules: Partial<Rules>): Promise<string[]> {
    const instance = paxosSystem.build({}, null);
    if (instance.kind !== 'processes') throw new TypeError('paxos has processes');
    const protocol = paxos({ ...soundRules, ...rules });
    const processes = instance.processes.map(({ id }) => ({ id, protocol }));
    const { found } = await exploreWithEngine({ ...instance, processes });
    const judged = instance.properties.filter(({ kind }) => kind !== 'sometimes').map(({ name }) => name);
    return judged.filter((name) => found.has(name));
  }

  const { mutants } = paxosSystem;
  const shared = mutants['reused-ballots']?.rules as Partial<Rules>;

  test('promising the same ballot again is safe while ballots are unique', async () => {
    const { mayPromise } = { ...soundRules, ...shared };
    expect(await violations({ mayPromise })).toEqual([]);
  });

  test('sharing ballot numbers is safe while each is promised only once', async () => {
    const { nextBallot } = { ...soundRules, ...shared };
    expect(await violations({ nextBallot })).toEqual([]);
  });

  test('both together are not', async () => {
    expect(await violations(shared)).not.toEqual([]);
  });
});
