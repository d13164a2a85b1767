/** A reduction: some transitions are not followed, and that changes nothing that a check says. */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { type CheckOptions, type CheckResult, check } from '../../explorer/check.ts';
import { system as defineSystem, protocol, type System } from '../../model/contract/index.ts';
import { paxosSystem } from '../../model/paxos/system.ts';
import { builtInSystem, builtInSystems } from '../../model/registry.ts';
import { readManifest } from '../../scripts/manifest.ts';

const full = process.env.LOCKSTEP_FULL === '1';

/** All of a result but which of the shortest runs it shows, and what says how it was found. */
function said({
  elapsedMs: _,
  handlerCalls: __,
  skipped: ___,
  counterexample,
  properties,
  ...rest
}: CheckResult): unknown {
  const verdicts = properties.map(({ name, verdict, trace }) => ({ name, verdict, steps: trace?.events.length }));
  return { ...rest, verdicts, steps: counterexample?.events.length };
}

/** Of a system a small pinned run that holds, and one that a mutant breaks; in the full check more. */
function casesOf(system: System): readonly CheckOptions[] {
  const small = readManifest(system).runs.filter(({ tier, distinct }) => tier === 'seconds' && distinct < 20_000);
  return [
    ...small.filter(({ mutant }) => mutant === null).slice(0, 1),
    ...small.filter(({ mutant }) => mutant !== null),
  ]
    .slice(0, full ? 8 : 2)
    .map(({ parameters, mutant }) => ({ parameters, mutant }));
}

const ofProcesses = (await builtInSystems()).filter((system) => system.build({}, null).kind === 'processes');

const cases = ofProcesses.flatMap((system) =>
  casesOf(system).map((options) => [system.name, options.mutant ?? 'no mutant', system, options] as const),
);

test.each(cases)('%s with %s: the same is said with a reduction', async (_, __, system, options) => {
  expect(said(await check(system, { ...options, reduction: true }))).toEqual(said(await check(system, options)));
});

test.each(['bag', 'set', 'fifo'])('of Paxos over %s more than half of the transitions is left out', async (network) => {
  const { generated, skipped } = await check(paxosSystem, { parameters: { network }, reduction: true });
  expect(skipped).toBeGreaterThan(generated / 2);
});

/** A process that may add and subtract, once each, and has two timers, of which one cancels the other. */
function adder(order: readonly ['add' | 'subtract', 'add' | 'subtract'], canceller: 'tick' | 'tock'): System {
  const cancelled = canceller === 'tick' ? 'tock' : 'tick';
  return defineSystem({
    name: 'adder',
    summary: '',
    build: () => ({
      processes: [
        {
          id: 'p',
          protocol: protocol({
            name: 'adder',
            version: 1,
            messages: {},
            requests: { add: {}, subtract: {} },
            timers: ['tick', 'tock'],
            init: () => ({ sum: 0, fired: { tick: false, tock: false } }),
            start(_, { setTimer }) {
              setTimer('tick');
              setTimer('tock');
            },
            receive: {},
            request: {
              add: (state) => void state.sum++,
              subtract: (state) => void state.sum--,
            },
            timeout: {
              [canceller]: (
                state: { fired: Record<string, boolean> },
                { cancelTimer }: { cancelTimer(timer: string): void },
              ) => {
                state.fired[canceller] = true;
                cancelTimer(cancelled);
              },
              [cancelled]: (state: { fired: Record<string, boolean> }) => {
                state.fired[cancelled] = true;
              },
            } as never,
          }),
        },
      ],
      network: 'bag',
      environment: { requests: order.map((type) => ({ to: 'p', request: { type } })) },
      bounds: { local: { 'no sum above 0': ({ sum }: { readonly sum: number }) => sum <= 0 } },
      view: () => 0,
      properties: [],
    }),
  });
}

test.each([
  [['add', 'subtract'], 'tick'],
  [['subtract', 'add'], 'tock'],
] as const)('an order that is not possible replaces none: %j, %s cancels', async (order, canceller) => {
  const system = adder(order, canceller);
  const naive = await check(system, { explorer: 'naive' });
  const reduced = await check(system, { reduction: true });
  expect(said({ ...reduced, collisionProbability: null })).toEqual(said(naive));
});

test('without it, none is', async () => {
  expect(await check(paxosSystem)).toMatchObject({ skipped: null });
});

test('a search that was stopped goes on with its reduction, and not without', async () => {
  const scratch = mkdtempSync(join(tmpdir(), 'lockstep-test-'));
  try {
    const directory = join(scratch, 'checkpoint');
    const whole = await check(paxosSystem, { reduction: true });
    await check(paxosSystem, { reduction: true, depth: 8, checkpoint: { directory } });
    await expect(check(paxosSystem, { checkpoint: { directory, resume: true } })).rejects.toThrow(/reduction/);
    const resumed = await check(paxosSystem, { reduction: true, checkpoint: { directory, resume: true } });
    expect(resumed).toMatchObject({ verdict: 'holds', distinct: whole.distinct, generated: whole.generated });
    expect(resumed.skipped).toBe(whole.skipped);
  } finally {
    rmSync(scratch, { recursive: true });
  }
});

test.each([
  ['die-hard', {}, 'a bare transition system has no processes whose steps could be independent: leave out --reduction'],
  ['paxos', { explorer: 'naive' }, 'the naive explorer follows every step: leave out --reduction'],
  ['paxos', { exact: true }, 'leave out --exact or --reduction'],
  ['paxos', { profile: true }, 'profile without --reduction'],
  ['two-phase-commit', { symmetry: true }, 'leave out --symmetry or --reduction'],
] as const)('%s with %j is refused', async (name, options, why) => {
  const system = (await builtInSystem(name)) as System;
  await expect(check(system, { ...options, reduction: true })).rejects.toThrow(why);
});
