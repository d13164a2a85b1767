/** Hashes of ids, for tables with open addressing and caches. */

/** Of two integers: not negative, and fit for a mask of up to 25 bits. */
export function hashOfPair(a: number, b: number): number {
  let h = Math.imul(a, 0x9e3779b1) ^ Math.imul(b, 0x85ebca6b);
  h ^= h >>> 15;
  return Math.imul(h, 0x2c1b3c6d) >>> 7;
}

/** Of `width` integers from `from` on: any 32 bits. */
export function hashOfTuple(items: Int32Array, from: number, width: number): number {
  let h = 0;
  for (let index = from; index < from + width; index++) {
    h = Math.imul(h ^ (items[index] as number), 0x9e3779b1) ^ (h >>> 13);
  }
  return h ^ (h >>> 16);
}
