/** Sets of decisions, as bits. */

/** A set of values: bit i stands for the value with index i among those that are decided anywhere. */
export type ValueSet = number;

/** More values than this do not fit into a {@link ValueSet}. */
export const MOST_VALUES = 30;

/** Whether the decision is still open between at least two values. */
export function isBivalent(values: ValueSet): boolean {
  return (values & (values - 1)) !== 0;
}

/** The indices of the values in a set. */
export function valuesIn(values: ValueSet): number[] {
  return Array.from({ length: 32 }, (_, index) => index).filter((index) => ((values >>> index) & 1) === 1);
}
