/** A key-value store: get, put, delete, compare-and-set, each of one key. */

import { type HashTrie, valueAt, withoutKey, withValue } from './hash-trie.ts';
import { linearizable, type SequentialSpecification } from './linearizability.ts';
import { show } from './plain.ts';
import type { Verdict } from './property.ts';
import { type RecordedOperation, realTime } from './real-time.ts';

export type KeyValueOp =
  | { readonly type: 'get'; readonly key: string }
  | { readonly type: 'put'; readonly key: string; readonly value: string }
  | { readonly type: 'delete'; readonly key: string }
  /** Sets the value if the key has the expected one; null: if it has none. */
  | {
      readonly type: 'compare-and-set';
      readonly key: string;
      readonly expected: string | null;
      readonly value: string;
    };

/**
 * Of a get the value, null for none; of a put nothing: null; of a delete whether there was a value; of a compare-and-set
 * whether the key had the expected one.
 */
export type KeyValueResult = string | boolean | null;

export type KeyValues = HashTrie<string>;

export const keyValue: SequentialSpecification<KeyValues, KeyValueOp, KeyValueResult> = {
  initial: new Map(),
  apply(state, op) {
    const { key } = op;
    const value = valueAt(state, key) ?? null;
    switch (op.type) {
      case 'get':
        return { state, result: value };
      case 'put':
        return { state: withValue(state, key, op.value), result: null };
      case 'delete':
        return { state: withoutKey(state, key), result: value !== null };
      case 'compare-and-set':
        if (value !== op.expected) return { state, result: false };
        return { state: withValue(state, key, op.value), result: true };
    }
  },
  describe: (op, result) => `${describeOp(op)}${op.type === 'put' ? '' : ` -> ${show(result)}`}`,
};

function describeOp(op: KeyValueOp): string {
  switch (op.type) {
    case 'put':
      return `put ${op.key} ${op.value}`;
    case 'compare-and-set':
      return `compare-and-set ${op.key} ${show(op.expected)} ${op.value}`;
    default:
      return `${op.type} ${op.key}`;
  }
}

/**
 * Whether a recorded run of a key-value store is linearizable. Keys are objects of their own, and a history is linearizable
 * when what happened to each object is (Herlihy and Wing 1990, section 3.1): so each key is judged alone.
 */
export function linearizableByKey(recorded: readonly RecordedOperation<KeyValueOp, KeyValueResult>[]): Verdict {
  const byKey = new Map<string, RecordedOperation<KeyValueOp, KeyValueResult>[]>();
  for (const operation of recorded) {
    const { key } = operation.op;
    const known = byKey.get(key);
    if (known === undefined) byKey.set(key, [operation]);
    else known.push(operation);
  }
  for (const operations of byKey.values()) {
    const verdict = linearizable(keyValue, realTime(operations.filter(isOfConsequence)));
    if (verdict !== true) return verdict;
  }
  return true;
}

/** A read that nobody has had an answer of constrains nothing. */
function isOfConsequence({ op, returnedAt }: RecordedOperation<KeyValueOp, KeyValueResult>): boolean {
  return op.type !== 'get' || returnedAt !== null;
}
