/** Configurations of the theorem's world, as rows of numbers. */

/**
 * A configuration, by the ids of its parts: the state of each process, then what is spent of the budgets, then the messages
 * in the buffer in ascending order, one as often as it is there.
 */
export type Configuration = readonly number[];

export function ascending(a: number, b: number): number {
  return a - b;
}
