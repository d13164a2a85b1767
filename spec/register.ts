/** A register: holds one value, which is read and written whole. */

import { type AtomicObject, atomicObject } from './atomic-object.ts';
import type { SequentialSpecification } from './linearizability.ts';
import { show } from './plain.ts';
import type { Specification } from './refinement.ts';

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

/**
 * An atomic register, for systems that refine it: a write is seen by every read that takes effect after it.
 *
 * Source: Lamport, "On Interprocess Communication" (1986); with several writers, Herlihy and Wing (1990).
 */
export function atomicRegister<Value>(
  initial: Value,
): Specification<AtomicObject<Value, RegisterOp<Value>, RegisterResult<Value>>> {
  return atomicObject('an atomic register', register(initial));
}
