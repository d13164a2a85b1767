/** Profiles: the engine's against the oracle's on random systems, and what is made of them. */

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { check } from '../../explorer/check.ts';
import { exploreWithEngine } from '../../explorer/engine/engine.ts';
import { profileNaively } from '../../explorer/naive-profile.ts';
import { actionName, addProfiles, emptyProfile, MOST_VIEWS, profileOf } from '../../explorer/profile.ts';
import { transitionSystem } from '../../model/contract/index.ts';
import type { System } from '../../model/contract/system.ts';
import { dieHardSystem } from '../../model/die-hard/die-hard.ts';
import { paxosSystem } from '../../model/paxos/system.ts';
import { randomGuards } from './random-guards.ts';
import { instanceOf, randomGraph, randomSystem } from './random-system.ts';

const kinds: readonly (readonly [string, fc.Arbitrary<System>, number])[] = [
  ['random protocols', randomSystem, 120],
  ['random graphs', randomGraph, 100],
  ['random guards', randomGuards, 50],
];

test.each(kinds)('%s: the engine profiles as the oracle does', async (_, arbitrary, runs) => {
  const seen = { cut: 0, deep: 0, views: 0, 'shorter ways': 0 };
  await fc.assert(
    fc.asyncProperty(arbitrary, async (random) => {
      const instance = instanceOf(random);
      const options = { depth: 6, states: 800, until: 'no such property', profile: true };
      const { profile, depth, stopped, distinct, generated } = await exploreWithEngine(instance, options);
      expect(profile).toEqual(profileNaively(instance, stopped === null ? depth : depth - 1));
      if (profile === null) throw new Error('there is no profile');
      const actions = Object.values(profile.actions);
      const sum = (counts: readonly number[]) => counts.reduce((total, count) => total + count, 0);
      expect(sum(profile.levels)).toBe(distinct);
      expect(sum(actions.map(({ taken }) => taken))).toBe(generated - (profile.levels[0] ?? 0));
      if (actions.some(({ cut }) => Object.keys(cut).length > 0)) seen.cut++;
      if (profile.levels.length > 3) seen.deep++;
      if (Object.keys(profile.views ?? {}).length > 2) seen.views++;
      if (actions.some(({ taken, deeper }) => deeper < taken)) seen['shorter ways']++;
    }),
    { numRuns: runs },
  );
  // A comparison of trivial systems would prove nothing.
  expect(seen.deep).toBeGreaterThan(runs / 100);
  expect(seen['shorter ways']).toBeGreaterThan(runs / 100);
  if (arbitrary === randomSystem)
    for (const [what, times] of Object.entries(seen)) expect(times, what).toBeGreaterThan(5);
});

describe('Die Hard, by hand', () => {
  test('every action is enabled everywhere', async () => {
    const { profile, distinct } = await check(dieHardSystem, { profile: true });
    expect(profile?.actions.map(({ enabled }) => enabled)).toEqual([16, 16, 16, 16, 16, 16]);
    expect(profile?.outDegree).toMatchObject({ min: 6, mean: 6, max: 6 });
    expect(profile?.levels.reduce((sum, states) => sum + states, 0)).toBe(distinct);
    expect(profile?.levels[0]).toBe(1);
    expect(profile?.views).toBeNull();
  });
});

describe('what is never enabled', () => {
  const never = async (parameters: Readonly<Record<string, number>>) =>
    (await check(paxosSystem, { profile: true, parameters })).profile?.neverEnabled;

  test('is named: who is alone receives nothing, as it handles what it tells itself within the step', async () => {
    const messages = ['Prepare', 'Promise', 'Accept', 'Accepted', 'Decided', 'Refused'];
    expect(await never({ nodes: 1, proposers: 1 })).toEqual(messages.map((type) => `receive ${type}`));
  });

  test('is not named when the environment rules it out: there are no retries', async () => {
    expect(await never({})).toEqual([]);
  });
});

test('nothing is profiled unless it is asked for', async () => {
  expect((await check(dieHardSystem)).profile).toBeNull();
  expect((await check(dieHardSystem, { explorer: 'naive' })).profile).toBeNull();
});

test('an action of a bare transition system is named without its parameters', () => {
  const event = (action: string) => ({ type: 'action', action, state: null }) as const;
  expect(actionName(event('Phase2a(1, v2)'))).toBe('Phase2a');
  expect(actionName(event('SmallToBig'))).toBe('SmallToBig');
});

describe('profiles of workers add up', () => {
  const instance = paxosSystem.build({}, null);
  const part = (views: Record<string, number> | null) => ({
    actions: { tick: { enabled: 1, taken: 2, deeper: 1, cut: { far: 1 } } },
    levels: [1, 2],
    outDegrees: [0, 3],
    views,
  });

  test('count by count', () => {
    expect(addProfiles(part({ a: 1 }), { ...part({ a: 2, b: 1 }), levels: [0, 1, 4] })).toEqual({
      actions: { tick: { enabled: 2, taken: 4, deeper: 2, cut: { far: 2 } } },
      levels: [1, 3, 4],
      outDegrees: [0, 6],
      views: { a: 3, b: 1 },
    });
    expect(addProfiles(emptyProfile(instance), part({ a: 1 }))).toEqual(part({ a: 1 }));
  });

  test('views are given up when one gave them up, or there are too many in all', () => {
    expect(addProfiles(part({ a: 1 }), part(null)).views).toBeNull();
    const many = (letter: string) =>
      Object.fromEntries(Array.from({ length: MOST_VIEWS / 2 + 1 }, (_, index) => [`${letter}${index}`, 1]));
    expect(addProfiles(part(many('a')), part(many('b'))).views).toBeNull();
  });
});

test('the commonest views come first, and no more than ten of them', () => {
  const views = Object.fromEntries(Array.from({ length: 12 }, (_, index) => [`"view ${index}"`, index + 1]));
  const counts = { ...emptyProfile(paxosSystem.build({}, null)), views };
  const told = profileOf(paxosSystem.build({}, null), counts).views;
  expect(told?.different).toBe(12);
  expect(told?.commonest.map(({ states }) => states)).toEqual([12, 11, 10, 9, 8, 7, 6, 5, 4, 3]);
});

test('a graph without any state that was expanded has no out-degree', async () => {
  const nowhere = transitionSystem({ name: 'nowhere', summary: '', initial: () => [], next: () => [] });
  expect((await check(nowhere, { profile: true })).profile).toMatchObject({ outDegree: null, levels: [], actions: [] });
});
