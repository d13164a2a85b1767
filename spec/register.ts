/** A register: holds one value, which is read and written whole. */

import type { SequentialSpecification } from './linearizability.ts';
import { show } from './plain.ts';

export type RegisterOp<Value> = { readonly type: 'read' } | { readonly type: 'write'; readonly value: Value };

/** What a read gives; a write gives nothing: null. */
export type RegisterResult<Value> = Value | null;

export function register<Value>(
  initial: Value,
): SequentialSpecification<Value, RegisterOp<Value>, RegisterResult<Value>> {
  return {
    initial,
    apply: (state, op) => (op.type === 'read' ? { state, result: state } : { state: op.value, result: null }),
    describe: (op, result) => (op.type === 'read' ? `read -> ${show(result)}` : `write ${show(op.value)}`),
  };
}
