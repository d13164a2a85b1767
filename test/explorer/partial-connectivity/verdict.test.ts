import { describe, expect, test } from 'vitest';
import { componentsOf } from '../../../explorer/partial-connectivity/components.ts';
import { type Outcome, type Verdict, verdictOf } from '../../../explorer/partial-connectivity/verdict.ts';
import { type Witness, witnessOf } from '../../../explorer/partial-connectivity/witness.ts';
import { contenders } from '../../../model/partial-connectivity/contenders.ts';
import { connectivityScenarios } from '../../../model/partial-connectivity/scenarios.ts';

interface Judged {
  readonly verdict: Verdict;
  readonly witness: Witness;
}

const known = new Map<string, Judged>();

function judged(protocol: string, scenario: string): Judged {
  const name = `${protocol}, ${scenario}`;
  const result = known.get(name) ?? judge(protocol, scenario);
  known.set(name, result);
  return result;
}

function judge(protocol: string, scenario: string): Judged {
  const contender = contenders.find(({ name }) => name === protocol);
  const setting = connectivityScenarios.find(({ name }) => name === scenario);
  if (contender === undefined || setting === undefined) throw new Error(`there is no ${protocol} or no ${scenario}`);
  const verdict = verdictOf(contender, setting);
  return { verdict, witness: witnessOf(contender, setting, verdict) };
}

const EXPECTED: readonly [protocol: string, scenario: string, outcome: Outcome, leaders: string][] = [
  ['raft', 'quorum-loss', 'recovers by luck', 'A'],
  ['raft', 'constrained-election', 'deadlock', ''],
  ['raft', 'chained', 'livelock', 'B,C'],
  ['raft-pre-vote', 'quorum-loss', 'deadlock', ''],
  ['raft-pre-vote', 'constrained-election', 'deadlock', ''],
  ['raft-pre-vote', 'chained', 'recovers', 'B'],
  ['raft-check-quorum', 'quorum-loss', 'recovers by luck', 'A'],
  ['raft-check-quorum', 'constrained-election', 'deadlock', ''],
  ['raft-check-quorum', 'chained', 'recovers', 'B'],
  ['raft-both', 'quorum-loss', 'recovers', 'A'],
  ['raft-both', 'constrained-election', 'deadlock', ''],
  ['raft-both', 'chained', 'recovers', 'B'],
  ['multi-paxos', 'quorum-loss', 'deadlock', ''],
  ['multi-paxos', 'constrained-election', 'recovers', 'A'],
  ['multi-paxos', 'chained', 'livelock', 'B,C'],
  ['multi-paxos-qc', 'quorum-loss', 'recovers', 'A'],
  ['multi-paxos-qc', 'constrained-election', 'recovers', 'A'],
  ['multi-paxos-qc', 'chained', 'livelock', 'B,C'],
  ['multi-paxos-no-gossip', 'quorum-loss', 'deadlock', ''],
  ['multi-paxos-no-gossip', 'constrained-election', 'recovers', 'A'],
  ['multi-paxos-no-gossip', 'chained', 'recovers', 'C'],
  ['omni-paxos', 'quorum-loss', 'recovers', 'A'],
  ['omni-paxos', 'constrained-election', 'recovers', 'A'],
  ['omni-paxos', 'chained', 'recovers', 'C'],
  ['omni-paxos-apart', 'quorum-loss', 'recovers', 'A'],
  ['omni-paxos-apart', 'constrained-election', 'recovers', 'A'],
  ['omni-paxos-apart', 'chained', 'recovers', 'C'],
  ['omni-paxos-no-qc', 'quorum-loss', 'deadlock', ''],
];

test.each(EXPECTED)(
  '%s, %s: %s %s',
  (protocol, scenario, outcome, leaders) => {
    const { verdict, witness } = judged(protocol, scenario);
    expect(verdict).toMatchObject({ outcome, isCertain: true });
    expect(verdict.leaders.join()).toBe(leaders);
    const last = witness.run.at(-1);
    if (outcome === 'deadlock' && last !== undefined) expect(last.deciders).toEqual([]);
    if (outcome.startsWith('recovers')) expect(last?.deciders).toEqual(verdict.leaders);
  },
  60_000,
);

describe('lecture, "Leader election experiments": Omni-Paxos recovers in a constant number of timeouts', () => {
  test.each(connectivityScenarios)('$name', ({ name }) => {
    const { timeouts } = judged('omni-paxos', name).verdict;
    expect(timeouts.most).toBeLessThanOrEqual(30);
  });
});

