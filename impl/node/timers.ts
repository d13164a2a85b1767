/** Timers with randomised waits: each wait is drawn anew from the range that the system declares for the timer. */

import { UsageError } from '../../model/contract/errors.ts';
import type { Protocol } from '../../model/contract/protocol.ts';
import type { TimerRanges } from '../../model/contract/system.ts';
import type { Clock, Timers } from './ports.ts';

/**
 * @param random a number in [0, 1), evenly spread
 * @throws UsageError when the protocol has a timer without a range.
 */
export function randomisedTimers(
  { name, timers }: Pick<Protocol, 'name' | 'timers'>,
  ranges: TimerRanges,
  clock: Pick<Clock, 'after'>,
  random: () => number,
): Timers {
  for (const timer of timers) {
    if (!Object.hasOwn(ranges, timer)) {
      throw new UsageError(
        `the system declares no range for the timer '${timer}' of ${name}: it cannot be run, only checked; ` +
          `add timers: { ${timer}: [least, most] }, in milliseconds, to what its build gives`,
      );
    }
  }
  const running = new Map<string, () => void>();
  const clear = (timer: string): void => {
    running.get(timer)?.();
    running.delete(timer);
  };
  return {
    set(timer, fire) {
      clear(timer);
      const [least, most] = ranges[timer] ?? [0, 0];
      running.set(timer, clock.after(least + random() * (most - least), fire));
    },
    clear,
  };
}
