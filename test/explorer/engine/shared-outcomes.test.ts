import { expect, test } from 'vitest';
import { SharedOutcomes } from '../../../explorer/engine/shared-outcomes.ts';

function workers(count: number): SharedOutcomes[] {
  const all = Array.from({ length: count }, () => new SharedOutcomes(() => {}));
  const memory = new SharedArrayBuffer((all[0] as SharedOutcomes).bytes);
  for (const each of all) each.share(memory, 0);
  return all;
}

/** Of the sent messages there are as many as wanted. */
const taken = (newLocal: number, messages: number) => ({
  newLocal,
  observation: newLocal % 3,
  sent: Array.from({ length: messages }, (_, index) => newLocal + index),
});

test('what one worker tells of a step the others know, and of no other step', () => {
  const [a, b] = workers(2) as [SharedOutcomes, SharedOutcomes];
  a.set(1, 2, taken(7, 2));
  b.set(1, 3, taken(8, 0));
  a.set(2, 1, null);
  for (const each of [a, b]) {
    expect(each.get(1, 2)).toEqual(taken(7, 2));
    expect(each.get(1, 3)).toEqual(taken(8, 0));
    expect(each.get(2, 1)).toBeNull();
    expect(each.get(3, 1)).toBeUndefined();
  }
});

test('a worker alone tells nobody', () => {
  const alone = new SharedOutcomes(() => {});
  alone.set(1, 2, taken(7, 2));
  expect(alone.get(1, 2)).toBeUndefined();
});

test('when there is no room any more, what was told before is still known, and no step has the outcome of another', () => {
  const [a, b] = workers(2) as [SharedOutcomes, SharedOutcomes];
  const messages = 10_000;
  const steps = 1_000;
  for (let step = 1; step <= steps; step++) (step % 2 === 0 ? a : b).set(step, step, taken(step, messages));
  const known = Array.from({ length: steps }, (_, index) => index + 1).filter(
    (step) => a.get(step, step) !== undefined,
  );
  expect(known.length).toBeGreaterThan(100);
  expect(known.length).toBeLessThan(steps);
  for (const step of known) expect(b.get(step, step)).toEqual(taken(step, messages));
  a.set(1, steps + 1, null);
  expect(b.get(1, steps + 1)).toBeNull();
});
