/** Temporal properties against brute force, on random graphs under random fairness, and on toys with known answers. */

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { buildGraph } from '../../../explorer/graph/build.ts';
import { buildGraphNaively } from '../../../explorer/graph/naive-graph.ts';
import { judgeTemporal, type TemporalVerdict } from '../../../explorer/liveness/judge-temporal.ts';
import { notFair } from '../../../explorer/liveness/lasso-checker.ts';
import { replay } from '../../../explorer/replay.ts';
import {
  eventually,
  eventuallyAlways,
  type Fairness,
  leadsTo,
  stronglyFair,
  type TemporalProperty,
  transitionSystem,
  weaklyFair,
} from '../../../model/contract/index.ts';
import type { Instance } from '../../../model/contract/system.ts';
import { isViolatedNaively } from './naive-liveness.ts';

const ACTIONS = ['a', 'b', 'c'];
const STATES = 7;

/** A graph with named edges: by state, where each leads. */
type Edges = Readonly<Record<number, readonly (readonly [action: string, to: number])[]>>;

function instanceOf(
  edges: Edges,
  options: { initial?: readonly number[]; below?: number; fairness?: readonly Fairness[] } = {},
): Instance {
  const { initial = [0], below = Number.POSITIVE_INFINITY, fairness = [] } = options;
  return transitionSystem({
    name: 'graph',
    summary: 'a graph',
    initial: () => initial,
    next: (state: number) => edges[state] ?? [],
    bounds: { local: { 'below the bound': (state: number) => state < below } },
    properties: [],
    fairness,
  }).build({}, null);
}

async function judge(
  edges: Edges,
  property: TemporalProperty<number>,
  fairness: readonly Fairness[] = [],
  options: { initial?: readonly number[]; below?: number } = {},
): Promise<TemporalVerdict> {
  const [verdict] = judgeTemporal(await buildGraph(instanceOf(edges, options)), [property], fairness);
  if (verdict === undefined) throw new Error('no verdict');
  return verdict;
}

/** The states of the run of a violation, and those that are repeated. */
function lassoOf(edges: Edges, verdict: TemporalVerdict): { stem: unknown[]; loop: unknown[] } {
  if (verdict.verdict !== 'violated') throw new Error(`it is not violated, but ${verdict.verdict}`);
  const { steps, initial } = replay(instanceOf(edges), verdict.run);
  const states = [initial.state, ...steps.map(({ after }) => after)];
  return { stem: states.slice(0, verdict.run.loop + 1), loop: states.slice(verdict.run.loop + 1) };
}

const setOfStates = fc.uniqueArray(fc.nat(STATES - 1), { maxLength: STATES }).map((states) => new Set(states));

const property: fc.Arbitrary<TemporalProperty<number>> = fc
  .tuple(fc.constantFrom('eventually', 'leadsTo', 'eventuallyAlways'), setOfStates, setOfStates)
  .map(([kind, p, q]) => {
    if (kind === 'leadsTo')
      return leadsTo(
        kind,
        (state) => p.has(state),
        (state) => q.has(state),
      );
    return (kind === 'eventually' ? eventually : eventuallyAlways)(kind, (state: number) => p.has(state));
  });

const owed: fc.Arbitrary<Fairness> = fc
  .tuple(fc.boolean(), fc.subarray(ACTIONS, { minLength: 1 }), fc.constantFrom('event', 'all'))
  .map(([strong, name, per]) => (strong ? stronglyFair : weaklyFair)('action', { name, per: per as 'event' | 'all' }));

const randomEdges: fc.Arbitrary<Edges> = fc.array(
  fc.array(fc.tuple(fc.constantFrom(...ACTIONS), fc.nat(STATES - 1)), { maxLength: 3 }),
  { minLength: STATES, maxLength: STATES },
);

