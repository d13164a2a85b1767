/** How long to wait before the next attempt to connect. */

/** Milliseconds. */
export interface BackoffLimits {
  readonly first: number;
  readonly longest: number;
}

export const DEFAULT_BACKOFF: BackoffLimits = { first: 50, longest: 2000 };

/**
 * Doubles with each failure; of each wait the second half is left to chance, so that nodes that have lost the same peer do
 * not come back all at once.
 *
 * @param failures so far, without a success between them
 * @param random a number in [0, 1)
 */
export function backoff(failures: number, { first, longest }: BackoffLimits, random: number): number {
  const wait = Math.min(longest, first * 2 ** Math.min(failures, 30));
  return wait / 2 + (wait / 2) * random;
}
