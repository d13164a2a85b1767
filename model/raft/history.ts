/** The history variable of Raft: who has led, what has been applied, and what the clients have seen. No guard reads it. */

import { type ClientOrder, complete, invoke } from '../../spec/client-order.ts';
import type { AppliedEntry } from '../../spec/raft.ts';
import type { Sequence } from '../../spec/sequence-consensus.ts';
import { equal, type HistoryVariable, type ObservedStep, type ProcessId, withMember } from '../contract/index.ts';
import type { Entry, Indication, Response, State } from './state.ts';

export interface History {
  /** The servers that have ever led in each term. */
  readonly leaders: Readonly<Record<number, ReadonlySet<ProcessId>>>;
  /** Each entry that has been applied at an index, once, by whoever was the first. */
  readonly applied: ReadonlySet<Applied>;
  /** Each client's operation, and its result once there is one. */
  readonly clients: ClientOrder<unknown, unknown>;
  /** Each result that a client has been given: more than one if they differ. */
  readonly results: Readonly<Record<string, ReadonlySet<unknown>>>;
}

export interface Applied extends AppliedEntry {
  readonly entry: Entry;
}

/** What is new in a step. */
interface Observation {
  readonly process: ProcessId;
  /** The term in which the process has begun to lead. */
  readonly leads: number | null;
  readonly applied: readonly Applied[];
  readonly asked: { readonly client: string; readonly op: unknown } | null;
  readonly answered: readonly { readonly client: string; readonly result: unknown }[];
}

export const history: HistoryVariable<State, History> = {
  initial: { leaders: {}, applied: new Set(), clients: {}, results: {} },

  observe({ process, event, after, effects }: ObservedStep<State>): Observation | null {
    let leads: number | null = null;
    const applied: Applied[] = [];
    const answered: { client: string; result: unknown }[] = [];
    for (const effect of effects) {
      if (effect.type === 'indicate') {
        const indication = effect.indication as Indication;
        if (indication.type === 'lead') leads = indication.term;
        else applied.push({ index: indication.index, entry: indication.entry, term: after.currentTerm });
      } else if (effect.type === 'respond') {
        const response = effect.response as Response;
        if (response.type === 'executed') answered.push({ client: effect.client, result: response.result });
      }
    }
    const asked = event.type === 'request' ? { client: event.client, op: event.request.op } : null;
    const isNews = leads !== null || applied.length > 0 || asked !== null || answered.length > 0;
    return isNews ? { process, leads, applied, asked, answered } : null;
  },

  next(before: History, { process, leads, applied, asked, answered }: Observation): History {
    let { leaders, clients, results } = before;
    if (leads !== null) leaders = { ...leaders, [leads]: withMember(leaders[leads] ?? new Set(), process) };
    // A client that asks again is still in its one operation.
    if (asked !== null && clients[asked.client] === undefined) clients = invoke(clients, asked.client, asked.op);
    for (const { client, result } of answered) {
      if (clients[client]?.inFlight) clients = complete(clients, client, result);
      results = { ...results, [client]: withMember(results[client] ?? new Set(), result) };
    }
    return { leaders, applied: applied.reduce(withApplied, before.applied), clients, results };
  },
};

function withApplied(known: ReadonlySet<Applied>, news: Applied): ReadonlySet<Applied> {
  const isKnown = [...known].some(({ index, entry }) => index === news.index && equal(entry, news.entry));
  return isKnown ? known : new Set([...known, news]);
}

/**
 * What is decided, as a refinement of sequence consensus: the names of the commands that have been applied, up to each entry
 * that has been; null where none has been.
 */
export function decidedSequences({ applied }: History): Sequence<string | null>[] {
  const all = [...applied];
  return all.map((last) =>
    Array.from({ length: last.index }, (_, place) => {
      const at = place + 1 === last.index ? last : all.find(({ index }) => index === place + 1);
      return at === undefined ? null : decidedBy(at.entry);
    }),
  );
}

/** What an entry decides, whatever the term in which it was appended: the request, which its client and number identify. */
export function decidedBy({ command }: Entry): string {
  return command === null ? 'no-op' : `${command.client}.${command.seq}`;
}
