/**
 * A run in the Informal Trace Format, which the tools of Apalache and Quint read.
 *
 * Source: Apalache, ADR-015, "Informal Trace Format in JSON". Integers are written as `#bigint`, as both tools do; `null`,
 * which the format does not have, as the variant `None` of Quint's option type; a number that is not whole as
 * `#unserializable`; an object with names that a record may not have as a `#map`.
 */

import { inCanonicalOrder } from '../../model/contract/data.ts';
import type { Instance } from '../../model/contract/system.ts';
import type { TraceEvent } from '../../model/contract/trace.ts';
import { replay } from '../replay.ts';
import type { InTransit, Link } from '../semantics/network.ts';
import type { GlobalState } from '../semantics/processes.ts';
import { captionLines, endingOf, type ReportedRun } from './ending.ts';
import { formatterOf, isRecord } from './format.ts';
import { headline } from './wording.ts';

export type ItfValue =
  | string
  | boolean
  | readonly ItfValue[]
  | { readonly '#bigint': string }
  | { readonly '#set': readonly ItfValue[] }
  | { readonly '#tup': readonly ItfValue[] }
  | { readonly '#map': readonly (readonly [ItfValue, ItfValue])[] }
  | { readonly '#unserializable': string }
  | { readonly [field: string]: ItfValue };

export interface ItfTrace {
  readonly '#meta': Readonly<Record<string, unknown>>;
  readonly vars: readonly string[];
  /** Of a run that goes on for ever: the state that the last one is the same as, and goes on like. */
  readonly loop?: number;
  readonly states: readonly Readonly<Record<string, unknown>>[];
}

const NONE: ItfValue = { tag: 'None', value: { '#tup': [] } };

/**
 * Of processes the variables are `processes`, `network` (and over `fifo` `sessions`), `spent`, the budgets used up so
 * far, `history` and `event`, what led to the state. Of a bare system they are the fields of its state, and `action`.
 *
 * @throws UsageError when the run does not fit the instance.
 */
export function traceToItf(instance: Instance, reported: ReportedRun): ItfTrace {
  const run = replay(instance, reported);
  const format = formatterOf(instance);
  const events = [null, ...run.steps.map(({ event }) => event)];
  const states = [run.initial.state, ...run.steps.map(({ after }) => after)];
  const variables = states.map((state, index) => variablesOf(instance, state, events[index] ?? null));
  const vars = [...new Set(variables.flatMap((values) => Object.keys(values)))];
  return {
    '#meta': {
      format: 'ITF',
      'format-description': 'https://apalache-mc.org/docs/adr/015adr-trace.html',
      source: reported.system ?? 'lockstep',
      description: captionLines(endingOf(instance, reported, run)).join(': '),
    },
    vars,
    ...(run.loop === null ? {} : { loop: run.loop }),
    states: variables.map((values, index) => {
      const event = events[index] ?? null;
      const action = event === null ? 'start' : headline(event, format);
      const complete = vars.map((name) => [name, values[name] ?? NONE]);
      return { '#meta': { index, action }, ...Object.fromEntries(complete) };
    }),
  };
}

function variablesOf(instance: Instance, state: unknown, event: TraceEvent | null): Record<string, ItfValue> {
  if (instance.kind === 'processes') return processVariables(state as GlobalState, event);
  const action = event?.type === 'action' ? event.action : 'start';
  const fields = isRecord(state) && Object.keys(state).every(isFieldName) ? state : { state };
  return { action, ...Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, toItf(value)])) };
}

function processVariables(
  { processes, transit, spent, history }: GlobalState,
  event: TraceEvent | null,
): Record<string, ItfValue> {
  const local = Object.entries(processes).map(([id, process]): [string, ItfValue] => [
    id,
    process.up
      ? { up: true, state: toItf(process.local.state), timers: toItf(new Set(process.local.timers)) }
      : { up: false, kept: toItf(process.kept) },
  ]);
  return {
    processes: { '#map': local },
    ...networkVariables(transit),
    spent: toItf(new Map(Object.entries(spent))),
    history: toItf(history),
    event: event === null ? { type: 'start' } : toItf(event),
  };
}

/** Messages in flight: in a set a set, in a bag a sequence in which some may be equal, over `fifo` a queue for each link. */
function networkVariables(transit: InTransit): Record<string, ItfValue> {
  if (transit.kind !== 'fifo')
    return { network: toItf(transit.kind === 'set' ? new Set(transit.messages) : transit.messages) };
  const { links } = transit;
  const perLink = (value: (link: Link) => unknown): ItfValue => ({
    '#map': Object.entries(links).map(([name, link]) => [{ '#tup': name.split('>') }, toItf(value(link))]),
  });
  return { network: perLink(({ queue }) => queue), sessions: perLink(({ session }) => session) };
}

function toItf(value: unknown): ItfValue {
  if (value === null || value === undefined) return NONE;
  if (typeof value === 'string' || typeof value === 'boolean') return value;
  if (typeof value === 'number')
    return Number.isInteger(value) ? { '#bigint': BigInt(value).toString() } : { '#unserializable': String(value) };
  if (Array.isArray(value)) return value.map(toItf);
  if (value instanceof Set) return { '#set': inCanonicalOrder(value).map(toItf) };
  if (value instanceof Map) return mapToItf(inCanonicalOrder(value.entries()));
  const entries = Object.entries(value);
  if (!entries.every(([name]) => isFieldName(name))) return mapToItf(entries);
  return Object.fromEntries(entries.map(([name, item]) => [name, toItf(item)]));
}

function mapToItf(entries: readonly (readonly [unknown, unknown])[]): ItfValue {
  return { '#map': entries.map(([key, item]) => [toItf(key), toItf(item)] as const) };
}

/** A record has no field `#...`, which would be part of the format, nor `tag`, which would make it a variant. */
function isFieldName(name: string): boolean {
  return name !== '' && name !== 'tag' && !name.startsWith('#');
}
