/** The state graph, by both builders: on random small systems they must build the same, up to the numbers. */

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { exploreWithEngine } from '../../../explorer/engine/engine.ts';
import { buildGraph } from '../../../explorer/graph/build.ts';
import { GraphIncomplete } from '../../../explorer/graph/limits.ts';
import { buildGraphNaively } from '../../../explorer/graph/naive-graph.ts';
import type { GraphEvent, StateGraph } from '../../../explorer/graph/state-graph.ts';
import { replay } from '../../../explorer/replay.ts';
import { semanticsOf } from '../../../explorer/semantics/semantics.ts';
import { canonical } from '../../../model/contract/data.ts';
import { transitionSystem } from '../../../model/contract/index.ts';
import type { Instance, System } from '../../../model/contract/system.ts';
import { builtInSystem } from '../../../model/registry.ts';
import { instanceOf, randomGraph, randomSystem } from '../random-system.ts';

const LIMITS = { states: 600 };

async function built(build: () => StateGraph | Promise<StateGraph>): Promise<StateGraph | null> {
  try {
    return await build();
  } catch (thrown) {
    if (thrown instanceof GraphIncomplete) return null;
    throw thrown;
  }
}

/** Everything that a graph says, with the states themselves in the place of their numbers. */
function contentsOf(graph: StateGraph) {
  const { key } = semanticsOf(graph.instance);
  const name = (state: number) => key(graph.configuration(state));
  const event = (number: number) => canonical((graph.events[number] as GraphEvent).event);
  const states = Array.from({ length: graph.size }, (_, state) => {
    const out = [];
    for (let at = graph.offsets[state] ?? 0; at < (graph.offsets[state + 1] ?? 0); at++)
      out.push(`${event(graph.eventOf[at] ?? -1)} ${name(graph.targets[at] ?? -1)}`);
    const cut = [];
    if (graph.isCut(state)) {
      const { offsets, events } = graph.cuts;
      for (let at = offsets[state] ?? 0; at < (offsets[state + 1] ?? 0); at++) cut.push(event(events[at] ?? -1));
    }
    const quiescent = graph.isQuiescent(state);
    return canonical([name(state), graph.seen(state), out.sort(), cut.sort(), quiescent]);
  });
  const initial = graph.initial.map((state) => (state < 0 ? null : name(state)));
  return { initial, states: states.sort(), cutBy: graph.cuts.by, initialIsCut: graph.cuts.initial };
}

/** Identical requests can be told apart by nothing but the budget that each draws on. */
function hasTwins(instance: Instance): boolean {
  const requests = instance.kind === 'processes' ? (instance.environment.requests ?? []).map(canonical) : [];
  return new Set(requests).size < requests.length;
}

const kinds: readonly (readonly [string, fc.Arbitrary<System>, number])[] = [
  ['random protocols', randomSystem, 200],
  ['random graphs', randomGraph, 200],
];

describe('both builders', () => {
  test.each(kinds)('%s: states, transitions, events, views and cuts are the same', async (_, arbitrary, runs) => {
    const met = { complete: 0, refused: 0, cut: 0 };
    await fc.assert(
      fc.asyncProperty(arbitrary, async (random) => {
        const instance = instanceOf(random);
        const fast = await built(() => buildGraph(instance, LIMITS));
        const naive = await built(() => buildGraphNaively(instance, LIMITS));
        expect(fast === null).toBe(naive === null);
        if (fast === null || naive === null) return void met.refused++;
        met.complete++;
        if (Object.keys(fast.cuts.by).length > 0) met.cut++;
        expect([fast.size, fast.transitions, fast.cuts.by]).toEqual([naive.size, naive.transitions, naive.cuts.by]);
        if (!hasTwins(instance)) expect(contentsOf(fast)).toEqual(contentsOf(naive));
      }),
      { numRuns: runs },
    );
    expect(met.complete).toBeGreaterThan(runs / 4);
    expect(met.cut).toBeGreaterThan(runs / 10);
  });

  test('what the engine counts, the graph has: distinct states, generated transitions, quiescent states', async () => {
    for (const name of ['two-phase-commit', 'die-hard', 'ballot-leader-election-topologies']) {
      const instance = instanceOf((await builtInSystem(name)) as System);
      const graph = await buildGraph(instance);
      const { distinct, generated, quiescent, cut } = await exploreWithEngine({
        ...instance,
        properties: [],
      } as Instance);
      expect([graph.size, graph.initial.length + graph.transitions]).toEqual([distinct, generated]);
      expect(graph.cuts.by).toEqual(cut);
      const quiet = Array.from({ length: graph.size }, (_, state) => graph.isQuiescent(state)).filter(Boolean);
      expect(quiet).toHaveLength(quiescent);
    }
  });
});

describe('a state of the graph', async () => {
  const instance = instanceOf((await builtInSystem('two-phase-commit')) as System);

  test('is reached by a shortest way, which can be replayed and ends in its configuration', async () => {
    const graph = await buildGraph(instance);
    for (const state of [0, 1, 17, 100, graph.size - 1]) {
      const { from, transitions } = graph.wayTo(state);
      const { steps, initial, semantics } = replay(instance, graph.run(from, transitions));
      expect(semantics.key(steps.at(-1)?.after ?? initial.state)).toBe(semantics.key(graph.configuration(state)));
      expect(canonical(semantics.seen(graph.configuration(state)))).toBe(canonical(graph.seen(state)));
    }
  });

  test('is told apart by predicates on what is seen of it', async () => {
    const graph = await buildGraph(instance);
    const quiet = graph.where(({ crashed }: { crashed: readonly string[] }) => crashed.length > 0);
    for (let state = 0; state < graph.size; state++) {
      expect(quiet[state]).toBe((graph.seen(state) as { crashed: string[] }).crashed.length > 0 ? 1 : 0);
    }
  });
});

describe('limits', () => {
  const counter = transitionSystem({
    name: 'counter',
    summary: 'counts for ever',
    initial: () => [0],
    next: (count: number) => [['count', count + 1] as const],
  });

  test('a graph with too many states is refused in a sentence', async () => {
    await expect(buildGraph(instanceOf(counter), { states: 1000 })).rejects.toThrow(
      /^the state graph has more than 1,000 states\. Set smaller parameters/,
    );
    expect(() => buildGraphNaively(instanceOf(counter), { states: 1000 })).toThrow(GraphIncomplete);
  });

  test('a graph that does not fit into memory is refused in a sentence', async () => {
    const { rss } = process.memoryUsage();
    await expect(buildGraph(instanceOf(counter), { memory: rss + 2 ** 22 })).rejects.toThrow(/does not fit into/);
  });

  test('an interrupted one says so', async () => {
    await expect(buildGraph(instanceOf(counter), { signal: AbortSignal.abort() })).rejects.toMatchObject({
      stop: { reason: 'interrupted' },
    });
  });
});
