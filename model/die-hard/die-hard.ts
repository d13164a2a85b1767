/**
 * The puzzle of the film Die Hard 3: measure four litres with a jug of three and a jug of five litres.
 *
 * Source: Lamport, module DieHard of the TLA+ examples (gallons there). As in the module, every action is possible in every
 * state, also where it changes nothing: to fill a full jug is a step.
 * Differences: the sizes of the jugs and the goal are parameters. What the module states the wrong way round so that TLC
 * prints a solution (`NotSolved`), is a witness that must exist here.
 */

import { always, integer, sometimes, transitionSystem } from '../contract/index.ts';

/** The litres in each jug. */
export interface Jugs {
  readonly small: number;
  readonly big: number;
}

export const soundRules = {
  /** How much of what is poured goes into a jug with so much room left. */
  poured: (available: number, room: number): number => Math.min(available, room),
};

export type Rules = typeof soundRules;

/** A step of each action of the module's `Next`, by its name there. */
export function* actions({ small, big }: Jugs, size: Jugs, rules: Rules): Generator<readonly [string, Jugs]> {
  yield ['FillSmallJug', { small: size.small, big }];
  yield ['FillBigJug', { small, big: size.big }];
  yield ['EmptySmallJug', { small: 0, big }];
  yield ['EmptyBigJug', { small, big: 0 }];
  const toBig = rules.poured(small, size.big - big);
  yield ['SmallToBig', { small: small - toBig, big: big + toBig }];
  const toSmall = rules.poured(big, size.small - small);
  yield ['BigToSmall', { small: small + toSmall, big: big - toSmall }];
}

export const dieHardSystem = transitionSystem({
  name: 'die-hard',
  summary: 'The two-jug puzzle: four litres with a jug of three and a jug of five',
  parameters: {
    small: integer({ default: 3, min: 1, max: 99, help: 'litres that the small jug holds' }),
    big: integer({ default: 5, min: 1, max: 99, help: 'litres that the big jug holds' }),
    goal: integer({ default: 4, min: 0, max: 99, help: 'litres to be measured in the big jug' }),
  },
  rules: soundRules,
  mutants: {
    'pour-over-the-brim': {
      help: 'Pouring does not stop at the brim: everything goes into the other jug.',
      rules: { poured: (available) => available },
      breaks: 'no jug is overfull',
    },
    'pour-only-what-fits': {
      help: 'One pours only when all of it fits, so that nothing is ever left over.',
      rules: { poured: (available, room) => (available <= room ? available : 0) },
      breaks: 'the goal is in the big jug',
    },
  },
  build({ small, big, goal }, rules) {
    const size = { small, big };
    return {
      initial: () => [{ small: 0, big: 0 }],
      next: (jugs: Jugs) => actions(jugs, size, rules),
      properties: [
        always(
          'no jug is overfull',
          (jugs: Jugs) => overfull('small', jugs, size) ?? overfull('big', jugs, size) ?? true,
        ),
        sometimes('the goal is in the big jug', (jugs: Jugs) => jugs.big === goal),
      ],
    };
  },
});

function overfull(jug: keyof Jugs, litres: Jugs, size: Jugs): string | undefined {
  if (litres[jug] <= size[jug]) return undefined;
  return `the ${jug} jug holds ${litres[jug]} litres, but has room for ${size[jug]}`;
}
