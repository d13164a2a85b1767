/** The engine against the oracle: on random small systems both must find the same, count by count. */

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { explain } from '../../explorer/check.ts';
import { exploreWithEngine } from '../../explorer/engine/engine.ts';
import type { Exploration, Limits } from '../../explorer/exploration.ts';
import { exploreNaively } from '../../explorer/naive.ts';
import { replay } from '../../explorer/replay.ts';
import type { Instance, System } from '../../model/contract/system.ts';
import { randomRuns } from '../random-runs.ts';
import { randomActions, randomNext } from './random-actions.ts';
import { randomGuards } from './random-guards.ts';
import { instanceOf, randomGraph, randomSystem } from './random-system.ts';

const LIMITS = { depth: 7, states: 1500 };

/** What must be equal: everything but which of the shortest runs was found. */
function comparable({ found, ...counts }: Exploration) {
  const lengths = [...found].map(([name, { events }]) => [name, events.length]).sort();
  const { distinct, generated, depth, stopped, quiescent, cut } = counts;
  return { distinct, generated, depth, stopped, quiescent, cut, lengths };
}

async function mustAgree(instance: Instance, limits: Limits): Promise<Exploration> {
  const naive = exploreNaively(instance, limits);
  const engine = await exploreWithEngine(instance, { ...limits, paranoid: true });
  expect(comparable(engine)).toEqual(comparable(naive));
  if (instance.kind === 'processes' && engine.distinct % 4 === 0) {
    const exact = await exploreWithEngine(instance, { ...limits, exact: true });
    expect(comparable(exact)).toEqual(comparable(naive));
    expect(exact.found).toEqual(engine.found);
  }
  if (instance.kind === 'processes') await mustAgreeUnderReduction(instance, limits, naive);
  for (const [name, run] of engine.found) {
    expect(replay(instance, run).steps).toHaveLength(run.events.length);
    expect(typeof explain(instance, name, run)).toBe('string');
  }
  return engine;
}

/** A reduction leaves out transitions, but no state, and counts the transitions all the same. */
async function mustAgreeUnderReduction(instance: Instance, limits: Limits, naive: Exploration): Promise<void> {
  const reduced = await exploreWithEngine(instance, { ...limits, paranoid: true, reduction: true });
  expect(comparable(reduced)).toEqual(comparable(naive));
  for (const [name, run] of reduced.found) expect(typeof explain(instance, name, run)).toBe('string');
}

const kinds: readonly (readonly [string, fc.Arbitrary<System>, number])[] = [
  ['random protocols', randomSystem, randomRuns(400)],
  ['random graphs', randomGraph, randomRuns(300)],
  ['random guards', randomGuards, randomRuns(150)],
  ['random actions', randomActions, randomRuns(400)],
  ['random next', randomNext, randomRuns(400)],
];

test.each(kinds)(
  '%s: counts, verdicts and lengths of counterexamples are the same in both explorers',
  async (_, arbitrary, runs) => {
    const seen = { violated: 0, complete: 0, cut: 0, quiescent: 0, large: 0 };
    await fc.assert(
      fc.asyncProperty(arbitrary, async (random) => {
        const instance = instanceOf(random);
        const { found, stopped, cut, quiescent, distinct } = await mustAgree(instance, LIMITS);
        if (found.size > 0) seen.violated++;
        if (stopped === null) seen.complete++;
        if (Object.keys(cut).length > 0) seen.cut++;
        if (quiescent > 0) seen.quiescent++;
        if (distinct > 4) seen.large++;
        // Past the first violation too, where both go on until nothing is left. Where nothing was found, they have done so.
        if (found.size > 0) await mustAgree(instance, { ...LIMITS, until: 'no such property' });
      }),
      { numRuns: runs },
    );
    // A comparison of trivial systems would prove nothing.
    for (const [what, times] of Object.entries(seen)) expect(times, what).toBeGreaterThan(runs / 100);
  },
  1_800_000,
);
