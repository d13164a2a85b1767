/** What the engine alone does: memoising, purity, limits, canonical runs. */

import { describe, expect, test } from 'vitest';
import { check } from '../../explorer/check.ts';
import { exploreWithEngine } from '../../explorer/engine/engine.ts';
import {
  always,
  alwaysStep,
  ModelError,
  protocol,
  type Snapshot,
  type System,
  sometimes,
  system,
  transitionSystem,
  z,
} from '../../model/contract/index.ts';
import { paxosSystem } from '../../model/paxos/system.ts';

/** Two processes; a ping makes n2 remember what `seen` gives. */
function pinged(seen: () => unknown, view: (state: { seen: unknown }) => unknown = (state) => state): System {
  const toy = protocol({
    name: 'pinged',
    version: 1,
    messages: { ping: { n: z.int() } },
    requests: { go: { n: z.int() } },
    init: () => ({ seen: null as unknown }),
    receive: {
      ping(state) {
        state.seen = seen();
      },
    },
    request: { go: (state, { n }, { send }) => (state.seen === null ? send('n2', { type: 'ping', n }) : undefined) },
  });
  return system({
    name: 'toy',
    summary: 'a toy',
    build: () => ({
      processes: ['n1', 'n2'].map((id) => ({ id, protocol: toy })),
      network: 'bag' as const,
      environment: { requests: [1, 2, 3].map((n) => ({ to: 'n1', request: { type: 'go', n } })) },
      view,
      properties: [],
    }),
  });
}

describe('a model at fault is an error, never a verdict', () => {
  let calls = 0;
  test.each<[string, System, RegExp]>([
    ['random', pinged(() => Math.random()), /pinged: handler receive.ping of n2 is not a function of its arguments/],
    ['counting outside', pinged(() => ++calls), /not a function of its arguments[\s\S]*event: [\s\S]*state: /],
    [
      'throwing',
      pinged(() => {
        throw new Error('oh');
      }),
      /pinged: handler receive.ping of n2 failed: oh/,
    ],
    ['not plain', pinged(() => new Date(0)), /the state of n2 after handler receive.ping.*instance of Date/],
    [
      'a view that throws',
      pinged(
        () => 1,
        (state) => {
          if (state.seen === 1) throw new Error('blind');
          return null;
        },
      ),
      /view of n2 failed: blind/,
    ],
  ])('%s', async (_, broken, message) => {
    await expect(check(broken)).rejects.toThrow(ModelError);
    await expect(check(broken)).rejects.toThrow(message);
  });

  test('a property that throws', async () => {
    const broken = transitionSystem({
      name: 'toy',
      summary: '',
      initial: () => [0],
      next: () => [],
      properties: [always('p', () => JSON.parse('{'))],
    });
    await expect(check(broken)).rejects.toThrow(/property 'p' failed: SyntaxError/);
  });

  test('a bare system whose successors differ from call to call', async () => {
    let count = 0;
    const broken = transitionSystem({
      name: 'toy',
      summary: '',
      initial: () => [0],
      next: (n: number) => [['go', (n * 10 + count++) % 97] as const],
    });
    await expect(check(broken)).rejects.toThrow(/next is not a function of the state/);
  });

  test('a bare system whose state is not plain data', async () => {
    const broken = transitionSystem<unknown>({
      name: 'toy',
      summary: '',
      initial: () => [{ at: undefined }],
      next: () => [],
    });
    await expect(check(broken)).rejects.toThrow(/a state failed: at is of type undefined/);
  });
});

test('handlers are called once per distinct local step, and paranoia calls each twice more', async () => {
  const usual = await check(paxosSystem, { parameters: { network: 'fifo' } });
  expect(usual.handlerCalls?.memoised).toBeLessThan(usual.generated / 50);
  const paranoid = await check(paxosSystem, { parameters: { network: 'fifo' }, paranoid: true });
  expect(paranoid).toMatchObject({ distinct: usual.distinct, generated: usual.generated });
  expect(paranoid.handlerCalls?.repeated).toBe(2 * (paranoid.handlerCalls?.memoised ?? 0));
});

