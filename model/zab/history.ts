/** What the properties of Zab remember: who has broadcast what, who has delivered what, who has led which epoch. */

import type { Deliveries, PrimaryBroadcasts } from '../../spec/broadcast.ts';
import { compareTexts } from '../../spec/text-order.ts';
import type { HistoryVariable, ObservedStep, ProcessId } from '../contract/index.ts';
import type { Zxid } from '../kernels/zxid.ts';
import { lengthTo, type State, type Transaction, type Value } from './zab.ts';

export interface History {
  /** In the order of epochs. */
  readonly broadcasts: readonly PrimaryBroadcasts<Value>[];
  /** Of each process since it was last started; what it delivered before counts as delivered by another one. */
  readonly delivered: Deliveries<Value>;
  /** Who has established each epoch: has chosen the history from which it begins. */
  readonly established: Readonly<Record<string, readonly ProcessId[]>>;
  /** What a follower was first told to deliver without having it. */
  readonly lacking: { readonly process: ProcessId; readonly zxid: Zxid } | null;
}

/** What is new in a step. */
interface Observation {
  readonly process: ProcessId;
  readonly recovered: boolean;
  readonly broadcast: { readonly epoch: number; readonly value: Value } | null;
  readonly delivered: readonly Value[];
  readonly established: number | null;
  readonly lacking: Zxid | null;
}

export const history: HistoryVariable<State, History> = {
  initial: { broadcasts: [], delivered: {}, established: {}, lacking: null },

  observe({ process, event, before, after, effects }: ObservedStep<State>): Observation | null {
    const delivered = effects.flatMap((effect) => (effect.type === 'indicate' ? [deliveredIn(effect.indication)] : []));
    const appended = event.type === 'request' && before !== null && after.history.length > before.history.length;
    const last = after.history.at(-1);
    const broadcast = appended && last !== undefined ? { epoch: last.zxid.epoch, value: last.value } : null;
    const epoch = establishedIn(after);
    const established = before === null || establishedIn(before) === epoch ? null : epoch;
    const lacking = lackingAt(event, after);
    const recovered = event.type === 'recover';
    const nothing =
      broadcast === null && delivered.length === 0 && established === null && lacking === null && !recovered;
    return nothing ? null : { process, recovered, broadcast, delivered, established, lacking };
  },

  next(past: History, { process, recovered, broadcast, ...news }: Observation): History {
    const delivered = recovered ? startingAnew(past.delivered, process) : past.delivered;
    const epoch = news.established;
    return {
      broadcasts:
        broadcast === null
          ? past.broadcasts
          : withBroadcast(past.broadcasts, process, broadcast, delivered[process] ?? []),
      delivered:
        news.delivered.length === 0
          ? delivered
          : { ...delivered, [process]: [...(delivered[process] ?? []), ...news.delivered] },
      established:
        epoch === null
          ? past.established
          : { ...past.established, [epoch]: [...new Set([...(past.established[epoch] ?? []), process])].sort() },
      lacking: past.lacking ?? (news.lacking === null ? null : { process, zxid: news.lacking }),
    };
  },
};

function withBroadcast(
  broadcasts: readonly PrimaryBroadcasts<Value>[],
  leader: ProcessId,
  { epoch, value }: { readonly epoch: number; readonly value: Value },
  delivered: readonly Value[],
): PrimaryBroadcasts<Value>[] {
  const own = (other: PrimaryBroadcasts<Value>) => other.epoch === epoch && other.leader === leader;
  const { messages, deliveredBefore } = broadcasts.find(own) ?? { messages: [], deliveredBefore: delivered };
  return [
    ...broadcasts.filter((other) => !own(other)),
    { epoch, leader, messages: [...messages, value], deliveredBefore },
  ].sort((a, b) => a.epoch - b.epoch || compareTexts(a.leader, b.leader));
}

function startingAnew(delivered: Deliveries<Value>, process: ProcessId): Deliveries<Value> {
  const { [process]: before, ...others } = delivered;
  if (before === undefined) return delivered;
  const times = Object.keys(others).filter((other) => other.startsWith(`${process} before`)).length;
  return { ...others, [`${process} before ${times + 1}`]: before };
}

function deliveredIn(indication: { readonly type: string }): Value {
  return (indication as { readonly type: 'deliver'; readonly transaction: Transaction }).transaction.value;
}

function establishedIn({ role }: State): number | null {
  return role.type === 'leading' && 'informed' in role ? role.epoch : null;
}

/** The zxid that a follower in phase 3 is told to deliver, when it is not in its history. */
function lackingAt(event: ObservedStep<State>['event'], { role, acceptedEpoch, history }: State): Zxid | null {
  if (event.type !== 'receive' || event.message.type !== 'Commit') return null;
  const { epoch, zxid } = event.message as { readonly type: 'Commit'; readonly epoch: number; readonly zxid: Zxid };
  const follows = role.type === 'following' && role.leader === event.from && role.phase === 'broadcast';
  return follows && acceptedEpoch === epoch && lengthTo(history, zxid) === 0 ? zxid : null;
}
