/** Quorums: sets of processes of which any two have a member in common. */

/** The size of the smallest majority of `n` processes. */
export function majority(n: number): number {
  return Math.floor(n / 2) + 1;
}
