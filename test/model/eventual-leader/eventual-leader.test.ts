/** The way out of the theorem: with a detector that errs only so often, everybody who is up decides, in every fair run. */

import { expect, test } from 'vitest';
import { buildGraph } from '../../../explorer/graph/build.ts';
import { judgeTemporal } from '../../../explorer/liveness/judge-temporal.ts';
import { walkText } from '../../../explorer/valence/report/report.ts';
import { walk } from '../../../explorer/valence/walk.ts';
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
  expect(await verdict({ errors: 1, crash: 'n1' }, 'leader-gives-up')).toEqual(['violated']);
});

test('without fairness nothing need ever happen', async () => {
  const instance = eventualLeaderSystem.build({ errors: 0, crash: 'none' }, null);
  const graph = await buildGraph(instance);
  expect(judgeTemporal(graph, instance.temporal, [])).toMatchObject([{ verdict: 'violated' }]);
});

test('the same protocol without the detector says what a decision is, for lockstep flp', () => {
  expect(duelingProposersSystem.build({}, null)).toMatchObject({ consensus: { inputs: { n1: 0, n2: 1 } } });
});

function walked(parameters: Readonly<Record<string, number>>, mutant: string | null = null) {
  const found = walk(eventualLeaderSystem, parameters, mutant, { most: 200_000, rounds: 1 });
  if ('tooLarge' in found) throw new Error('too large');
  return { ...found, text: walkText(found, { width: 1000, color: false }) };
}

test('the walk of the theorem finds nothing lost, and says that the detector is why', () => {
  const { disagreement, invention, endless, text } = walked({ errors: 0 });
  expect([disagreement, invention, endless]).toEqual([null, null, null]);
  expect(text).toContain('beyond that world, a failure detector: n1 never takes itself for the leader');
  expect(text).toContain('the failure detector promises that n2 does not crash');
  expect(text).toContain('Nothing is lost, and the theorem does not say that anything must be');
});

test('a detector is of no help to a leader that gives up', () => {
  const { endless, staying, text } = walked({ errors: 1 }, 'leader-gives-up');
  expect(endless).toMatchObject({ silent: 0, loop: [] });
  expect(staying.some(({ critical }) => critical?.decider === 1)).toBe(true);
  expect(text).toContain('Its decider is n2. The lemma lets n2 crash here; but the failure detector promises');
});

test('a detector cannot trust whom there is not', () => {
  const { build } = eventualLeaderSystem;
  const trusting = {
    ...eventualLeaderSystem,
    build: (...given: Parameters<typeof build>) => {
      const instance = build(...given);
      if (instance.kind === 'transitions' || instance.consensus === null) throw new Error('no processes');
      return {
        ...instance,
        consensus: { ...instance.consensus, detector: { promise: 'all is well', correct: ['n9'] } },
      };
    },
  };
  expect(() => walk(trusting, {}, null, { most: 10, rounds: 1 })).toThrow(
    "takes 'n9' to be correct, which is no process",
  );
});
