/**
 * Histories without times: of each client, its operations in order, each with what every other client had completed when
 * it was invoked. This says as much of real time as linearizability needs, and stays the same however long anything
 * took: fit to be part of a state.
 *
 * Source: the linearizability tester of Stateright (src/semantics/linearizability.rs).
 */

import type { History } from './linearizability.ts';

/** An operation as its client sees it when it invokes it. */
export interface InvokedOperation<Op> {
  readonly op: Op;
  /** The index of the last operation that each other client had completed by then; clients without one are not named. */
  readonly after: Readonly<Record<string, number>>;
}

export interface CompletedOperation<Op, Result> extends InvokedOperation<Op> {
  readonly result: Result;
}

export interface ClientOperations<Op, Result> {
  readonly completed: readonly CompletedOperation<Op, Result>[];
  readonly inFlight: InvokedOperation<Op> | null;
}

export type ClientOrder<Op, Result> = Readonly<Record<string, ClientOperations<Op, Result>>>;

const none = { completed: [], inFlight: null };

/**
 * Records that a client invokes an operation.
 *
 * @throws RangeError when it has one in flight.
 */
export function invoke<Op, Result>(clients: ClientOrder<Op, Result>, client: string, op: Op): ClientOrder<Op, Result> {
  const { completed, inFlight } = clients[client] ?? none;
  if (inFlight !== null) throw new RangeError(`${client} invokes an operation while another is in flight`);
  const after = Object.entries(clients)
    .filter(([other, operations]) => other !== client && operations.completed.length > 0)
    .map(([other, operations]) => [other, operations.completed.length - 1] as const);
  return { ...clients, [client]: { completed, inFlight: { op, after: Object.fromEntries(after) } } };
}

/**
 * Records that a client's operation returns.
 *
 * @throws RangeError when it has none in flight.
 */
export function complete<Op, Result>(
  clients: ClientOrder<Op, Result>,
  client: string,
  result: Result,
): ClientOrder<Op, Result> {
  const { completed, inFlight } = clients[client] ?? none;
  if (inFlight === null) throw new RangeError(`an operation of ${client} returns, but none is in flight`);
  return { ...clients, [client]: { completed: [...completed, { ...inFlight, result }], inFlight: null } };
}

/** The same as a history that can be checked. */
export function clientOrder<Op, Result>(clients: ClientOrder<Op, Result>): History<Op, Result> {
  const names = Object.keys(clients).sort();
  const invoked = ({ op, after }: InvokedOperation<Op>) => ({
    op,
    after: Object.entries(after).map(([client, last]) => ({ sequence: names.indexOf(client), count: last + 1 })),
  });
  return names.map((client) => {
    const { completed, inFlight } = clients[client] ?? none;
    return {
      client,
      completed: completed.map((operation) => ({ ...invoked(operation), result: operation.result })),
      pending: inFlight === null ? null : invoked(inFlight),
    };
  });
}
