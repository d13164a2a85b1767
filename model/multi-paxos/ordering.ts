/**
 * What is common to the three stages of Multi-Paxos: values that are ordered, and delivered without gaps.
 *
 * Source: the lecture on coordinating distributed systems (Eurecom), slide "Simplified Paxos", its last clause.
 */

import { type Draft, type Process, type Tagged, z } from '../contract/index.ts';

/** Fills a hole: a command that does nothing, which the application skips and no client broadcasts. */
export const NOOP = 'noop';

export const Value = z.string();
export type Value = z.infer<typeof Value>;

export const Seqno = z.int().min(1);

export const indications = {
  /** To the application: next in the total order. */
  deliver: { seqno: Seqno, value: Value },
};

export interface Ordering {
  /** Durable: the value at each sequence number where it is known to be final. */
  readonly ordered: Readonly<Record<string, Value>>;
  /** Durable, with the application's state: everything up to this sequence number has been delivered. */
  readonly delivered: number;
}

export const nothingOrdered: Ordering = { ordered: {}, delivered: 0 };

/** The rule of delivery. A mutant replaces it. */
export const soundRules = {
  /** Which sequence number is delivered after the last one that was. */
  nextToDeliver: (delivered: number, _ordered: readonly number[]): number => delivered + 1,
};

/**
 * The value is final at its sequence number. Upon exists sno: ordered[sno] is set and delivered[sno] is not, and every
 * lower one has been delivered: delivers it.
 */
export function order(
  state: Draft<Ordering>,
  seqno: number,
  value: Value,
  { indicate }: Pick<Process<never, never, never, Tagged<typeof indications>>, 'indicate'>,
  rules: typeof soundRules,
): void {
  state.ordered[seqno] = value;
  for (;;) {
    const next = rules.nextToDeliver(state.delivered, Object.keys(state.ordered).map(Number));
    const final = state.ordered[next];
    if (final === undefined) return;
    state.delivered = next;
    indicate({ type: 'deliver', seqno: next, value: final });
  }
}
