/** What the verdict rests on, as it is drawn: the same run through the reference semantics. */

import { describe, expect, test } from 'vitest';
import { flightsOf } from '../../../explorer/report/flights.ts';
import { walk } from '../../../explorer/valence/walk.ts';
import { type Witness, witnessOf } from '../../../explorer/valence/witness.ts';
import { builtInSystems } from '../../../model/registry.ts';

const systems = await builtInSystems();

function witness(name: string, parameters = {}, mutant: string | null = null): Witness {
  const system = systems.find((one) => one.name === name);
  if (system === undefined) throw new Error(`there is no ${name}`);
  const walked = walk(system, parameters, mutant, { most: 200_000, rounds: 1 });
  const found = 'tooLarge' in walked ? null : witnessOf(walked);
  if (found === null) throw new Error(`${name} loses nothing`);
  return found;
}

test('two decisions: each is told where it is made', () => {
  const { run, ending } = witness('leader-takeover');
  const told = run.steps.map(({ effects }) =>
    effects.flatMap((effect) => (effect.type === 'indicate' ? [effect] : [])),
  );
  expect(told.map((indications) => indications.length)).toEqual([1, 1]);
  expect(run.loop).toBeNull();
  expect(ending).toEqual({
    kind: 'violated',
    title: 'agreement is lost',
    reason: 'n1 has decided 0, n2 has decided 1',
  });
});

test('a protocol that tells its user nothing: its decisions are shown all the same', () => {
  const { run } = witness('two-phase-commit', { rms: 2 });
  const [first] = run.steps;
  expect(first?.event).toMatchObject({ process: 'rm1', timer: 'abort' });
  expect(first?.effects.at(-1)).toMatchObject({ type: 'indicate' });
});

test('blocked: the crash is a step, and then nothing is repeated', () => {
  const { run, ending } = witness('wait-for-all');
  expect(run.steps.at(-1)?.event).toEqual({ type: 'crash', process: 'n1' });
  expect(run.loop).toBe(run.steps.length);
  expect(ending.reason).toBe('from 000: nothing is left to happen; n2 and n3 never decide');
});

describe('a duel without end', () => {
  const { instance, run, ending } = witness('dueling-proposers');

  test('repeats its last steps', () => {
    expect(run.loop).toBe(run.steps.length - 8);
    expect(ending.reason).toBe('from 01: this goes on for ever, and is fair; what is decided stays open');
  });

  test('delivers every message, those that come too late with a step of another', () => {
    // What is still in flight at the end was sent in the loop, and is received the next time round.
    const pending = flightsOf(instance, run).filter(({ end }) => end !== 'received');
    for (const { end, sent } of pending) expect([end, sent > (run.loop ?? 0)]).toEqual(['in flight', true]);
    expect(run.steps.some(({ passed = [] }) => passed.length > 0)).toBe(true);
  });
});
