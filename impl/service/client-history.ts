/**
 * What clients have seen: a text of JSON lines, only ever appended to, from which it can be judged whether the service was
 * linearizable. The first line is a header; then, for each operation, an invocation and at most one line of its end:
 * `return` with the result, `fail` when it certainly was not executed. An operation without an end may have been executed,
 * or be executed later. Operations of one client have growing numbers; times are milliseconds, all by one clock.
 */

import { z } from 'zod';
import { UsageError } from '../../model/contract/errors.ts';
import { stateMachines } from '../../model/kernels/state-machine.ts';
import type { KeyValueOp, KeyValueResult } from '../../spec/key-value.ts';
import type { RecordedOperation } from '../../spec/real-time.ts';

export type HistoryEvent =
  | {
      readonly type: 'invoke';
      readonly client: string;
      readonly seq: number;
      readonly op: KeyValueOp;
      readonly at: number;
    }
  | {
      readonly type: 'return';
      readonly client: string;
      readonly seq: number;
      readonly value: KeyValueResult;
      readonly at: number;
    }
  | { readonly type: 'fail'; readonly client: string; readonly seq: number; readonly at: number };

/** Takes what clients see, in the order in which it happens. */
export type HistorySink = (event: HistoryEvent) => void;

/** The version of the format, and what the clients use, in the first line. */
export const HISTORY_HEADER = JSON.stringify({ lockstepHistory: 1, object: 'key-value' });

const { op, result } = stateMachines['key-value'];
const common = { client: z.string(), seq: z.int().min(1), at: z.number() };
const eventSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('invoke'), ...common, op }),
  z.strictObject({ type: z.literal('return'), ...common, value: result }),
  z.strictObject({ type: z.literal('fail'), ...common }),
]);

export function printHistoryEvent(event: HistoryEvent): string {
  return JSON.stringify(event);
}

/**
 * Reads a history back. A last line that a kill has torn is left out.
 *
 * @param source the file, for messages
 * @throws UsageError that names the first line that is wrong.
 */
export function readHistory(text: string, source: string): HistoryEvent[] {
  const lines = text.split('\n');
  if (lines[0] !== HISTORY_HEADER) {
    throw new UsageError(`${source} is not a history of clients: its first line is not ${HISTORY_HEADER}`);
  }
  // What stands behind the last end of line was not written to its end.
  return lines.slice(1, -1).map((line, at) => {
    const parsed = eventSchema.safeParse(jsonOf(line));
    if (parsed.success) return parsed.data as HistoryEvent;
    const [issue] = parsed.error.issues;
    throw new UsageError(
      `${source}:${at + 2} is not a line of a history: ${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}`,
    );
  });
}

function jsonOf(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

/**
 * The operations of a history, each with its end. Those that certainly were not executed are left out.
 *
 * @throws UsageError when an operation ends that was not invoked, or is invoked twice.
 */
export function operationsOf(events: readonly HistoryEvent[]): RecordedOperation<KeyValueOp, KeyValueResult>[] {
  const operations = new Map<string, RecordedOperation<KeyValueOp, KeyValueResult>>();
  for (const event of events) {
    const name = `${event.client} ${event.seq}`;
    const invoked = operations.get(name);
    if (event.type === 'invoke') {
      if (invoked !== undefined) throw new UsageError(`operation ${event.seq} of ${event.client} is invoked twice`);
      operations.set(name, { client: event.client, op: event.op, invokedAt: event.at, returnedAt: null });
      continue;
    }
    if (invoked === undefined) throw new UsageError(`operation ${event.seq} of ${event.client} ends before it begins`);
    if (event.type === 'fail') operations.delete(name);
    else operations.set(name, { ...invoked, returnedAt: event.at, result: event.value });
  }
  return [...operations.values()];
}
