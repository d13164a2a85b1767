/** A key-value store: get, put, delete, compare-and-set, each of one key. */

import { type Batch, linearizable, type SequentialSpecification } from './linearizability.ts';
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

export type KeyValues = ReadonlyMap<string, string>;

export const keyValue: SequentialSpecification<KeyValues, KeyValueOp, KeyValueResult> = {
  initial: new Map(),
  apply(state, op) {
    const batch = new KeyValueBatch(state);
    const result = batch.apply(op);
    return { state: batch.state, result };
  },
  batch: (state) => new KeyValueBatch(state),
  describe: (op, result) => `${describeOp(op)}${op.type === 'put' ? '' : ` -> ${show(result)}`}`,
};

/** The values are copied when the first of them is about to change. */
class KeyValueBatch implements Batch<KeyValues, KeyValueOp, KeyValueResult> {
  #own: Map<string, string> | null = null;

  constructor(private readonly begun: KeyValues) {}

  get state(): KeyValues {
    return this.#own ?? this.begun;
  }

  apply(op: KeyValueOp): KeyValueResult {
    const { key } = op;
    switch (op.type) {
      case 'get':
        return this.state.get(key) ?? null;
      case 'put':
        this.#changing().set(key, op.value);
        return null;
      case 'delete':
        return this.state.has(key) && this.#changing().delete(key);
      case 'compare-and-set': {
        const isExpected = (this.state.get(key) ?? null) === op.expected;
        if (isExpected) this.#changing().set(key, op.value);
        return isExpected;
      }
    }
  }

  #changing(): Map<string, string> {
    this.#own ??= new Map(this.begun);
    return this.#own;
  }
}

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
