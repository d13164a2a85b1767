import { describe, expect, test } from 'vitest';
import { replay } from '../../explorer/replay.ts';
import { type SimulationProgress, simulate } from '../../explorer/simulate.ts';
import {
  always,
  alwaysStep,
  integer,
  protocol,
  sometimes,
  system,
  transitionSystem,
  z,
} from '../../model/contract/index.ts';

/** Goes left or right from 0, as far as `reach`; stuck at either end. */
const walker = transitionSystem({
  name: 'walker',
  summary: 'a random walk',
  parameters: { reach: integer({ default: 3, min: 1, max: 100, help: 'how far' }) },
  rules: { left: -1 },
  mutants: { jump: { help: 'It jumps to the left.', rules: { left: -2 }, breaks: 'one at a time' } },
  build: ({ reach }, { left }) => ({
    initial: () => [0],
    next: (at: number) =>
      Math.abs(at) >= reach ? [] : ([['left', at + left] as const, ['right', at + 1] as const] as const),
    bounds: { local: { 'at most 90': (at: number) => at <= 90 } },
    properties: [
      always('within reach', (at: number) => at <= reach),
      alwaysStep('one at a time', (before: number, after: number) => Math.abs(after - before) === 1),
      sometimes('right end', (at: number) => at === reach),
      sometimes('beyond', (at: number) => at > reach),
    ],
    quiescence: (at: number) => at <= reach || `stuck at ${at}`,
  }),
});

describe('a simulation', () => {
  test('is the same for the same seed, and another one for another', async () => {
    const run = async (seed: number) => {
      const { elapsedMs: _, ...result } = await simulate(walker, { seed, runs: 20 });
      return result;
    };
    expect(await run(7)).toEqual(await run(7));
    expect(await run(7)).not.toEqual({ ...(await run(8)), seed: 7 });
  });

  test('makes the same first runs however many are made', async () => {
    const few = await simulate(walker, { runs: 5 });
    const many = await simulate(walker, { runs: 50 });
    expect(few.steps).toBeLessThan(many.steps);
    expect(many.properties[2]?.trace).toEqual(few.properties[2]?.trace);
  });

  test('never says that a property holds; witnesses are met or not', async () => {
    const { verdict, runs, ended, properties } = await simulate(walker, { runs: 30 });
    expect({ verdict, runs, ended }).toEqual({
      verdict: 'no violation',
      runs: 30,
      ended: { quiescent: 30, steps: 0, bounds: 0, violated: 0 },
    });
    expect(properties.map(({ verdict }) => verdict)).toEqual(['unknown', 'unknown', 'holds', 'unknown', 'unknown']);
  });

  test('stops at the first violation, with a run that replays', async () => {
    const { verdict, runs, ended, counterexample } = await simulate(walker, { mutant: 'jump' });
    expect(verdict).toBe('violated');
    expect(ended.violated).toBe(1);
    expect(runs).toBeLessThan(10);
    expect(counterexample).toMatchObject({ system: 'walker', mutant: 'jump', property: 'one at a time' });
    if (counterexample === null) throw new Error('no counterexample');
    const { steps } = replay(walker.build({}, 'jump'), counterexample);
    expect(steps.at(-1)?.event).toMatchObject({ action: 'left' });
    expect(steps.slice(0, -1).every(({ event }) => event.type === 'action' && event.action === 'right')).toBe(true);
  });

  test('ends runs at the limit of steps and at bounds', async () => {
    const limited = await simulate(walker, { parameters: { reach: 100 }, runs: 3, steps: 10 });
    expect(limited).toMatchObject({ steps: 30, longest: 10, ended: { quiescent: 0, steps: 3, bounds: 0 } });
    const bounded = transitionSystem({
      name: 'bounded',
      summary: '',
      initial: () => [0],
      next: (at: number) => [['up', at + 1]],
      bounds: { local: { 'at most 4': (at: number) => at <= 4 } },
    });
    expect(await simulate(bounded, { runs: 2 })).toMatchObject({ longest: 4, ended: { bounds: 2 } });
  });

  test('judges only the properties that are named', async () => {
    const { verdict, properties } = await simulate(walker, { mutant: 'jump', properties: ['within reach'], runs: 50 });
    expect(verdict).toBe('no violation');
    expect(properties.map(({ name }) => name)).toEqual(['within reach', 'quiescence']);
    await expect(simulate(walker, { properties: ['nonsense'] })).rejects.toThrow("no property 'nonsense'");
  });

  test('a violation in an initial state', async () => {
    const broken = transitionSystem({
      name: 'broken',
      summary: '',
      initial: () => [0],
      next: () => [],
      properties: [always('never', () => 'it is so from the start')],
    });
    const { counterexample, properties } = await simulate(broken);
    expect(counterexample?.events).toEqual([]);
    expect(properties[0]?.explanation).toBe('it is so from the start');
  });

  test('a state that should not be quiescent', async () => {
    const stuck = transitionSystem({
      name: 'stuck',
      summary: '',
      initial: () => [0],
      next: () => [],
      quiescence: () => 'it should go on',
    });
    const { properties } = await simulate(stuck);
    expect(properties).toMatchObject([{ name: 'quiescence', verdict: 'violated', explanation: 'it should go on' }]);
  });

  test.each([{ runs: 0 }, { steps: -1 }, { runs: 1.5 }, { seed: 0.5 }])('refuses %j', async (options) => {
    await expect(simulate(walker, options)).rejects.toThrow('whole number');
  });
});

describe('a simulation of processes', () => {
  let calls = 0;
  const counting = protocol({
    name: 'counting',
    version: 1,
    messages: { Count: { n: z.number() } },
    init: () => ({ n: 0 }),
    start(_state, { peers, send }) {
      for (const peer of peers) send(peer, { type: 'Count', n: 1 });
    },
    receive: {
      Count(state, { n }) {
        state.n += n + calls;
        calls++;
      },
    },
  });
  const impure = system({
    name: 'impure',
    summary: '',
    build: () => ({
      processes: ['n1', 'n2'].map((id) => ({ id, protocol: counting })),
      network: 'bag',
      view: ({ n }: { n: number }) => n,
      properties: [],
    }),
  });

  test('finds a handler that is no function, and names it', async () => {
    await expect(simulate(impure)).rejects.toThrow(
      /^counting: handler receive\.Count of n[12] is not a function of its arguments.*\n {2}event: .*\n {2}state: /,
    );
  });
});

describe('interruption', () => {
  const endless = transitionSystem({
    name: 'endless',
    summary: '',
    initial: () => [0],
    next: (at: number) => [['up', at + 1]],
  });

  test('gives the result so far', async () => {
    const controller = new AbortController();
    const onProgress = ({ steps }: SimulationProgress) => steps > 100 && controller.abort();
    const { signal } = controller;
    const { verdict, stopped, steps } = await simulate(endless, { runs: 1e9, signal, onProgress });
    expect({ verdict, stopped }).toEqual({ verdict: 'no violation', stopped: { reason: 'interrupted' } });
    expect(steps).toBeGreaterThan(100);
  });

  test('tells its progress meanwhile', async () => {
    const runs: number[] = [];
    const controller = new AbortController();
    const onProgress = ({ run }: SimulationProgress) => runs.push(run) > 2 && controller.abort();
    await simulate(endless, { runs: 1e9, signal: controller.signal, onProgress });
    expect(runs).toEqual(runs.toSorted((a, b) => a - b));
  });
});
