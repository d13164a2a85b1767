import { expect, test } from 'vitest';
import { check } from '../../../explorer/check.ts';
import { twoPhaseCommitSystem } from '../../../model/two-phase-commit/system.ts';
import { twoPhaseCommitMessageSetSystem } from '../../../model/two-phase-commit-message-set/two-phase-commit-message-set.ts';

test('module TwoPhase: the counts of TLC for three resource managers', async () => {
  const { verdict, distinct, generated, depth } = await check(twoPhaseCommitMessageSetSystem);
  expect({ verdict, distinct, generated, depth }).toEqual({
    verdict: 'holds',
    distinct: 288,
    generated: 1146,
    depth: 11,
  });
});

test.each([1, 2, 5])('has the states of the same protocol as %i + 1 processes', async (rms) => {
  const parameters = { rms };
  const [bare, processes] = [
    await check(twoPhaseCommitMessageSetSystem, { parameters }),
    await check(twoPhaseCommitSystem, { parameters }),
  ];
  expect([bare.distinct, bare.depth]).toEqual([processes.distinct, processes.depth]);
});

test('its actions are called for what they read, not for every state', async () => {
  const { generated, handlerCalls } = await check(twoPhaseCommitMessageSetSystem, { parameters: { rms: 6 } });
  expect(handlerCalls?.memoised).toBeLessThan(generated / 50);
});
