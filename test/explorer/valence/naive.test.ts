/** Valence, fair loops and chances against plain algorithms, on random graphs. */

import fc from 'fast-check';
import { expect, test } from 'vitest';
import { chanceOf } from '../../../explorer/valence/chance.ts';
import { BEYOND, type Configurations, edgesOf } from '../../../explorer/valence/configurations.ts';
import { FairLoops } from '../../../explorer/valence/fair-loop.ts';
import { compare, plus, type Rational, rational, times } from '../../../explorer/valence/rational.ts';
import { valencesOf } from '../../../explorer/valence/valence.ts';

/** What a random graph is made of: for each configuration what is decided in it, and its edges: event, target, new round. */
interface Sketch {
  readonly decided: readonly (number | null)[];
  readonly edges: readonly (readonly (readonly [event: number, to: number, newRound: boolean])[])[];
}

const PROCESSES = 2;
const EVENTS = 4;

/** Event i belongs to process i % 2; events 0 and 2 are the faces of process 0's coin. */
const sketches: fc.Arbitrary<Sketch> = fc.integer({ min: 1, max: 7 }).chain((size) =>
  fc.record({
    decided: fc.array(fc.option(fc.integer({ min: 0, max: 2 }), { freq: 3 }), { minLength: size, maxLength: size }),
    edges: fc.array(
      fc.uniqueArray(fc.tuple(fc.nat(EVENTS - 1), fc.integer({ min: BEYOND, max: size - 1 }), fc.boolean()), {
        maxLength: EVENTS,
        selector: ([event]) => event,
      }),
      { minLength: size, maxLength: size },
    ),
  }),
);

function graphOf({ decided, edges }: Sketch): Configurations {
  const first = [0];
  for (const some of edges) first.push((first.at(-1) ?? 0) + some.length);
  const flat = edges.flatMap((some, source) =>
    some.map(([event, target, newRound]) => ({ source, event, target, newRound })),
  );
  const timers = ['heads', 'other', 'tails', 'another'];
  const world = {
    ids: ['n1', 'n2'],
    renamings: [(event: number) => event],
    instance: { consensus: { coin: ['heads', 'tails'] } },
    events: {
      value: (event: number) => ({ process: event % PROCESSES, event: { type: 'timeout', timer: timers[event] } }),
    },
    decided: ([at]: readonly number[], process: number) => (process === 0 ? (decided[at ?? 0] ?? null) : null),
  };
  return {
    world: world as unknown as Configurations['world'],
    configurations: decided.map((_, at) => [at]),
    first,
    event: flat.map(({ event }) => event),
    target: flat.map(({ target }) => target),
    renaming: flat.map(() => 0),
    newRound: flat.map(({ newRound }) => newRound),
    source: flat.map(({ source }) => source),
    metBy: decided.map(() => -1),
    cut: 0,
    complete: true,
  };
}

/** All configurations that can be reached, by going there. */
function reachableFrom(graph: Configurations, from: number): Set<number> {
  const met = new Set([from]);
  for (const at of met)
    for (const edge of edgesOf(graph, at)) if (graph.target[edge] !== BEYOND) met.add(graph.target[edge] as number);
  return met;
}

test('valence is what is decided in any configuration that can be reached', () => {
  fc.assert(
    fc.property(sketches, (sketch) => {
      const graph = graphOf(sketch);
      const { reachable } = valencesOf(graph);
      for (const at of graph.configurations.keys()) {
        const values = new Set([...reachableFrom(graph, at)].flatMap((to) => sketch.decided[to] ?? []));
        const bits = [...values].reduce((sum, value) => sum | (1 << value), 0);
        expect(reachable[at]).toBe(bits);
      }
    }),
    { numRuns: 500 },
  );
});

