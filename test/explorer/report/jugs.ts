/** A bare transition system for the tests of the reports: two jugs, of three and five litres. */

import { transitionSystem } from '../../../model/contract/index.ts';
import { always, sometimes } from '../../../spec/property.ts';

interface Jugs {
  readonly small: number;
  readonly big: number;
}

export default transitionSystem({
  name: 'jugs',
  summary: 'two jugs',
  initial: (): Jugs[] => [{ small: 0, big: 0 }],
  next: ({ small, big }: Jugs) => {
    const toBig = Math.min(small, 5 - big);
    const toSmall = Math.min(big, 3 - small);
    return [
      ['fill small', { small: 3, big }],
      ['fill big', { small, big: 5 }],
      ['empty small', { small: 0, big }],
      ['empty big', { small, big: 0 }],
      ['small to big', { small: small - toBig, big: big + toBig }],
      ['big to small', { small: small + toSmall, big: big - toSmall }],
    ] as const;
  },
  properties: [
    always('not four', ({ big }: Jugs) => big !== 4 || 'the big jug holds four litres'),
    sometimes('full', ({ small, big }: Jugs) => small === 3 && big === 5),
  ],
});
