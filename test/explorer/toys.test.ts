/** Toys with known answers, in both explorers. */

import { describe, expect, test } from 'vitest';
import { check } from '../../explorer/check.ts';
import {
  always,
  alwaysStep,
  type Property,
  type System,
  sometimes,
  transitionSystem,
} from '../../model/contract/index.ts';

/** A graph given by its edges: node -> names of successors. The initial node is `a`. */
function graph(edges: Readonly<Record<string, string>>, properties: readonly Property<string>[] = []): System {
  const next = (node: string) => [...(edges[node] ?? '')].map((to) => [`to ${to}`, to] as const);
  return transitionSystem({ name: 'toy', summary: 'a toy', initial: () => ['a'], next, properties });
}

describe.each(['engine', 'naive'] as const)('%s', (explorer) => {
  test('a cycle: each state once, every transition counted', async () => {
    const result = await check(graph({ a: 'b', b: 'c', c: 'a' }), { explorer });
    expect(result).toMatchObject({ verdict: 'holds', distinct: 3, generated: 4, depth: 3, quiescent: 0 });
  });

  test('a self-loop of a bare system is a transition, and its state is not quiescent', async () => {
    expect(await check(graph({ a: 'a' }), { explorer })).toMatchObject({
      distinct: 1,
      generated: 2,
      depth: 1,
      quiescent: 0,
    });
  });

  test('a diamond: two paths, one state at the bottom', async () => {
    const result = await check(graph({ a: 'bc', b: 'd', c: 'd' }), { explorer });
    expect(result).toMatchObject({ distinct: 4, generated: 5, depth: 3, quiescent: 1 });
  });

  test('the shortest of two paths is the counterexample, though the longer one is listed first', async () => {
    const isX = always('not x', (node: string) => node !== 'x' || 'it is x');
    const bad = graph({ a: 'bx', b: 'c', c: 'd', d: 'x' }, [isX]);
    const { verdict, counterexample, properties } = await check(bad, { explorer });
    expect(verdict).toBe('violated');
    expect(counterexample?.events).toEqual([{ type: 'action', action: 'to x', state: 'x' }]);
    expect(properties[0]?.explanation).toBe('it is x');
  });

  test('a violation in the initial state has an empty counterexample', async () => {
    const bad = transitionSystem<number>({
      name: 'toy',
      summary: 'a toy',
      initial: () => [1, 0],
      next: () => [],
      properties: [always('not zero', (state) => state !== 0)],
    });
    const { verdict, counterexample, depth } = await check(bad, { explorer });
    expect({ verdict, depth, events: counterexample?.events, initial: counterexample?.initial }).toEqual({
      verdict: 'violated',
      depth: 1,
      events: [],
      initial: 1,
    });
  });

  test('a deadlock is reported, and is a violation when the system says so', async () => {
    const edges: Readonly<Record<string, string>> = { a: 'b', b: '' };
    const next = (node: string) => [...(edges[node] ?? '')].map((to) => ['go', to] as const);
    const parts = { name: 'toy', summary: 'a toy', initial: () => ['a'], next };
    expect(await check(transitionSystem(parts), { explorer })).toMatchObject({ verdict: 'holds', quiescent: 1 });
    const strict = await check(transitionSystem({ ...parts, quiescence: () => 'it is stuck' }), { explorer });
    expect(strict).toMatchObject({ verdict: 'violated', quiescent: 1 });
    expect(strict.properties.at(-1)).toMatchObject({
      name: 'quiescence',
      verdict: 'violated',
      explanation: 'it is stuck',
    });
    expect(strict.counterexample?.events).toHaveLength(1);
  });

  test('a goal that cannot be reached: violated when all was explored, unknown when not', async () => {
    const parts = {
      name: 'toy',
      summary: 'a toy',
      initial: () => [0],
      next: (n: number) => [['up', (n + 1) % 10] as const],
      properties: [sometimes('ten', (n: number) => n === 10)],
    };
    expect(await check(transitionSystem(parts), { explorer })).toMatchObject({
      verdict: 'violated',
      distinct: 10,
      counterexample: null,
    });
    const early = await check(transitionSystem(parts), { explorer, depth: 4 });
    expect(early).toMatchObject({ verdict: 'incomplete', distinct: 4, stopped: { reason: 'depth', limit: 4 } });
    expect(early.properties[0]).toMatchObject({ verdict: 'unknown' });
  });

  test('a step property is violated by a step, not by a state', async () => {
    const down = transitionSystem<number>({
      name: 'toy',
      summary: 'a toy',
      initial: () => [0],
      next: (n) => [['up', Math.min(3, n + 1)] as const, ...(n === 3 ? [['reset', 0] as const] : [])],
      properties: [alwaysStep('never down', (before, after) => after >= before || `from ${before} down to ${after}`)],
    });
    const { counterexample, properties } = await check(down, { explorer });
    expect(counterexample?.events.map((event) => event.type === 'action' && event.action)).toEqual([
      'up',
      'up',
      'up',
      'reset',
    ]);
    expect(properties[0]?.explanation).toBe('from 3 down to 0');
  });

  test('what is beyond a bound is not explored, and is counted', async () => {
    const bounded = transitionSystem<number>({
      name: 'toy',
      summary: 'a toy',
      initial: () => [0],
      next: (n) => [['up', n + 1] as const],
      bounds: { local: { 'n < 5': (n) => n < 5 } },
    });
    const result = await check(bounded, { explorer });
    expect(result).toMatchObject({
      verdict: 'holds',
      distinct: 5,
      generated: 5,
      quiescent: 0,
      bounds: { cut: { 'n < 5': 1 } },
    });
  });

  test('a limit on states stops at the end of a level, and never says that anything holds', async () => {
    const endless = transitionSystem<number>({
      name: 'toy',
      summary: 'a toy',
      initial: () => [0],
      next: (n) => [['up', n + 1] as const],
    });
    const result = await check(endless, { explorer, states: 50 });
    expect(result).toMatchObject({ verdict: 'incomplete', distinct: 51, stopped: { reason: 'states', limit: 50 } });
    expect(result.properties.every(({ verdict }) => verdict === 'unknown')).toBe(true);
  });
});
