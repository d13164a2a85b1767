/** Quorums: sets of processes of which any two have a member in common. */

/** The size of the smallest majority of `n` processes. */
export function majority(n: number): number {
  return Math.floor(n / 2) + 1;
}

/** The smallest majorities of the members: all sets of exactly {@link majority} of them, in a fixed order. */
export function majorities<Member>(members: readonly Member[]): Member[][] {
  return subsets(members, majority(members.length));
}

function subsets<Member>(members: readonly Member[], size: number): Member[][] {
  const [first, ...others] = members;
  if (size === 0) return [[]];
  if (first === undefined) return [];
  return [...subsets(others, size - 1).map((subset) => [first, ...subset]), ...subsets(others, size)];
}
