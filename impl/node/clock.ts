/** The machine's clock. */

import type { Clock } from './ports.ts';

export const systemClock: Clock = {
  now: () => Date.now(),
  soon: (run) => void setImmediate(run),
  after: (ms, run) => {
    if (ms === 0) {
      // A timeout of Node waits for a millisecond at least.
      const turn = setImmediate(run);
      return () => clearImmediate(turn);
    }
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  },
};
