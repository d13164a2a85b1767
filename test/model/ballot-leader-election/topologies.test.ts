/** The three scenarios of partial connectivity, and the three rules without which they do not settle. */

import { expect, test } from 'vitest';
import { check } from '../../../explorer/check.ts';
import { topologiesSystem } from '../../../model/ballot-leader-election-topologies/system.ts';

test.each([
  ['full', 4],
  ['quorum-loss', 1],
  ['constrained-election', 1],
  ['chained', 1],
])('%s: settles, in one of so many ways: %i', async (topology, ways) => {
  const { verdict, quiescent } = await check(topologiesSystem, { parameters: { topology } });
  expect({ verdict, quiescent }).toEqual({ verdict: 'holds', quiescent: ways });
});

test.each([3, 4])('every topology of %i servers settles, whoever led', async (servers) => {
  expect((await check(topologiesSystem, { parameters: { servers } })).verdict).toBe('holds');
});

test.each([3, 9, 30])('with leaders gossiped, bids rise above any bound: %i', async (bound) => {
  const { counterexample } = await check(topologiesSystem, { parameters: { bound }, mutant: 'gossip-leader' });
  expect(counterexample?.property).toBe('ballots stay bounded');
});
