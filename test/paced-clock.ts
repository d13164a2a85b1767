/** A clock for tests: what happens every so often happens as often on every machine. */

import { onTestFinished, vi } from 'vitest';

/** Until the test is over, each reading of the clock (performance.now) is so many milliseconds after the one before. */
export function pacedClock(milliseconds: number): void {
  let now = 0;
  const reading = vi.spyOn(performance, 'now').mockImplementation(() => {
    now += milliseconds;
    return now;
  });
  onTestFinished(() => void reading.mockRestore());
}
