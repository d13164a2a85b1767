/** Symmetry against its oracle, and against exploring everything: on random symmetric systems. */

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { exploreWithEngine } from '../../explorer/engine/engine.ts';
import type { Exploration, Limits } from '../../explorer/exploration.ts';
import { exploreNaively } from '../../explorer/naive.ts';
import { replay } from '../../explorer/replay.ts';
import { shows } from '../../explorer/run-verdict.ts';
import type { Instance } from '../../model/contract/system.ts';
import { randomRuns } from '../random-runs.ts';
import { randomSymmetric, randomSymmetricActions, randomSymmetricGraph } from './random-symmetric.ts';

const LIMITS = { depth: 6, states: 150 };

function lengths({ found }: Exploration) {
  return [...found].map(([name, { events }]) => [name, events.length]).sort();
}

function comparable(exploration: Exploration) {
  const { distinct, represented, generated, depth, stopped, quiescent, cut } = exploration;
  return { distinct, represented, generated, depth, stopped, quiescent, cut, lengths: lengths(exploration) };
}

/** Whether with each initial state all of its orbit is initial. */
async function beginsSymmetric(instance: Instance): Promise<boolean> {
  const { represented } = await exploreWithEngine(instance, { depth: 1, symmetry: true });
  return represented === (await exploreWithEngine(instance, { depth: 1 })).distinct;
}

async function mustAgree(instance: Instance, limits: Limits): Promise<{ on: Exploration; off: Exploration }> {
  const on = await exploreWithEngine(instance, { ...limits, symmetry: true, paranoid: true });
  expect(comparable(on)).toEqual(comparable(exploreNaively(instance, { ...limits, symmetry: true })));
  // Without symmetry, as far as that went.
  const { states: _, ...others } = limits;
  const off = await exploreWithEngine(instance, { ...others, ...(on.stopped === null ? {} : { depth: on.depth }) });
  if (instance.kind === 'processes' || (await beginsSymmetric(instance))) {
    expect([on.represented, on.depth, on.stopped === null]).toEqual([off.distinct, off.depth, off.stopped === null]);
  } else {
    // Orbits have states that cannot be reached, or not as soon, and so perhaps not within the depth allowed.
    expect(on.represented).toBeGreaterThanOrEqual(off.distinct);
    expect(on.depth).toBeLessThanOrEqual(off.depth);
  }
  expect(lengths(on)).toEqual(lengths(off));
  for (const [name, run] of on.found) {
    expect(replay(instance, run).steps).toHaveLength(run.events.length);
    expect(shows(instance, name, run)).toBe(true);
  }
  return { on, off };
}

const kinds = [
  ['protocols', randomSymmetric, randomRuns(60)],
  ['graphs', randomSymmetricGraph, randomRuns(100)],
  ['actions', randomSymmetricActions, randomRuns(100)],
] as const;

test.each(kinds)(
  'random %s: orbits, verdicts and lengths are those of the oracle, and what they stand for is everything',
  async (_, arbitrary, runs) => {
    const seen = { violated: 0, complete: 0, cut: 0, quiescent: 0, reduced: 0 };
    await fc.assert(
      fc.asyncProperty(arbitrary, async (random) => {
        const instance = random.build({}, null);
        const { on, off } = await mustAgree(instance, LIMITS);
        if (on.found.size > 0) seen.violated++;
        if (on.stopped === null) seen.complete++;
        if (Object.keys(on.cut).length > 0) seen.cut++;
        if (on.quiescent > 0) seen.quiescent++;
        if (off.distinct > 1.5 * on.distinct) seen.reduced++;
        // Past the first violation too, where all go on until nothing is left.
        await mustAgree(instance, { ...LIMITS, until: 'no such property' });
      }),
      { numRuns: runs },
    );
    // A comparison of trivial systems would prove nothing.
    for (const [what, times] of Object.entries(seen)) expect(times, what).toBeGreaterThan(0);
  },
);
