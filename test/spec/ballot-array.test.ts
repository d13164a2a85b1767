import { describe, expect, test } from 'vitest';
import {
  type BallotArray,
  chosenSequences,
  extendsChosen,
  logCoherence,
  withAccepted,
} from '../../spec/ballot-array.ts';

const rules = { quorum: 2, compare: (a: number, b: number) => a - b, name: (round: number) => `n=${round}` };
const cell = (round: number, process: string, ...sequence: string[]) => ({ process, round, sequence });

/** The lecture's table of c0 before the stop-sign. */
const table: BallotArray<number, string> = [cell(1, 'r1', 'C1'), cell(2, 'r2', 'C2'), cell(2, 'r3', 'C2')];

describe('the array', () => {
  test('a cell keeps its longest sequence', () => {
    expect(withAccepted([cell(1, 'r1', 'a')], cell(1, 'r1', 'a', 'b'), rules)).toEqual([cell(1, 'r1', 'a', 'b')]);
    expect(withAccepted([cell(1, 'r1', 'a', 'b')], cell(1, 'r1', 'a'), rules)).toEqual([cell(1, 'r1', 'a', 'b')]);
  });

  test('and both of two that contradict each other', () => {
    expect(withAccepted([cell(1, 'r1', 'b')], cell(1, 'r1', 'a'), rules)).toEqual([
      cell(1, 'r1', 'a'),
      cell(1, 'r1', 'b'),
    ]);
  });

  test('does not depend on the order in which sequences were accepted', () => {
    const forwards = table.reduce<BallotArray<number, string>>(
      (array, accepted) => withAccepted(array, accepted, rules),
      [],
    );
    const backwards = table.reduceRight<BallotArray<number, string>>(
      (array, accepted) => withAccepted(array, accepted, rules),
      [],
    );
    expect(backwards).toEqual(forwards);
  });
});

describe('chosen', () => {
  test('the longest sequence that a quorum has accepted in one round, as it is or extended', () => {
    expect(chosenSequences(table, rules)).toEqual([{ round: 2, sequence: ['C2'] }]);
    expect(chosenSequences([cell(1, 'r1', 'a', 'b'), cell(1, 'r2', 'a')], rules)).toEqual([
      { round: 1, sequence: ['a'] },
    ]);
  });

  test('not by acceptances in different rounds', () => {
    expect(chosenSequences([cell(1, 'r1', 'a'), cell(2, 'r2', 'a')], rules)).toEqual([]);
  });
});

describe('log coherence', () => {
  test('in one round, one sequence is a prefix of the other', () => {
    expect(logCoherence(table, rules)).toBe(true);
    expect(logCoherence([cell(1, 'r1', 'a'), cell(1, 'r2', 'b')], rules)).toBe(
      'in round n=1, r1 accepted ⟨a⟩ and r2 accepted ⟨b⟩',
    );
  });
});

describe('what is accepted later extends what is chosen', () => {
  test('holds of the lecture table, in which C1 was not chosen', () => {
    expect(extendsChosen(table, rules)).toBe(true);
    expect(extendsChosen([...table, cell(3, 'r1', 'C2', 'SS')], rules)).toBe(true);
  });

  test('fails when a later round forgets it', () => {
    expect(extendsChosen([...table, cell(3, 'r1', 'C1')], rules)).toBe(
      '⟨C2⟩ was chosen in round n=2, but in round n=3 r1 accepted ⟨C1⟩',
    );
  });
});
