/**
 * Recordings: what one node of a running system did, step by step, as a text of JSON lines that is only ever appended to.
 *
 * A node writes one file, `<node>.trace.jsonl`, over all its incarnations (an incarnation is a run of the node from its
 * start to its end or crash). There are three kinds of line:
 *
 * - A *header* begins an incarnation: who runs what, and the durable state as it was read back.
 * - A *step* is an event as it was handed to the transition function, and what came of it. Steps are numbered from 1 in
 *   each incarnation, without gaps; the first is `start` or `recover`. Events that change nothing are recorded too, for
 *   over FIFO links each receipt is a transition.
 * - A *mark*, `{"persisted": n}`, says that what the steps up to n have changed is on disk. It is written before the first
 *   effect of any of these steps leaves the node; and an effect leaves only when such a mark covers its step.
 *
 * So after a crash the durable state that the next header shows is that of the last marked step or of a later one: steps
 * behind the last mark may be lost, and then it is as if they had never happened, for nobody has seen an effect of theirs.
 *
 * The *cause* of a received message names the step that sent it and which of that step's effects it was. Together with the
 * order of each node's own steps that is the causal order of the run. Sessions are named the same at both ends, and no two
 * sessions of a run have the same name. Every session is down when an incarnation begins; a step of a node sends over the
 * session whose linkUp it has seen last, or into the void if it has seen its linkDown since (or none).
 *
 * A kill can tear the last line; a restarted node then begins its header on a new line. A recording that could not be
 * continued, because the disk was full, is given another name, and the next incarnation begins a new file.
 */

import { z } from 'zod';
import { fromJson, fromJsonText, jsonText, toJson } from './data.ts';
import { UsageError } from './errors.ts';
import type { ParameterValue } from './parameter.ts';
import { type Patch, patchesFromJson } from './patches.ts';
import type { ProcessId } from './protocol.ts';
import { isBeginning, isStep } from './recorded-step.ts';
import type { Effect, ProcessEvent } from './step.ts';

/** The first line of an incarnation. */
export interface RecordingHeader {
  /** The name of the cluster: nodes of different ones never talk. */
  readonly cluster: string;
  /** The system's name, or the path of the file that exports it. */
  readonly system: string;
  readonly parameters: Readonly<Record<string, ParameterValue>>;
  readonly mutant: string | null;
  readonly node: ProcessId;
  readonly protocol: string;
  readonly protocolVersion: number;
  /** Grows with each start of the node. */
  readonly incarnation: number;
  /** The durable part of the state as it was read back; null when nothing had ever been persisted. */
  readonly recovered: unknown;
  /** Wall clock, in milliseconds; for people, not for order. */
  readonly at: number;
}

/** Which step of which node sent a message, and at which place among that step's effects. */
export interface Cause {
  readonly from: ProcessId;
  readonly incarnation: number;
  readonly step: number;
  /** Counted from 0 among all effects of the step. */
  readonly index: number;
}

export interface RecordedStep {
  readonly step: number;
  readonly event: ProcessEvent;
  /** Of a receive. */
  readonly cause: Cause | null;
  /** Of a receive, linkUp or linkDown: the session that it belongs to. */
  readonly session: string | null;
  readonly effects: readonly Effect[];
  /** What was written to disk of this step: the change of the durable part; null for none. */
  readonly durable: readonly Patch[] | null;
  /** Wall clock, in milliseconds; for people, not for order. */
  readonly at: number;
}

export type RecordingLine =
  | { readonly kind: 'header'; readonly header: RecordingHeader }
  | { readonly kind: 'step'; readonly step: RecordedStep }
  | { readonly kind: 'mark'; readonly persisted: number };

/** What came of a step. */
export type RecordedOutcome = Pick<RecordedStep, 'effects' | 'durable'>;

/** What the line of a step is expected to say of what came of this event; null when that is not known. */
export type Foretell = (event: ProcessEvent) => RecordedOutcome | null;

/** The version of the format, in the first field of a header. */
const FORMAT = 1;

const tagged = z.looseObject({ type: z.string() });
const count = z.int().min(1);

const headerSchema = z.strictObject({
  lockstepRecording: z.literal(FORMAT),
  cluster: z.string(),
  system: z.string(),
  parameters: z.record(z.string(), z.union([z.number(), z.string(), z.boolean()])),
  mutant: z.string().nullable(),
  node: z.string(),
  protocol: z.string(),
  protocolVersion: z.int(),
  incarnation: count,
  recovered: z.unknown(),
  at: z.number(),
});

const eventSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal(['start', 'recover']) }),
  z.strictObject({ type: z.literal('receive'), from: z.string(), message: tagged }),
  z.strictObject({ type: z.literal('timeout'), timer: z.string() }),
  z.strictObject({ type: z.literal('request'), client: z.string(), request: tagged }),
  z.strictObject({ type: z.literal(['linkDown', 'linkUp']), peer: z.string() }),
]);

const effectSchema = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('send'), to: z.string(), message: tagged }),
  z.strictObject({ type: z.literal(['setTimer', 'cancelTimer']), timer: z.string() }),
  z.strictObject({ type: z.literal('respond'), client: z.string(), response: tagged }),
  z.strictObject({ type: z.literal('indicate'), indication: tagged }),
]);