describe('what is behind the verdicts', () => {
  test('quorum-loss: a follower that hears the leader refuses pre-votes, and the leader hears too little to notice', () => {
    const { after } = judged('raft-pre-vote', 'quorum-loss').witness;
    expect(after.A).toMatch(/^follows C/);
    expect(after.C).toMatch(/^leads/);
    expect(after.B).toMatch(/^asks whether to stand \(1 vote\)/);
  });

  test("constrained election: nobody with a link to A has enough votes; A has D's", () => {
    const { after } = judged('raft', 'constrained-election').witness;
    expect(after.A).toBe('stands for election (2 votes) in term 2, log of 1');
    expect(after.B).toMatch(/log of 2$/);
  });

  test('chained: B and C take turns, each in a higher term', () => {
    const { cycle } = judged('raft', 'chained').witness;
    expect(cycle?.repeats.map(({ deciders }) => deciders.join())).toEqual(['B', 'C', 'B', 'C']);
    expect(cycle?.repeats.at(-1)?.changes.C).toBe('leads in term 6, log of 1');
  });

  test('Multi-Paxos, quorum-loss: A hears the leader, who alone takes itself for one; there is nothing to wait for', () => {
    const { verdict, witness } = judged('multi-paxos', 'quorum-loss');
    expect(verdict).toMatchObject({ timeouts: { fewest: 0 }, nodes: 1 });
    expect(witness.after.A).toMatch(/^follows C/);
    expect(witness.after.C).toMatch(/^leads/);
  });

  test('Multi-Paxos, chained: A tells each of B and C of the other, and so they take turns in ever higher epochs', () => {
    const { cycle } = judged('multi-paxos', 'chained').witness;
    expect(cycle?.repeats.map(({ timer, deciders }) => [timer.server, deciders.join()])).toEqual([
      ['B', 'B'],
      ['C', 'C'],
      ['B', 'B'],
      ['C', 'C'],
    ]);
    expect(cycle?.repeats.flatMap(({ changes, timer }) => changes[timer.server])).toEqual([
      'leads epoch 8',
      'leads epoch 12',
      'leads epoch 14',
      'leads epoch 18',
    ]);
  });

  test("quorum-loss by luck: whoever asks A for a vote sets back A's own timer, again and again", () => {
    const { cycle } = judged('raft', 'quorum-loss').witness;
    const repeats = cycle?.repeats ?? [];
    expect(repeats.map(({ timer }) => timer.server)).not.toContain('A');
    for (const { deciders } of repeats) expect(deciders).toEqual([]);
  });
});

test('an election that hears of promises may leapfrog for ever when heartbeat rounds may be of any length', () => {
  const contender = contenders.find(({ name }) => name === 'omni-paxos');
  const chained = connectivityScenarios.find(({ name }) => name === 'chained');
  if (contender === undefined || chained === undefined) throw new Error('there is nothing to judge');
  const verdict = verdictOf({ ...contender, waits: 'random' }, chained);
  expect(verdict.outcome).toBe('recovers by luck');
  const { cycle } = witnessOf({ ...contender, waits: 'random' }, chained, verdict);
  const leaders = new Set(cycle?.repeats.flatMap(({ deciders }) => deciders));
  expect(leaders.size).toBeGreaterThan(1);
});

test('a verdict on too many nodes is none', () => {
  const [contender] = contenders;
  const [scenario] = connectivityScenarios;
  if (contender === undefined || scenario === undefined) throw new Error('there is nothing to compare');
  expect(verdictOf(contender, scenario, 10).outcome).toBe('not finished');
});

describe('strongly connected components', () => {
  test('a cycle that leads to another, a node alone, a loop', () => {
    expect(componentsOf([[1], [0, 2], [3], [2], [4, 0]])).toEqual([[2, 3], [0, 1], [4]]);
  });

  test('as found by reachability, on all graphs of three nodes', () => {
    for (let code = 0; code < 2 ** 9; code++) {
      const edges = [0, 1, 2].map((from) => [0, 1, 2].filter((to) => (code >> (3 * from + to)) & 1));
      const reaches = (from: number, to: number, seen = new Set([from])): boolean =>
        from === to || (edges[from] ?? []).some((next) => !seen.has(next) && reaches(next, to, seen.add(next)));
      const together = [0, 1, 2].map((a) => [0, 1, 2].filter((b) => reaches(a, b) && reaches(b, a)).join());
      expect(
        componentsOf(edges)
          .map((component) => component.join())
          .sort(),
      ).toEqual([...new Set(together)].sort());
    }
  });
});
