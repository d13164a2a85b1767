/** Every scenario of every built-in system comes out as it says, and a script that means nothing is refused. */

import { expect, test } from 'vitest';
import { replay } from '../../explorer/replay.ts';
import { runScenario } from '../../explorer/scenario.ts';
import { receives } from '../../model/contract/index.ts';
import { paxosSystem } from '../../model/paxos/system.ts';
import { builtInSystems } from '../../model/registry.ts';

const all = (await builtInSystems()).flatMap((system) =>
  Object.entries(system.scenarios).map(([name, scenario]) => ({ system, name, scenario })),
);

test.each(all)('$system.name: $name', ({ system, name, scenario }) => {
  const { outcomes, trace } = runScenario(system, name, scenario);
  for (const { property, actual, expected } of outcomes) expect(actual, property).toBe(expected);
  expect(replay(system.build(trace.parameters, trace.mutant), trace).steps).toHaveLength(scenario.script.length);
});

test('a line that is not possible there is refused, with what is', () => {
  const scenario = { help: '', source: '', script: [receives('n2', 'Prepare', 'n1')], expect: {} };
  expect(() => runScenario(paxosSystem, 'wrong', scenario)).toThrow(/line 1 of 1.*not possible[\s\S]*propose/);
});

test('a line that may mean several events is refused', () => {
  const scenario = { help: '', source: '', script: [{ type: 'request' } as const], expect: {} };
  expect(() => runScenario(paxosSystem, 'vague', scenario)).toThrow(/may mean several/);
});
