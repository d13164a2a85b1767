/**
 * Fingerprints: 64 bits, as two 32-bit words, that stand for a state in the visited set.
 *
 * A state's fingerprint is the sum, word by word, of the keys of its parts: its slots and its messages in flight. A key
 * depends on the content of the part alone, never on the order of discovery, so a fingerprint is the same on every run,
 * and a successor's is its parent's plus a few differences.
 */

import { hash } from 'node:crypto';

/** Between the place and the content in the name of a part. */
export const AFTER_PLACE = '\0';

/** The key of a part: the first 64 bits of a cryptographic hash of where it stands and what it is. */
export function partKey(place: string, content: string): readonly [lo: number, hi: number] {
  return nameKey(`${place}${AFTER_PLACE}${content}`);
}

/** The key of a part by its name. */
export function nameKey(name: string): readonly [lo: number, hi: number] {
  const digits = hash('sha256', name, 'hex');
  return [Number.parseInt(digits.slice(0, 8), 16) | 0, Number.parseInt(digits.slice(8, 16), 16) | 0];
}
