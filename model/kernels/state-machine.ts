/**
 * State machines to replicate: deterministic objects, given by their sequential specification and the schemas of what
 * their operations and results look like on the wire.
 */

import { journal } from '../../spec/journal.ts';
import { type KeyValueOp, type KeyValueResult, keyValue } from '../../spec/key-value.ts';
import type { SequentialSpecification } from '../../spec/linearizability.ts';
import { z } from '../contract/index.ts';

/** A state machine whose types have been forgotten: a log carries its operations without looking at them. */
export interface StateMachine {
  readonly specification: SequentialSpecification<unknown, unknown, unknown>;
  readonly op: z.ZodType;
  readonly result: z.ZodType;
}

const keyValueOp = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('get'), key: z.string() }),
  z.strictObject({ type: z.literal('put'), key: z.string(), value: z.string() }),
  z.strictObject({ type: z.literal('delete'), key: z.string() }),
  z.strictObject({
    type: z.literal('compare-and-set'),
    key: z.string(),
    expected: z.string().nullable(),
    value: z.string(),
  }),
]) satisfies z.ZodType<KeyValueOp>;

const keyValueResult = z.union([z.string(), z.boolean(), z.null()]) satisfies z.ZodType<KeyValueResult>;

/** By name: `journal` is for checking, `key-value` for use as well. */
export const stateMachines = {
  journal: machine(journal, z.string(), z.int().min(1)),
  'key-value': machine(keyValue, keyValueOp, keyValueResult),
} satisfies Readonly<Record<string, StateMachine>>;

export type StateMachineName = keyof typeof stateMachines;

function machine<State, Op, Result>(
  specification: SequentialSpecification<State, Op, Result>,
  op: z.ZodType<Op>,
  result: z.ZodType<Result>,
): StateMachine {
  return { specification: specification as SequentialSpecification<unknown, unknown, unknown>, op, result };
}

/** Operations to check a machine with, one after the other, such that each result shows what came before. */
export const sampleOperations: Readonly<Record<StateMachineName, readonly unknown[]>> = {
  journal: ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'i'],
  'key-value': [
    { type: 'put', key: 'x', value: 'a' },
    { type: 'get', key: 'x' },
    { type: 'compare-and-set', key: 'x', expected: 'a', value: 'b' },
    { type: 'delete', key: 'x' },
    { type: 'get', key: 'x' },
    { type: 'compare-and-set', key: 'x', expected: null, value: 'c' },
    { type: 'put', key: 'x', value: 'd' },
    { type: 'delete', key: 'x' },
    { type: 'get', key: 'x' },
  ] satisfies readonly KeyValueOp[],
};
