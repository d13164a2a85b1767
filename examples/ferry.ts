/** npx lockstep check examples/ferry.ts */

import { always, sometimes, transitionSystem } from 'lockstep';

/** On which bank each of them is: 0 or 1. */
type Crossing = Record<'man' | 'wolf' | 'goat' | 'cabbage', number>;

export default transitionSystem<Crossing>({
  name: 'ferry',
  summary: 'the wolf, the goat and the cabbage',
  initial: () => [{ man: 0, wolf: 0, goat: 0, cabbage: 0 }],
  *next(at) {
    const man = 1 - at.man;
    yield ['cross alone', { ...at, man }];
    for (const cargo of ['wolf', 'goat', 'cabbage'] as const) {
      if (at[cargo] === at.man) yield [`cross with the ${cargo}`, { ...at, man, [cargo]: man }];
    }
  },
  bounds: {
    local: {
      'nothing eaten': ({ man, wolf, goat, cabbage }) => goat === man || (goat !== wolf && goat !== cabbage),
    },
  },
  properties: [
    always('two banks', (at) => Object.values(at).every((bank) => bank === 0 || bank === 1)),
    sometimes('all are across', (at) => Object.values(at).every((bank) => bank === 1)),
  ],
});
