/**
 * Numbers that only grow and are only compared, or counted up by one: terms. Where nobody has a number between two, how
 * far they are apart matters only to one that counts up step by step without ever hearing of the other; so gaps wider than
 * `most` are narrowed to that, and what would grow without end comes back to where it was.
 *
 * This is an abstraction, not an equivalence: who is far behind catches up in `most` steps. With 2 instead of 1, verdicts on all
 * contenders and scenarios are the same; how many timeouts it takes differs by one here and there.
 */

const MOST = 1;

export function closedGaps(numbers: readonly number[], most = MOST): (number: number) => number {
  const small = new Map<number, number>([[0, 0]]);
  let before = 0;
  for (const number of [...new Set(numbers)].sort((a, b) => a - b)) {
    small.set(number, (small.get(before) ?? 0) + Math.min(number - before, most));
    before = number;
  }
  return (number) => small.get(number) ?? number;
}
