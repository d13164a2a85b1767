/** The lecture's tables, read off the runs. */

import { expect, test } from 'vitest';
import { replay } from '../../../explorer/replay.ts';
import { runScenario } from '../../../explorer/scenario.ts';
import { ballotName } from '../../../model/kernels/ballot.ts';
import type { History } from '../../../model/sequence-paxos/history.ts';
import { sequencePaxosSystem } from '../../../model/sequence-paxos/system.ts';
import { sequenceName } from '../../../spec/sequence-consensus.ts';

const { scenarios } = sequencePaxosSystem;

test.each(Object.entries(scenarios))('%s comes out as it says', (name, scenario) => {
  expect(runScenario(sequencePaxosSystem, name, scenario).outcomes).toEqual(
    Object.entries(scenario.expect).map(([property, expected]) => ({ property, expected, actual: expected })),
  );
});

/** A line of the ballot array at the end of a scenario: `1.n1 | n1 ⟨a⟩`. */
function ballotArrayOf(name: string): string[] {
  const scenario = scenarios[name];
  if (scenario === undefined) throw new Error(`there is no scenario ${name}`);
  const { trace } = runScenario(sequencePaxosSystem, name, scenario);
  const run = replay(sequencePaxosSystem.build(trace.parameters, null), trace);
  const { history } = (run.steps.at(-1)?.after ?? run.initial.state) as { history: History };
  const array = [...history.array];
  const rounds = [...new Set(array.map(({ round }) => ballotName(round)))].reverse();
  const row = (name: string) =>
    array.flatMap(({ round, process, sequence }) =>
      ballotName(round) === name ? [`${process} ${sequenceName(sequence)}`] : [],
    );
  return rounds.map((round) => `${round} | ${row(round).join(' ')}`);
}

test('"Ballot Array of c0" and "Final Sequence in c0", with C1, C2, SS0 as a, b, c', () => {
  expect(ballotArrayOf('ballot-array-c0')).toEqual([
    '4.n2 | n1 ⟨b, c⟩ n2 ⟨b, c⟩ n3 ⟨b, c⟩',
    '3.n1 | n1 ⟨b, c⟩ n2 ⟨b, c⟩ n3 ⟨b, c⟩',
    '2.n2 | n2 ⟨b⟩ n3 ⟨b⟩',
    '1.n1 | n1 ⟨a⟩',
  ]);
});

test('"Final Sequence in c0" when p1 crashes in round 3', () => {
  expect(ballotArrayOf('ballot-array-c0-crash')).toEqual([
    '4.n2 | n2 ⟨b, c⟩ n3 ⟨b, c⟩',
    '3.n1 | n1 ⟨b, c⟩ n3 ⟨b, c⟩',
    '2.n2 | n2 ⟨b⟩ n3 ⟨b⟩',
    '1.n1 | n1 ⟨a⟩',
  ]);
});