const patchSchema = z.strictObject({
  op: z.enum(['add', 'remove', 'replace']),
  path: z.array(z.union([z.string(), z.number()])),
  value: z.unknown().optional(),
});

export const stepSchema = z.strictObject({
  step: count,
  event: eventSchema,
  cause: z.strictObject({ from: z.string(), incarnation: count, step: count, index: z.int().min(0) }).optional(),
  session: z.string().optional(),
  effects: z.array(effectSchema),
  durable: z.array(patchSchema).optional(),
  at: z.number(),
});

const markSchema = z.strictObject({ persisted: count });

/** A mark as a recorder writes it. */
const MARK = /^\{"persisted":([1-9]\d{0,14})\}$/;

/** A header as a line, without its end. */
export function printHeader(header: RecordingHeader): string {
  return JSON.stringify({ lockstepRecording: FORMAT, ...header, recovered: toJson(header.recovered) });
}

/** A step as a line, without its end. What is null is left out. */
export function printStep({ step, event, cause, session, effects, durable, at }: RecordedStep): string {
  const beginning = jsonText({
    step,
    event,
    ...(cause === null ? {} : { cause }),
    ...(session === null ? {} : { session }),
  });
  return `${beginning.slice(0, -1)}${printOutcome({ effects, durable })},"at":${at}}`;
}

/** What came of a step, as it stands in its line. */
function printOutcome({ effects, durable }: RecordedOutcome): string {
  const written = durable === null ? '' : `,"durable":${jsonText(durable)}`;
  return `${OUTCOME}${jsonText(effects)}${written}`;
}

/** How what came of a step begins. In JSON this stands nowhere but where a field begins. */
const OUTCOME = ',"effects":';
/** What stands behind it. */
const ENDING = /^,"at":(-?(?:0|[1-9]\d*)(?:\.\d+)?(?:e[+-]?\d+)?)\}$/;

/** A mark as a line, without its end. */
export function printMark(persisted: number): string {
  return `{"persisted":${persisted}}`;
}

/**
 * Reads one line of a recording.
 *
 * @param where the file and line, for the message
 * @param foretell for lines by the hundred thousand: a line that says of a step, word by word, what is foretold is not read
 *   any further, and the step has that very outcome. The event may be one that cannot happen.
 * @throws UsageError when it is not JSON or not a line of a recording; the message names the first field that is wrong.
 */
export function readRecordingLine(line: string, where: string, foretell?: Foretell): RecordingLine {
  const mark = MARK.exec(line);
  if (mark !== null) return { kind: 'mark', persisted: Number(mark[1]) };
  const foretold = foretell === undefined ? null : asForetold(line, foretell);
  if (foretold !== null) return { kind: 'step', step: foretold };
  let json: unknown;
  try {
    json = JSON.parse(line);
  } catch {
    throw new UsageError(`${where} is not a line of a recording: it is not JSON (or was cut off)`);
  }
  if (typeof json !== 'object' || json === null) throw new UsageError(`${where} is not a line of a recording`);
  if ('step' in json) {
    const { step, event, cause, session, effects, durable, at } = isStep(json)
      ? json
      : checked(stepSchema, json, where);
    return {
      kind: 'step',
      step: {
        step,
        event: fromJsonText(line, event) as ProcessEvent,
        cause: cause ?? null,
        session: session ?? null,
        effects: fromJsonText(line, effects) as Effect[],
        durable: durable === undefined ? null : patchesFromJson(durable as Patch[]),
        at,
      },
    };
  }
  if ('persisted' in json) return { kind: 'mark', ...checked(markSchema, json, where) };
  const { lockstepRecording: _, recovered, ...header } = checked(headerSchema, json, where);
  return { kind: 'header', header: { ...header, recovered: fromJson(recovered) } };
}

/** The step of a line that says what is foretold of it; null for any other line. */
function asForetold(line: string, foretell: Foretell): RecordedStep | null {
  const at = line.indexOf(OUTCOME);
  if (at === -1) return null;
  const begun = `${line.slice(0, at)}}`;
  let beginning: unknown;
  try {
    beginning = JSON.parse(begun);
  } catch {
    return null;
  }
  if (!isBeginning(beginning)) return null;
  const { step, cause = null, session = null } = beginning;
  const event = fromJsonText(begun, beginning.event) as ProcessEvent;
  const outcome = foretell(event);
  if (outcome === null) return null;
  const text = printOutcome(outcome);
  const end = at + text.length;
  // Cut out and compared whole: V8's `startsWith` goes character by character.
  if (line.slice(at, end) !== text) return null;
  const ending = ENDING.exec(line.slice(end));
  return ending === null ? null : { step, event, cause, session, ...outcome, at: Number(ending[1]) };
}

function checked<T>(schema: z.ZodType<T>, json: unknown, where: string): T {
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  const field = issue === undefined || issue.path.length === 0 ? '' : ` at ${issue.path.map(String).join('.')}`;
  throw new UsageError(`${where} is not a line of a recording of format ${FORMAT}:${field} ${issue?.message ?? ''}`);
}
