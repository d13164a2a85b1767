/** npx lockstep check examples/ferry.ts */

import { always, sometimes, transitionSystem } from 'lockstep';

export default transitionSystem({
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
      'nobody is eaten': ({ man, wolf, goat, cabbage }) => goat === man || (goat !== wolf && goat !== cabbage),
    },
  },
  properties: [
    always('the man is somewhere', ({ man }) => man === 0 || man === 1),
    sometimes('all are across', (at) => Object.values(at).every((side) => side === 1)),
  ],
});
