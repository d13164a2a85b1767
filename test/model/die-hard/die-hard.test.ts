import { expect, test } from 'vitest';
import { actions, type Jugs, soundRules } from '../../../model/die-hard/die-hard.ts';

const size = { small: 3, big: 5 };
const after = (jugs: Jugs) => Object.fromEntries(actions(jugs, size, soundRules));

test('DieHard.tla, SmallToBig and BigToSmall: pouring stops when one is empty or the other is full', () => {
  expect(after({ small: 3, big: 1 }).SmallToBig).toEqual({ small: 0, big: 4 });
  expect(after({ small: 3, big: 4 }).SmallToBig).toEqual({ small: 2, big: 5 });
  expect(after({ small: 1, big: 1 }).BigToSmall).toEqual({ small: 2, big: 0 });
  expect(after({ small: 2, big: 5 }).BigToSmall).toEqual({ small: 3, big: 4 });
});

test('DieHard.tla, Next: every action is possible everywhere, also where it changes nothing', () => {
  expect(after({ small: 0, big: 5 })).toEqual({
    FillSmallJug: { small: 3, big: 5 },
    FillBigJug: { small: 0, big: 5 },
    EmptySmallJug: { small: 0, big: 5 },
    EmptyBigJug: { small: 0, big: 0 },
    SmallToBig: { small: 0, big: 5 },
    BigToSmall: { small: 3, big: 2 },
  });
});

test('the film: six steps to four litres', () => {
  const steps = ['FillBigJug', 'BigToSmall', 'EmptySmallJug', 'BigToSmall', 'FillBigJug', 'BigToSmall'];
  const end = steps.reduce<Jugs | undefined>((jugs, step) => jugs && after(jugs)[step], { small: 0, big: 0 });
  expect(end).toEqual({ small: 3, big: 4 });
});