/** Whether some set of configurations is strongly connected and fair: every set is tried. */
function hasFairSet({ edges }: Sketch, silent: number | null): boolean {
  const live = (event: number) => event % PROCESSES !== silent;
  for (let set = 1; set < 1 << edges.length; set++) {
    const members = [...edges.keys()].filter((at) => (set >> at) & 1);
    const within = (at: number) => (edges[at] ?? []).filter(([event, to]) => live(event) && members.includes(to));
    const reaches = (from: number): Set<number> => {
      const met = new Set<number>();
      const pending = [from];
      for (const at of pending) for (const [, to] of within(at)) if (!met.has(to)) pending.push(met.add(to) && to);
      return met;
    };
    if (!members.every((at) => members.every((to) => reaches(at).has(to)))) continue;
    const fair = Array.from({ length: EVENTS }, (_, event) => event).every((event) => {
      const taken = members.some((at) => within(at).some(([one]) => one === event));
      const always = members.every((at) => (edges[at] ?? []).some(([one]) => one === event));
      return !live(event) || taken || !always;
    });
    if (fair) return true;
  }
  return false;
}

test('a fair loop is found exactly when some set of configurations is strongly connected and fair', () => {
  fc.assert(
    fc.property(sketches, fc.constantFrom(null, 0, 1), (sketch, silent) => {
      const graph = graphOf(sketch);
      const loop = new FairLoops(graph, { has: () => true, silent }).shortest();
      expect(loop !== null).toBe(hasFairSet(sketch, silent));
      if (loop === null) return;
      const [start] = loop;
      let at = graph.source[start as number] as number;
      const visited = loop.map((edge) => {
        expect(graph.source[edge]).toBe(at);
        expect((graph.event[edge] as number) % PROCESSES).not.toBe(silent);
        at = graph.target[edge] as number;
        return at;
      });
      expect(at).toBe(graph.source[start as number]);
      for (let event = 0; event < EVENTS; event++) {
        const always = visited.every((to) => edgesOf(graph, to).some((edge) => graph.event[edge] === event));
        if (always && event % PROCESSES !== silent) expect(loop.map((edge) => graph.event[edge])).toContain(event);
      }
    }),
    { numRuns: 500 },
  );
});

/** The least probability of a decision, by trying every action; null when no way stays within the bounds. */
function leastChance({ decided, edges }: Sketch, at: number, rounds: number): Rational | null {
  if ((decided[at] ?? null) !== null) return rational(1n);
  const all = edges[at] ?? [];
  if (all.length === 0) return rational(0n);
  const coin = all.filter(([event]) => event === 0 || event === 2);
  const actions = [
    ...all.filter(([event]) => event !== 0 && event !== 2).map((edge) => [edge]),
    ...(coin.length > 0 ? [coin] : []),
  ];
  let least: Rational | null = null;
  for (const faces of actions) {
    let sum: Rational | null = rational(0n);
    for (const [, to, newRound] of faces) {
      const left = rounds - (newRound ? 1 : 0);
      const part = to === BEYOND ? null : left < 0 ? rational(0n) : leastChance({ decided, edges }, to, left);
      sum = sum === null || part === null ? null : plus(sum, times(rational(1n, BigInt(faces.length)), part));
    }
    if (sum !== null && (least === null || compare(sum, least) < 0)) least = sum;
  }
  return least;
}

test('the least chance within so many rounds is the least over all schedulers', () => {
  fc.assert(
    fc.property(sketches, (sketch) => {
      // Every way back is a new round, so that no round goes on for ever.
      const edges = sketch.edges.map((some, at) =>
        some.map(([event, to, newRound]) => [event, to, newRound || (to <= at && to !== BEYOND)] as const),
      );
      const graph = graphOf({ ...sketch, edges });
      const chance = chanceOf(graph, valencesOf(graph), 3);
      expect(chance).not.toBeNull();
      for (const [index, value] of (chance?.within ?? []).entries())
        expect(value).toEqual(leastChance({ ...sketch, edges }, 0, index + 1) ?? rational(0n));
    }),
    { numRuns: 300 },
  );
});

test('rounds that may go on for ever measure nothing', () => {
  const graph = graphOf({ decided: [null], edges: [[[1, 0, false]]] });
  expect(chanceOf(graph, valencesOf(graph), 2)).toBeNull();
});