describe('random graphs under random fairness', () => {
  test('violated exactly where brute force finds a fair run that violates, by a lasso that is one', async () => {
    const met = { violated: 0, holds: 0, unknown: 0, loops: 0, stops: 0, savedByFairness: 0 };
    await fc.assert(
      fc.asyncProperty(
        fc.record({
          edges: randomEdges,
          initial: fc.uniqueArray(fc.nat(STATES - 1), { minLength: 1, maxLength: 2 }),
          below: fc.constantFrom(STATES, STATES, STATES, 5),
          property,
          fairness: fc.array(owed, { maxLength: 3 }),
        }),
        async ({ edges, initial, below, property, fairness }) => {
          const graph = buildGraphNaively(instanceOf(edges, { initial, below }));
          const existing = fairness.filter(({ names }) =>
            names?.every((name) => graph.events.some((e) => e.name === name)),
          );
          const [verdict] = judgeTemporal(graph, [property], existing);
          const expected = isViolatedNaively(graph, property, existing);
          expect(verdict?.verdict === 'violated').toBe(expected);
          if (verdict === undefined) return;
          met[verdict.verdict]++;
          if (verdict.verdict === 'violated') met[verdict.run.loop === verdict.run.events.length ? 'stops' : 'loops']++;
          else if (isViolatedNaively(graph, property, [])) met.savedByFairness++;
          if (verdict.verdict === 'unknown') expect(Object.keys(graph.cuts.by)).toEqual(verdict.bounds);
        },
      ),
      { numRuns: 4000 },
    );
    for (const [what, times] of Object.entries(met)) expect(times, what).toBeGreaterThan(60);
  });

  test('the fast graph gives the same verdicts', async () => {
    await fc.assert(
      fc.asyncProperty(randomEdges, property, async (edges, property) => {
        const instance = instanceOf(edges);
        const fair = [weaklyFair('action', { per: 'all' })];
        const [fast] = judgeTemporal(await buildGraph(instance), [property], fair);
        const [naive] = judgeTemporal(buildGraphNaively(instance), [property], fair);
        expect(fast?.verdict).toBe(naive?.verdict);
      }),
      { numRuns: 200 },
    );
  });
});

const done = (...goals: number[]) => eventually<number>('done', (state) => goals.includes(state));
const weak = weaklyFair('action');
const strong = stronglyFair('action');

describe('a run that stops', () => {
  const edges: Edges = { 0: [['a', 1]], 1: [['b', 2]] };

  test('stops for ever where nothing is owed, however much is possible', async () => {
    const verdict = await judge(edges, done(2));
    expect(verdict).toMatchObject({ verdict: 'violated', run: { events: [], loop: 0 } });
  });

  test('does not stop where something owed is possible', async () => {
    expect(await judge(edges, done(2), [weak])).toEqual({ verdict: 'holds' });
  });

  test('stops where only something else is owed', async () => {
    const verdict = await judge(edges, done(2), [weaklyFair('action', { name: 'a' })]);
    expect(lassoOf(edges, verdict)).toEqual({ stem: [0, 1], loop: [] });
  });

  test('stops where nothing is possible, at the end of a run', async () => {
    const verdict = await judge(edges, done(9), [weak, strong]);
    expect(lassoOf(edges, verdict)).toEqual({ stem: [0, 1, 2], loop: [] });
  });

  test('stops where all that is possible changes nothing', async () => {
    const verdict = await judge({ 0: [['a', 0]] }, done(1), [strong]);
    expect(verdict).toMatchObject({ verdict: 'violated', run: { events: [], loop: 0 } });
  });
});