test('paranoia tries what was foreseen to be disabled as well, twice', async () => {
  const usual = await check(paxosSystem, {});
  const paranoid = await check(paxosSystem, { paranoid: true });
  expect(paranoid).toMatchObject({ distinct: usual.distinct, generated: usual.generated });
  const { memoised = 0, repeated = 0 } = paranoid.handlerCalls ?? {};
  expect(memoised).toBe(usual.handlerCalls?.memoised);
  expect(repeated).toBeGreaterThan(2 * memoised);
  expect(repeated % 2).toBe(0);
});

test('the same input gives the same output, run and all', async () => {
  const [first, second] = [
    await check(paxosSystem, { mutant: 'own-value' }),
    await check(paxosSystem, { mutant: 'own-value' }),
  ];
  expect({ ...first, elapsedMs: 0 }).toEqual({ ...second, elapsedMs: 0 });
});

describe('of equally short runs the one that is shown does not depend on what is found first', () => {
  /** Numbers are sent to a process, which takes one and shows only that it has one: all states with a number look alike. */
  const taker = (numbers: readonly number[]) =>
    protocol({
      name: 'taker',
      version: 1,
      messages: { offer: { n: z.int() } },
      init: () => ({ n: null as number | null }),
      start(_, { self, send }) {
        if (self === 'n2') for (const n of numbers) send('n1', { type: 'offer', n });
      },
      receive: {
        offer(state, { n }) {
          state.n ??= n;
        },
      },
    });
  type Seen = Snapshot<boolean, null>;
  const has = (seen: Seen) => seen.views.n1 === true;
  const take = (numbers: readonly number[], more: object) =>
    system<{ readonly n: number | null }, boolean>({
      name: 'toy',
      summary: 'a toy',
      build: () => ({
        processes: ['n1', 'n2'].map((id) => ({ id, protocol: taker(numbers) })),
        network: 'bag' as const,
        view: ({ n }) => n !== null,
        properties: [],
        ...more,
      }),
    });
  const numbers = [1, 2, 3, 4, 5, 6, 7, 8, 9];

  test.each<[string, object]>([
    ['a state', { properties: [always('none', (seen: Seen) => !has(seen))] }],
    ['a witness', { properties: [sometimes('some', has)] }],
    ['a step', { properties: [alwaysStep('none', (_: Seen, after: Seen) => !has(after))] }],
    ['nothing more can happen', { quiescence: (seen: Seen) => !has(seen) }],
  ])('%s', async (_, more) => {
    const shown = async (order: readonly number[]) => {
      const { found } = await exploreWithEngine(take(order, more).build({}, null));
      return [...found.values()].map(({ events }) => events);
    };
    const first = await shown(numbers);
    expect(first).toHaveLength(1);
    expect(await shown(numbers.toReversed())).toEqual(first);
    expect(await shown([...numbers.slice(4), ...numbers.slice(0, 4)])).toEqual(first);
  });
});

test('an aborted check gives the result so far', async () => {
  const controller = new AbortController();
  const onProgress = () => controller.abort();
  const result = await check(paxosSystem, { parameters: { retries: 1 }, signal: controller.signal, onProgress });
  expect(result).toMatchObject({ verdict: 'incomplete', stopped: { reason: 'interrupted' } });
  expect(result.distinct).toBeGreaterThan(0);
});

test('a check of a deep and narrow graph can be aborted as well', async () => {
  const counter = transitionSystem({
    name: 'toy',
    summary: '',
    initial: () => [0],
    next: (n: number) => [['up', n + 1]],
  });
  const { stopped } = await check(counter, { signal: AbortSignal.timeout(150) });
  expect(stopped).toEqual({ reason: 'interrupted' });
});

test('a check that would exceed its memory stops with the result so far', async () => {
  const limit = process.memoryUsage.rss() + 30e6;
  const result = await check(paxosSystem, { parameters: { proposers: 3 }, memory: limit });
  expect(result).toMatchObject({ verdict: 'incomplete', stopped: { reason: 'memory', limit } });
});

test('deep runs are rebuilt', async () => {
  const count = transitionSystem({
    name: 'toy',
    summary: '',
    initial: () => [0],
    next: (n: number) => [['up', n + 1] as const, ['back', 0] as const],
    properties: [always('few', (n: number) => n < 700)],
  });
  const { found } = await exploreWithEngine(count.build({}, null));
  expect(found.get('few')?.events).toHaveLength(700);
});
