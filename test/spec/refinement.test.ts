import { describe, expect, test } from 'vitest';
import { consensus } from '../../spec/consensus.ts';
import { refines, type Specification } from '../../spec/refinement.ts';
import { sequenceConsensus } from '../../spec/sequence-consensus.ts';

/** Counts up by one. */
const counter: Specification<number> = {
  name: 'counter',
  initial: (count) => count === 0,
  step: (before, after) => after === before + 1,
};

describe('a refinement', () => {
  const halves = refines(counter, (state: number) => Math.floor(state / 2));

  test('maps a step to a step or to a stutter', () => {
    expect(halves.check(0, 1)).toBe(true);
    expect(halves.check(1, 2)).toBe(true);
    expect(halves.check(1, 4)).toBe('no step of counter leads from 0 to 2');
  });

  test('maps what a run begins with to an initial state', () => {
    expect(halves.initial?.(1)).toBe(true);
    expect(halves.initial?.(2)).toBe('counter does not begin with this');
  });

  test('keeps the reason that the specification gives', () => {
    const { check } = refines(consensus, (chosen: readonly string[]) => new Set(chosen));
    expect(check(['a'], [])).toBe('chosen was a, and is now nothing');
  });
});

describe('Consensus.tla', () => {
  const set = (...values: string[]) => new Set(values);

  test('at first nothing is chosen', () => {
    expect(consensus.initial(set())).toBe(true);
    expect(consensus.initial(set('a'))).toBe(false);
  });

  test('then one value, for good', () => {
    expect(consensus.step(set(), set('a'))).toBe(true);
    expect(consensus.step(set(), set('a', 'b'))).toBe('chosen was nothing, and is now a and b');
    expect(consensus.step(set('a'), set('b'))).toBe('chosen was a, and is now b');
  });
});

describe('sequence consensus', () => {
  test('at first nothing is decided', () => {
    expect(sequenceConsensus.initial([[], []])).toBe(true);
    expect(sequenceConsensus.initial([['a']])).toBe(false);
  });

  test('the longest decided sequence grows, by one command or more', () => {
    expect(sequenceConsensus.step([[], ['a']], [['a'], ['a', 'b', 'c']])).toBe(true);
    expect(sequenceConsensus.step([['a', 'b']], [['a']])).toBe('what is decided was ⟨a, b⟩ and is now ⟨a⟩');
    expect(sequenceConsensus.step([['a']], [['b', 'a']])).toBe('what is decided was ⟨a⟩ and is now ⟨b, a⟩');
  });

  test('a place behind which something is decided is not left out', () => {
    expect(sequenceConsensus.step([], [[null, 'b']])).toBe('b is decided in place 2, and nothing in place 1');
    expect(sequenceConsensus.step([['a']], [['a'], ['a', null, null, 'd']])).toMatch(/place 4, and nothing in place 2/);
  });

  test('all that are decided are prefixes of it', () => {
    expect(sequenceConsensus.step([['a', 'b']], [['a', 'b'], ['c']])).toMatch(/decided ⟨a, b⟩, .* decided ⟨c⟩/);
  });
});
