/** Sequences, as the lecture writes them: `prefix(v, k)` keeps the first k elements, `suffix(v, k)` drops them. */

export function prefix<T>(sequence: readonly T[], length: number): T[] {
  return sequence.slice(0, length);
}

export function suffix<T>(sequence: readonly T[], from: number): T[] {
  return sequence.slice(from);
}
