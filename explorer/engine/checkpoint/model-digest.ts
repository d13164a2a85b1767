/** A digest of what a model says, so that a checkpoint of another one is not mistaken for it. */

import { createHash } from 'node:crypto';
import type { Instance } from '../../../model/contract/system.ts';

/**
 * The hash of the source texts of all functions of an instance and of its plain values. What those functions call is not
 * in it: a search that is resumed also executes runs to some of its states again.
 */
export function modelDigest(instance: Instance): string {
  const hash = createHash('sha256');
  digest(instance, hash, new Set());
  return hash.digest('hex').slice(0, 16);
}

function digest(value: unknown, hash: ReturnType<typeof createHash>, above: Set<object>): void {
  if (typeof value === 'function') hash.update(`function ${value.toString()}\n`);
  if (typeof value !== 'object' || value === null) {
    if (typeof value !== 'function') hash.update(`${typeof value} ${String(value)}\n`);
    return;
  }
  if (above.has(value)) return;
  above.add(value);
  if (value instanceof Set || value instanceof Map) {
    for (const member of value) digest(member, hash, above);
  } else if (Array.isArray(value) || Object.getPrototypeOf(value) === Object.prototype) {
    hash.update(`${Array.isArray(value) ? '[' : '{'}\n`);
    for (const [key, item] of Object.entries(value)) {
      hash.update(`${key}\n`);
      digest(item, hash, above);
    }
  }
  above.delete(value);
}