describe('weak and strong fairness', () => {
  /** b is possible in every second state only. */
  const flicker: Edges = {
    0: [['a', 1]],
    1: [
      ['a', 0],
      ['b', 2],
    ],
  };

  test('what is possible again and again may be put off for ever under weak fairness, not under strong', async () => {
    expect(lassoOf(flicker, await judge(flicker, done(2), [weak]))).toEqual({ stem: [0], loop: [1, 0] });
    expect(await judge(flicker, done(2), [strong])).toEqual({ verdict: 'holds' });
  });

  test('what is possible all the time may not be put off for ever', async () => {
    const always: Edges = {
      0: [
        ['a', 1],
        ['b', 2],
      ],
      1: [
        ['a', 0],
        ['b', 2],
      ],
    };
    expect(await judge(always, done(2), [weak])).toEqual({ verdict: 'holds' });
    expect(await judge(always, done(2), [weaklyFair('action', { per: 'all' })])).toMatchObject({ verdict: 'violated' });
  });

  test('strong fairness leaves the smaller loop in which the class is never possible', async () => {
    const inner: Edges = {
      0: [['a', 1]],
      1: [
        ['a', 2],
        ['c', 0],
      ],
      2: [
        ['a', 1],
        ['d', 3],
      ],
      3: [],
    };
    const fairness = [stronglyFair('action', { name: 'd' }), weaklyFair('action', { per: 'all' })];
    expect(lassoOf(inner, await judge(inner, done(3), fairness))).toEqual({ stem: [0], loop: [1, 0] });
    expect(await judge(inner, done(3), [...fairness, stronglyFair('action', { name: 'a' })])).toMatchObject({
      verdict: 'violated',
    });
  });

  test('classes per event, and all together: one step of any is then enough', async () => {
    const edges: Edges = {
      0: [
        ['a', 1],
        ['b', 2],
      ],
      1: [
        ['a', 0],
        ['b', 2],
      ],
    };
    expect(await judge(edges, done(2), [stronglyFair('action', { per: 'all' })])).toMatchObject({
      verdict: 'violated',
    });
    expect(await judge(edges, done(2), [stronglyFair('action', { name: ['a', 'b'] })])).toEqual({ verdict: 'holds' });
  });
});

describe('what other checkers are known to get wrong', () => {
  test('a path that joins one on which the goal was met is judged by itself', async () => {
    // 0 -> goal 1 -> 3 -> 3', and 0 -> 2 -> 3: a checker that remembers visited states by themselves takes 3 for done.
    const edges: Edges = {
      0: [
        ['a', 1],
        ['b', 2],
      ],
      1: [['a', 3]],
      2: [['a', 3]],
      3: [['a', 4]],
    };
    expect(lassoOf(edges, await judge(edges, done(1), [weak]))).toEqual({ stem: [0, 2, 3, 4], loop: [] });
  });

  test('a cycle without an end is a violation, though no path has an end', async () => {
    const edges: Edges = {
      0: [
        ['a', 1],
        ['c', 3],
      ],
      1: [['b', 0]],
    };
    expect(lassoOf(edges, await judge(edges, done(3), [weak]))).toEqual({ stem: [0], loop: [1, 0] });
  });

  test('the goal on the way to a cycle meets it, the goal beside it does not', async () => {
    const edges: Edges = {
      0: [['a', 1]],
      1: [
        ['a', 2],
        ['b', 3],
      ],
      2: [['a', 1]],
    };
    expect(await judge(edges, done(1), [weak])).toEqual({ verdict: 'holds' });
    expect(await judge(edges, done(3), [weak])).toMatchObject({ verdict: 'violated' });
  });

  test('the first component is fair to nobody, the second is the one', async () => {
    // 0 <-> 1 owes b for ever; 2 <-> 3 is behind it and fair.
    const edges: Edges = {
      0: [
        ['a', 1],
        ['b', 2],
      ],
      1: [
        ['a', 0],
        ['b', 2],
      ],
      2: [['a', 3]],
      3: [['b', 2]],
    };
    const verdict = await judge(edges, done(9), [weak]);
    expect(lassoOf(edges, verdict)).toEqual({ stem: [0, 2], loop: [3, 2] });
  });

  test('a lasso repeats every step that it owes, not only some closed walk', async () => {
    // Both petals of the flower are owed.
    const edges: Edges = {
      0: [
        ['a', 1],
        ['b', 2],
      ],
      1: [['c', 0]],
      2: [['c', 0]],
    };
    const verdict = await judge(edges, done(9), [strong]);
    const { loop } = lassoOf(edges, verdict);
    expect(new Set(loop)).toEqual(new Set([0, 1, 2]));
    expect(loop).toHaveLength(4);
  });

  test('the checker of lassos refuses one that is unfair', () => {
    const edges: Edges = {
      0: [
        ['a', 1],
        ['b', 2],
      ],
      1: [['c', 0]],
      2: [['c', 0]],
    };
    const events = [
      ['a', 1],
      ['c', 0],
    ].map(([action, state]) => ({ type: 'action', action: String(action), state }) as const);
    const run = replay(instanceOf(edges), { initial: 0, events });
    expect(notFair(run, 0, [strong])).toMatch(/^unfair: strong fairness of each action/);
    expect(notFair(run, 0, [weak])).toBeNull();
  });
});

