import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type CheckOptions, type CheckResult, check } from '../../explorer/check.ts';
import { system as defineSystem, protocol, type System } from '../../model/contract/index.ts';
import { paxosSystem } from '../../model/paxos/system.ts';
import { paxosMessageSetSystem } from '../../model/paxos-message-set/paxos-message-set.ts';
import { raftSystem } from '../../model/raft/system.ts';
import { twoPhaseCommitSystem } from '../../model/two-phase-commit/system.ts';
import { twoPhaseCommitMessageSetSystem } from '../../model/two-phase-commit-message-set/two-phase-commit-message-set.ts';
import { pacedClock } from '../paced-clock.ts';

let scratch: string;
let directory: string;

beforeEach(() => {
  scratch = mkdtempSync(join(tmpdir(), 'lockstep-test-'));
  directory = join(scratch, 'checkpoint');
});
afterEach(() => rmSync(scratch, { recursive: true, force: true }));

/** Milliseconds between two looks at the clock, which come every few hundred states. */
const PACE = 10;

/** Whether the checkpoint that is there was made amid a level. */
function isWithinLevel(): boolean {
  return JSON.parse(readFileSync(join(directory, 'checkpoint.json'), 'utf8')).isBegun;
}

/** All of a result that a checkpoint must not change. */
function essence({ elapsedMs: _, handlerCalls: __, ...rest }: CheckResult): unknown {
  return rest;
}

const begin = (options: CheckOptions = {}) => check(paxosSystem, { ...options, checkpoint: { directory } });
const resume = (options: CheckOptions = {}) =>
  check(paxosSystem, { ...options, checkpoint: { directory, resume: true } });

describe('a search that was stopped and goes on', () => {
  test('ends with what one that was not stopped gives', async () => {
    const whole = essence(await check(paxosSystem));
    expect(await begin({ depth: 6 })).toMatchObject({ verdict: 'incomplete', depth: 6 });
    expect(await resume({ depth: 6 })).toMatchObject({ verdict: 'incomplete', depth: 6 });
    expect(await resume({ states: 20_000 })).toMatchObject({ verdict: 'incomplete' });
    expect(essence(await resume())).toEqual(whole);
    expect(existsSync(directory)).toBe(false);
  });

  test('also when it is interrupted within a level, again and again', async () => {
    pacedClock(PACE);
    const whole = essence(await check(paxosSystem));
    let result = await begin(interruptedAtOnce());
    for (let again = 0; again < 3; again++) {
      expect(result).toMatchObject({ verdict: 'incomplete', stopped: { reason: 'interrupted' } });
      expect(isWithinLevel()).toBe(true);
      result = await resume(interruptedAtOnce());
    }
    expect(essence(await resume())).toEqual(whole);
  });

  test('shows the same counterexample', async () => {
    const mutant = 'own-value';
    const whole = essence(await check(paxosSystem, { mutant }));
    await begin({ mutant, depth: 8 });
    expect(essence(await resume({ mutant }))).toEqual(whole);
  });

  test('keeps one checkpoint at a time, of four files', async () => {
    pacedClock(PACE);
    let most = 0;
    const onProgress = () => {
      most = Math.max(most, readdirSync(directory).length);
    };
    await check(paxosSystem, { states: 50_000, onProgress, checkpoint: { directory, every: 300 } });
    expect(most).toBeGreaterThanOrEqual(4);
    expect(readdirSync(directory)).toHaveLength(4);
  });
});

describe('a search with symmetry that was stopped and goes on', () => {
  test.each<readonly [string, System, CheckOptions]>([
    ['processes', twoPhaseCommitSystem, { parameters: { rms: 5 } }],
    ['actions', twoPhaseCommitMessageSetSystem, { parameters: { rms: 5 } }],
    ['next', paxosMessageSetSystem, {}],
    ['a mutant', twoPhaseCommitMessageSetSystem, { mutant: 'early-commit' }],
  ])('ends with what one that was not stopped gives: %s', async (_, system, options) => {
    const whole = await check(system, { ...options, symmetry: true });
    expect(whole.symmetry?.represented).toBeGreaterThan(whole.distinct);
    for (const [depth, resume] of [
      [3, false],
      [5, true],
    ] as const)
      expect(
        await check(system, { ...options, symmetry: true, depth, checkpoint: { directory, resume } }),
      ).toMatchObject({ verdict: 'incomplete', depth });
    const resumed = await check(system, { ...options, symmetry: true, checkpoint: { directory, resume: true } });
    expect(essence(resumed)).toEqual(essence(whole));
  });

  test('also when it is interrupted within a level', async () => {
    pacedClock(PACE);
    const whole = await check(raftSystem, { symmetry: true });
    const interrupted = { symmetry: true, ...interruptedAtOnce() };
    const result = await check(raftSystem, { ...interrupted, checkpoint: { directory } });
    expect(result).toMatchObject({ verdict: 'incomplete', stopped: { reason: 'interrupted' } });
    expect(isWithinLevel()).toBe(true);
    const resumed = await check(raftSystem, { symmetry: true, checkpoint: { directory, resume: true } });
    expect(essence(resumed)).toEqual(essence(whole));
  });

  test.each([true, false])('with symmetry: %s; the other way it is refused', async (symmetry) => {
    await check(twoPhaseCommitSystem, { symmetry, depth: 5, checkpoint: { directory } });
    await expect(
      check(twoPhaseCommitSystem, { symmetry: !symmetry, checkpoint: { directory, resume: true } }),
    ).rejects.toThrow(`symmetry: ${symmetry} there, ${!symmetry} here`);
  });
});

