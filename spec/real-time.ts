/**
 * Histories of recorded runs: operations with the times at which they were invoked and returned, all by one clock.
 *
 * An operation precedes another when it returned before the other was invoked (Herlihy and Wing 1990, section 2.1). Equal
 * times order nothing, for a clock may be too coarse to tell; the operations of one client keep their order even then.
 */

import type { Completed, History, Invoked, Sequence } from './linearizability.ts';

export type RecordedOperation<Op, Result> = {
  readonly client: string;
  readonly op: Op;
  readonly invokedAt: number;
} & (
  | { readonly returnedAt: number; readonly result: Result }
  /** Pending: the client has had no answer, and may never get one. */
  | { readonly returnedAt: null }
);

/**
 * The history of a recorded run. A client that invokes an operation while another one is pending (it gave up on that)
 * goes on in a new sequence, for the two may take effect in either order.
 *
 * @throws RangeError when an operation returned before it was invoked.
 */
export function realTime<Op, Result>(recorded: readonly RecordedOperation<Op, Result>[]): History<Op, Result> {
  const timelines: Timeline<Op, Result>[] = [];
  for (const operation of recorded.toSorted((a, b) => a.invokedAt - b.invokedAt)) {
    const { client, op, invokedAt, returnedAt } = operation;
    if (returnedAt !== null && returnedAt < invokedAt) {
      throw new RangeError(
        `an operation of ${client} returned at ${returnedAt}, before it was invoked at ${invokedAt}`,
      );
    }
    const own = timelineFor(timelines, client, invokedAt);
    const after = newlyBefore(timelines, own, invokedAt);
    if (returnedAt === null) {
      own.pending = { op, after };
    } else {
      own.completed.push({ op, after, result: operation.result });
      own.returns.push(returnedAt);
    }
  }
  return timelines;
}

/** A sequence of operations while it is made. */
interface Timeline<Op, Result> extends Sequence<Op, Result> {
  readonly completed: Completed<Op, Result>[];
  pending: Invoked<Op> | null;
  /** When each completed operation returned. */
  readonly returns: number[];
  /** How many of them had returned before the latest invocation of all. */
  ended: number;
  /** Of each timeline, how many operations come before the latest one of this. */
  readonly known: number[];
}

function timelineFor<Op, Result>(timelines: Timeline<Op, Result>[], client: string, now: number): Timeline<Op, Result> {
  const free = timelines.find(
    (timeline) => timeline.client === client && timeline.pending === null && (timeline.returns.at(-1) ?? now) <= now,
  );
  if (free !== undefined) return free;
  const fresh: Timeline<Op, Result> = { client, completed: [], pending: null, returns: [], ended: 0, known: [] };
  timelines.push(fresh);
  return fresh;
}

/** What precedes the operation that `own` invokes now, and did not precede the one before it. */
function newlyBefore<Op, Result>(timelines: readonly Timeline<Op, Result>[], own: Timeline<Op, Result>, now: number) {
  const after: { sequence: number; count: number }[] = [];
  for (const [sequence, other] of timelines.entries()) {
    while ((other.returns[other.ended] ?? now) < now) other.ended++;
    if (other === own || other.ended <= (own.known[sequence] ?? 0)) continue;
    own.known[sequence] = other.ended;
    after.push({ sequence, count: other.ended });
  }
  return after;
}
