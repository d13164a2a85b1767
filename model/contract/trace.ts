/**
 * Traces: lists of events with who took them. The one format for a counterexample, a simulation, a recorded run and a
 * scripted scenario: whatever has a trace can be replayed, shown, exported and checked.
 */

import { z } from 'zod';
import { canonical, fromJson, toJson } from './data.ts';
import { UsageError } from './errors.ts';
import type { AnyTagged, ProcessId } from './protocol.ts';
import type { ProcessEvent } from './step.ts';

/** One transition of a system. */
export type TraceEvent =
  | { readonly type: 'request'; readonly process: ProcessId; readonly client: string; readonly request: AnyTagged }
  | { readonly type: 'receive'; readonly process: ProcessId; readonly from: ProcessId; readonly message: AnyTagged }
  | { readonly type: 'timeout'; readonly process: ProcessId; readonly timer: string }
  | { readonly type: 'crash'; readonly process: ProcessId }
  | { readonly type: 'recover'; readonly process: ProcessId }
  /** The environment loses or duplicates a message in flight. */
  | {
      readonly type: 'lose' | 'duplicate';
      readonly process: ProcessId;
      readonly from: ProcessId;
      readonly message: AnyTagged;
    }
  /** The session between two processes is lost; each learns of it later, by its own linkDown. */
  | { readonly type: 'cut'; readonly process: ProcessId; readonly peer: ProcessId }
  /** A new session between two processes; each learns of it by its own linkUp. */
  | { readonly type: 'connect'; readonly process: ProcessId; readonly peer: ProcessId }
  | { readonly type: 'linkDown' | 'linkUp'; readonly process: ProcessId; readonly peer: ProcessId }
  /** A named transition of a bare system; `state` tells apart successors that share a name. */
  | { readonly type: 'action'; readonly action: string; readonly state: unknown };

/**
 * What happens in a transition to the process that takes it, as its transition function gets it.
 *
 * @throws Error for a transition that runs no handler.
 */
export function happenedIn(event: TraceEvent): ProcessEvent {
  switch (event.type) {
    case 'receive':
      return { type: 'receive', from: event.from, message: event.message };
    case 'timeout':
      return { type: 'timeout', timer: event.timer };
    case 'request':
      return { type: 'request', client: event.client, request: event.request };
    case 'linkDown':
    case 'linkUp':
      return { type: event.type, peer: event.peer };
    case 'recover':
      return { type: 'recover' };
    default:
      throw new Error(`${event.type} runs no handler`);
  }
}

/** A run of a system from one of its initial states. */
export interface Trace {
  /** The system's name, or the path of the file that exports it. */
  readonly system: string;
  readonly parameters: Readonly<Record<string, number | string | boolean>>;
  readonly mutant: string | null;
  /** Which initial state, counted from 0; other than 0 only for a bare system. */
  readonly initial: number;
  readonly events: readonly TraceEvent[];
  /**
   * Of a run that goes on for ever (a lasso): the number of events before those that happen again and again, up to the
   * last one; the state is then the same again. As many as there are events: nothing happens any more.
   */
  readonly loop?: number;
  /** Why the trace is kept: the property that it violates or witnesses. */
  readonly property: string | null;
}

/** The version of the format, in its first field. */
const FORMAT = 1;

const tagged = z.looseObject({ type: z.string() });
const id = z.string();

const eventSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('request'), process: id, client: z.string(), request: tagged }),
  z.strictObject({ type: z.literal('receive'), process: id, from: id, message: tagged }),
  z.strictObject({ type: z.literal('timeout'), process: id, timer: z.string() }),
  z.strictObject({ type: z.literal('crash'), process: id }),
  z.strictObject({ type: z.literal('recover'), process: id }),
  z.strictObject({ type: z.literal(['lose', 'duplicate']), process: id, from: id, message: tagged }),
  z.strictObject({ type: z.literal(['cut', 'connect', 'linkDown', 'linkUp']), process: id, peer: id }),
  z.strictObject({ type: z.literal('action'), action: z.string(), state: z.unknown() }),
]);

const traceSchema = z.strictObject({
  lockstepTrace: z.literal(FORMAT),
  system: z.string(),
  parameters: z.record(z.string(), z.union([z.number(), z.string(), z.boolean()])),
  mutant: z.string().nullable(),
  property: z.string().nullable(),
  initial: z.int().min(0),
  loop: z.int().min(0).optional(),
  events: z.array(eventSchema),
});

/** The trace as a JSON document: one event a line, so that it can be read and compared. */
export function printTrace(trace: Trace): string {
  const { events, ...head } = traceToJson(trace);
  const lines = Object.entries(head).map(([key, value]) => `  ${JSON.stringify(key)}: ${JSON.stringify(value)},`);
  return [
    '{',
    ...lines,
    '  "events": [',
    events.map((event) => `    ${JSON.stringify(event)}`).join(',\n'),
    '  ]',
    '}',
    '',
  ].join('\n');
}

/** The trace as the value that {@link printTrace} prints. */
export function traceToJson({ system, parameters, mutant, property, initial, loop, events }: Trace) {
  const repeated = loop === undefined ? {} : { loop };
  const head = { lockstepTrace: FORMAT, system, parameters, mutant, property, initial, ...repeated };
  return { ...head, events: events.map(toJson) };
}

/**
 * Reads a trace back.
 *
 * @throws UsageError when the text is not JSON or not a trace; the message names the first field that is wrong.
 */
export function parseTrace(text: string, source: string): Trace {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    throw new UsageError(`${source} is not a trace: it is not JSON (or was cut off)`);
  }
  const parsed = traceSchema.safeParse(json);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    const where = issue === undefined || issue.path.length === 0 ? '' : ` at ${issue.path.map(String).join('.')}`;
    throw new UsageError(`${source} is not a trace of format ${FORMAT}:${where} ${issue?.message ?? ''}`);
  }
  const { lockstepTrace: _, loop, events, ...rest } = parsed.data;
  if (loop !== undefined && loop > events.length)
    throw new UsageError(`${source} is not a trace: its loop begins behind its last event`);
  return {
    ...rest,
    ...(loop === undefined ? {} : { loop }),
    events: events.map((event) => fromJson(event) as TraceEvent),
  };
}

/** A text that is the same for equal events and orders unequal ones: the order in which ties are broken. */
export function eventKey(event: TraceEvent): string {
  return canonical(event);
}