function interruptedAtOnce(): CheckOptions {
  const controller = new AbortController();
  return { signal: controller.signal, onProgress: () => controller.abort() };
}

describe('a checkpoint is refused', () => {
  test('when there is none, and when there is one that would be overwritten', async () => {
    await expect(resume()).rejects.toThrow(`there is no checkpoint in ${directory}`);
    await begin({ depth: 5 });
    await expect(begin()).rejects.toThrow(`--resume ${directory}`);
  });

  test('of other bounds, another mutant, other properties, another version', async () => {
    await begin({ depth: 5 });
    await expect(resume({ parameters: { crashes: 1 } })).rejects.toThrow(
      /parameters: .*"crashes":0.* there, .*"crashes":1/,
    );
    await expect(resume({ mutant: 'own-value' })).rejects.toThrow('mutant: null there, own-value here');
    await expect(resume({ properties: ['agreement'] })).rejects.toThrow('properties: null there, ["agreement"] here');
    const checkpoint = { directory, resume: true, identity: { lockstep: '9.9.9' } };
    await expect(check(paxosSystem, { checkpoint })).rejects.toThrow('lockstep: null there, 9.9.9 here');
  });

  test('of a model that has changed since, in its text or in what it does', async () => {
    await check(counters(1), { depth: 3, checkpoint: { directory } });
    await expect(check(otherCounters, { checkpoint: { directory, resume: true } })).rejects.toThrow(
      /model: .* there, .* here/,
    );
    await expect(check(counters(2), { checkpoint: { directory, resume: true } })).rejects.toThrow(
      'the model is not the one',
    );
    expect(await check(counters(1), { checkpoint: { directory, resume: true } })).toMatchObject({ distinct: 121 });
  });

  test.each(['visited', 'tables', 'frontier'])('when its %s is damaged', async (kind) => {
    await begin({ depth: 5 });
    const path = join(directory, readdirSync(directory).find((name) => name.startsWith(kind)) ?? '');
    const bytes = readFileSync(path);
    bytes[bytes.length >> 1] = (bytes[bytes.length >> 1] as number) ^ 1;
    writeFileSync(path, bytes);
    await expect(resume()).rejects.toThrow(/does not have its checksum/);
    truncateSync(path, bytes.length - 1);
    await expect(resume()).rejects.toThrow(/is cut off/);
    rmSync(path);
    await expect(resume()).rejects.toThrow(/is missing/);
  });

  test('when it is no checkpoint at all', async () => {
    await begin({ depth: 5 });
    for (const [text, why] of [
      ['', /cannot be read/],
      ['{}', /is not a checkpoint of format 4/],
    ] as const) {
      writeFileSync(join(directory, 'checkpoint.json'), text);
      await expect(resume()).rejects.toThrow(why);
    }
  });

  test('when a checkpoint cannot be written, the search stops with the result so far', async () => {
    pacedClock(PACE);
    const onProgress = () => rmSync(directory, { recursive: true, force: true });
    const checkpoint = { directory, every: 0 };
    const result = await check(paxosSystem, { parameters: { crashes: 1 }, checkpoint, onProgress });
    expect(result).toMatchObject({ verdict: 'incomplete', stopped: { reason: 'disk' } });
  });
});

/** Two counters up to 10, in steps of what `by` says: functions of the same text that do different things. */
function counters(by: number): System {
  const counter = protocol({
    name: 'counter',
    version: 1,
    messages: {},
    timers: ['tick'],
    init: () => ({ ticks: 0 }),
    start: (_, process) => process.setTimer('tick'),
    receive: {},
    timeout: {
      tick(state, process) {
        state.ticks += by;
        process.setTimer('tick');
      },
    },
  });
  return pairOf(counter);
}

const otherCounters = pairOf(
  protocol({
    name: 'counter',
    version: 1,
    messages: {},
    timers: ['tick'],
    init: () => ({ ticks: 0 }),
    receive: {},
    timeout: { tick: () => {} },
  }),
);

function pairOf(counter: ReturnType<typeof protocol<{ ticks: number }, Record<never, never>>>): System {
  return defineSystem({
    name: 'counters',
    summary: '',
    build: () => ({
      processes: ['a', 'b'].map((id) => ({ id, protocol: counter })),
      network: 'bag',
      bounds: { local: { few: ({ ticks }) => ticks <= 10 } },
      view: () => 0,
      properties: [],
    }),
  });
}