describe('leads to', () => {
  const edges: Edges = {
    0: [
      ['ask', 1],
      ['a', 0],
    ],
    1: [
      ['answer', 0],
      ['wait', 2],
    ],
    2: [['wait', 1]],
  };
  const answered = leadsTo<number>(
    'answered',
    (state) => state === 1,
    (state) => state === 0,
  );

  test('is about every time, not only the first', async () => {
    expect(await judge(edges, answered, [strong])).toEqual({ verdict: 'holds' });
    const verdict = await judge(edges, answered, [weak]);
    expect(lassoOf(edges, verdict)).toEqual({ stem: [0, 1], loop: [2, 1] });
  });

  test('what holds where it begins is met at once', async () => {
    expect(
      await judge(
        edges,
        leadsTo(
          'at once',
          (state) => state === 1,
          (state) => state >= 1,
        ),
      ),
    ).toEqual({
      verdict: 'holds',
    });
  });

  test('nothing that begins, nothing to answer', async () => {
    expect(
      await judge(
        edges,
        leadsTo(
          'never',
          () => false,
          () => false,
        ),
      ),
    ).toEqual({ verdict: 'holds' });
  });
});

describe('eventually always', () => {
  const edges: Edges = {
    0: [['a', 1]],
    1: [
      ['a', 0],
      ['b', 2],
    ],
    2: [['b', 3]],
    3: [['b', 2]],
  };
  const high = eventuallyAlways<number>('high', (state) => state >= 2);

  test('a loop that leaves it again and again violates it, one that came through does not', async () => {
    expect(lassoOf(edges, await judge(edges, high, [weak]))).toEqual({ stem: [0], loop: [1, 0] });
    expect(await judge(edges, high, [strong])).toEqual({ verdict: 'holds' });
  });
});

describe('bounds', () => {
  const edges: Edges = {
    0: [['a', 1]],
    1: [
      ['c', 9],
      ['b', 0],
    ],
  };

  test('a run that leaves them while the property is open is neither a violation nor a success', async () => {
    expect(await judge(edges, done(9), [strong], { below: 5 })).toEqual({
      verdict: 'unknown',
      open: 1,
      bounds: ['below the bound'],
    });
  });

  test('what leads beyond a bound is possible all the same: a loop that puts it off is unfair', async () => {
    expect(await judge(edges, done(7), [strong], { below: 5 })).toMatchObject({ verdict: 'unknown' });
    expect(await judge(edges, done(7), [weak], { below: 5 })).toMatchObject({ verdict: 'violated' });
  });

  test('nor may a run stop before it', async () => {
    const out: Edges = { 0: [['a', 9]] };
    expect(await judge(out, done(9), [weak], { below: 5 })).toMatchObject({ verdict: 'unknown' });
    expect(await judge(out, done(9), [], { below: 5 })).toMatchObject({ verdict: 'violated' });
  });

  test('cuts where nothing is open any more do not matter', async () => {
    const met: Edges = { 0: [['a', 1]], 1: [['a', 9]] };
    expect(await judge(met, done(1), [weak], { below: 5 })).toEqual({ verdict: 'holds' });
    expect(
      await judge(
        met,
        eventuallyAlways('high', (state) => state >= 1),
        [weak],
        { below: 5 },
      ),
    ).toMatchObject({
      verdict: 'unknown',
    });
  });

  test('a run that begins beyond them is not known', async () => {
    expect(await judge(edges, done(0), [weak], { initial: [0, 9], below: 5 })).toMatchObject({ verdict: 'unknown' });
  });
});

test('fairness of an action that never happens is refused in a sentence', async () => {
  await expect(judge({ 0: [['step', 1]] }, done(1), [weaklyFair('action', { name: 'stpe' })])).rejects.toThrow(
    "there is no action 'stpe' in weak fairness of each action stpe: it never happens; there is step",
  );
});
