/** The way out of the theorem: with a detector that errs only so often, everybody who is up decides, in every fair run. */

import { expect, test } from 'vitest';
import { buildGraph } from '../../../explorer/graph/build.ts';
import { judgeTemporal } from '../../../explorer/liveness/judge-temporal.ts';
import { duelingProposersSystem } from '../../../model/dueling-proposers/system.ts';
import { eventualLeaderSystem } from '../../../model/eventual-leader/system.ts';

async function verdict(parameters: Readonly<Record<string, string | number>>, mutant: string | null = null) {
  const instance = eventualLeaderSystem.build(parameters, mutant);
  const graph = await buildGraph(instance);
  return judgeTemporal(graph, instance.temporal, instance.fairness).map((one) => one.verdict);
}

test.each(['none', 'n1', 'n3'])('it decides when the detector errs once and %s crashes', async (crash) => {
  expect(await verdict({ errors: 1, crash })).toEqual(['holds']);
});

test('a leader that gives up when it is refused leaves the others waiting', async () => {
  expect(await verdict({ errors: 1, crash: 'none' }, 'leader-gives-up')).toEqual(['violated']);
});

test('without fairness nothing need ever happen', async () => {
  const instance = eventualLeaderSystem.build({ errors: 0, crash: 'none' }, null);
  const graph = await buildGraph(instance);
  expect(judgeTemporal(graph, instance.temporal, [])).toMatchObject([{ verdict: 'violated' }]);
});

test('the same protocol without the detector says what a decision is, for lockstep flp', () => {
  expect(duelingProposersSystem.build({}, null)).toMatchObject({ consensus: { inputs: { n1: 0, n2: 1 } } });
});
