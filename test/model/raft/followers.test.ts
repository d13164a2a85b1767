/** What a leader knows of its followers changes with what they answer, and with no news not at all. */

import { expect, test } from 'vitest';
import { awaiting, awaitingNothing, heardOf, matched, resuming } from '../../../model/raft/followers.ts';
import type { Leading } from '../../../model/raft/state.ts';
import { appendEntries, appended, entries, leader, server } from './cluster.ts';

const leading: Leading = {
  kind: 'leader',
  nextIndex: { n2: 5, n3: 3 },
  matchIndex: { n2: 4, n3: 0 },
  heard: new Set(['n2']),
  awaited: { n2: 6 },
};

test('a match takes nextIndex and matchIndex forward, never back', () => {
  const { nextIndex, matchIndex } = matched(leading, 'n3', 4);
  expect({ nextIndex, matchIndex }).toEqual({ nextIndex: { n2: 5, n3: 5 }, matchIndex: { n2: 4, n3: 4 } });
  expect(matched(resuming(leading, 'n2', 9), 'n2', 6)).toMatchObject({ nextIndex: { n2: 9 }, matchIndex: { n2: 6 } });
  expect(matched(leading, 'n2', 3)).toBe(leading);
  expect(matched(leading, 'n2', 4)).toBe(leading);
});

test('what is awaited is one answer of each follower', () => {
  expect(awaiting(leading, 'n3', 7).awaited).toEqual({ n2: 6, n3: 7 });
  expect(awaiting(leading, 'n2', 8).awaited).toEqual({ n2: 8 });
  expect(awaitingNothing(leading, 'n2').awaited).toEqual({});
  expect(awaitingNothing(leading, 'n3')).toBe(leading);
});

test('who is heard of again is no news', () => {
  expect(heardOf(leading, 'n3').heard).toEqual(new Set(['n2', 'n3']));
  expect(heardOf(leading, 'n2')).toBe(leading);
});

test('a heartbeat and its answer leave leader and follower the very same', () => {
  const [n1, n2] = [leader([1], { batch: 8, checkQuorum: true }), server([1])];
  const { term, prevIndex } = { term: n1.state.currentTerm, prevIndex: 1 };
  n1.receive('n2', appended(term, prevIndex));
  n2.receive('n2', appendEntries(term, prevIndex, 1));
  const before = [n1.state, n2.state];
  expect(n1.receive('n2', appended(term, prevIndex))).toEqual([]);
  expect(n2.receive('n2', appendEntries(term, prevIndex, 1))).not.toEqual([]);
  expect([n1.state, n2.state].map((state, at) => state === before[at])).toEqual([true, true]);
  n2.receive('n2', appendEntries(term, prevIndex, 1, entries(term)));
  expect(n2.state).not.toBe(before[1]);
});
