/** What the properties of the broadcasts remember: what was broadcast by whom, and what each process has delivered. */

import type { Deliveries, LedBroadcasts } from '../../spec/broadcast.ts';
import type { HistoryVariable, ObservedStep, ProcessId } from '../contract/index.ts';
import { NOOP, type Value } from './ordering.ts';

/** What a process has delivered at a sequence number. */
export interface Delivered {
  readonly seqno: number;
  readonly value: Value;
}

export interface History {
  /** By epoch, in their order. */
  readonly broadcasts: readonly LedBroadcasts<Value>[];
  readonly delivered: Deliveries<Delivered>;
}

/** What is new in a step. */
interface Observation {
  readonly process: ProcessId;
  readonly broadcast: { readonly epoch: number; readonly value: Value } | null;
  readonly delivered: readonly Delivered[];
}

/** `epochOf` is the epoch in which a process leads, null when it does not. */
export const broadcastHistory = <State>(epochOf: (state: State) => number | null): HistoryVariable<State, History> => ({
  initial: { broadcasts: [], delivered: {} },

  observe({ process, event, after, effects }: ObservedStep<State>): Observation | null {
    const delivered = effects.flatMap((effect) => (effect.type === 'indicate' ? [deliveredIn(effect.indication)] : []));
    const value = event.type === 'request' && effects.length > 0 ? broadcastIn(event.request) : null;
    const epoch = epochOf(after);
    const broadcast = value === null || epoch === null ? null : { epoch, value };
    return broadcast === null && delivered.length === 0 ? null : { process, broadcast, delivered };
  },

  next({ broadcasts, delivered }: History, { process, broadcast, ...news }: Observation): History {
    return {
      broadcasts: broadcast === null ? broadcasts : withBroadcast(broadcasts, process, broadcast),
      delivered:
        news.delivered.length === 0
          ? delivered
          : { ...delivered, [process]: [...(delivered[process] ?? []), ...news.delivered] },
    };
  },
});

function withBroadcast(
  broadcasts: readonly LedBroadcasts<Value>[],
  leader: ProcessId,
  { epoch, value }: { readonly epoch: number; readonly value: Value },
): LedBroadcasts<Value>[] {
  const earlier = broadcasts.find((other) => other.epoch === epoch)?.messages ?? [];
  const others = broadcasts.filter((other) => other.epoch !== epoch);
  return [...others, { epoch, leader, messages: [...earlier, value] }].sort((a, b) => a.epoch - b.epoch);
}

function deliveredIn(indication: { readonly type: string }): Delivered {
  const { seqno, value } = indication as { readonly type: 'deliver' } & Delivered;
  return { seqno, value };
}

function broadcastIn(request: { readonly type: string }): Value | null {
  return request.type === 'broadcast' ? (request as { readonly type: 'broadcast'; readonly value: Value }).value : null;
}

/** The commands that each process has delivered: without the noops. */
export function commands({ delivered }: History): Deliveries<Value> {
  return Object.fromEntries(
    Object.entries(delivered).map(([process, all]) => [
      process,
      all.map(({ value }) => value).filter((value) => value !== NOOP),
    ]),
  );
}

/** The sequence numbers at which each process has delivered. */
export function seqnos({ delivered }: History): Deliveries<number> {
  return Object.fromEntries(
    Object.entries(delivered).map(([process, all]) => [process, all.map(({ seqno }) => seqno)]),
  );
}
