/**
 * The space-time diagram of a run of processes: a line down the page for each process, time running down, a row for each
 * step, and an arrow for each message from the row that sent it to the row that received it.
 */

import type { AnyTagged } from '../../model/contract/protocol.ts';
import type { ProcessInstance } from '../../model/contract/system.ts';
import type { TraceEvent } from '../../model/contract/trace.ts';
import type { Run } from '../replay.ts';
import { actorOf } from './account.ts';
import type { Ending } from './ending.ts';
import { type Flight, flightsOf } from './flights.ts';
import { type Formatter, formatterOf } from './format.ts';
import { type Attributes, element, picture, textElement, textWidth, wrapPixels } from './svg.ts';
import { label } from './wording.ts';

const INK = '#1f2937';
const FAINT = '#e5e7eb';
const GREY = '#6b7280';
const BLUE = '#1d4ed8';
const RED = '#c81e1e';
const GREEN = '#15803d';
const AMBER = '#b45309';

const SIZE = 12;
const SMALL = 10;
const LINE = 14;
const TOP = 54;
const NARROWEST = 150;
const WIDEST_LABEL = 190;
const DOT = 4;
const PILL = 17;

/** White around a text, so that it can be read across a line. */
const HALO: Attributes = { stroke: '#ffffff', 'stroke-width': 4, 'stroke-linejoin': 'round', 'paint-order': 'stroke' };

type Side = 'left' | 'right';

/** A step in the diagram. */
interface Row {
  readonly number: number;
  readonly event: TraceEvent | null;
  /** The column of the process that takes the step; null when the environment does. */
  readonly column: number | null;
  readonly side: Side;
  readonly lines: readonly string[];
  /** What the process tells others than processes, under its dot. */
  readonly told: readonly string[];
  /** Messages sent in this row that never arrive, by the side on which they leave. */
  readonly pending: readonly Pending[];
  /** The height at which the step takes place. */
  readonly y: number;
}

interface Pending {
  readonly side: Side;
  readonly text: string;
}

interface Layout {
  readonly rows: readonly Row[];
  readonly xs: readonly number[];
  readonly columns: readonly string[];
  readonly width: number;
  readonly bottom: number;
}

export function processDiagram(instance: ProcessInstance, run: Run, ending: Ending): string {
  const format = formatterOf(instance);
  const flights = flightsOf(instance, run);
  const layout = layOut(instance, run, flights, format);
  const { rows, width, bottom } = layout;
  const caption = captionLines(ending, width);
  const content = [
    '<defs>',
    ...[BLUE, RED, GREY, AMBER, GREEN].map(arrowHead),
    '</defs>',
    ...guides(layout),
    ...lifelines(layout, run),
    ...arrows(layout, flights, format),
    ...rows.map((row) => rowMarks(row, layout)),
    ...caption.map(({ text, attributes }, index) => textElement(16, bottom + 30 + index * 18, text, attributes)),
  ];
  return picture(width, bottom + 40 + caption.length * 18, ending.title, content);
}

function layOut(instance: ProcessInstance, run: Run, flights: readonly Flight[], format: Formatter): Layout {
  const columns = instance.processes.map(({ id }) => id);
  const drafts = [
    ...startRow(run, flights, format),
    ...run.steps.map((step, index) => stepRow(step, index, columns, format)),
  ];
  let y = TOP;
  const rows = drafts.map((draft): Row => {
    const pending = pendingOf(draft.number, flights, columns, format);
    y += 12 + Math.max(1, draft.lines.length) * LINE;
    const row = { ...draft, pending, y };
    y += draft.told.length * (PILL + 2) + (pending.length > 0 ? 8 : 2);
    return row;
  });
  const inner = Math.max(0, ...rows.map((row) => labelWidth(row)));
  const gap = Math.max(NARROWEST, inner + 34);
  const outer = (column: number, side: Side) =>
    Math.max(
      30,
      ...rows.filter((row) => row.column === column && row.side === side).map((row) => labelWidth(row) + 28),
    );
  const left = 40 + outer(0, 'left');
  const xs = columns.map((_, index) => left + index * gap);
  const width = (xs.at(-1) ?? left) + outer(columns.length - 1, 'right') + 12;
  return { rows, xs, columns, width: Math.max(width, 320), bottom: y + 16 };
}

function labelWidth({ lines, pending }: Row): number {
  return Math.max(
    0,
    ...lines.map((text) => textWidth(text, SIZE)),
    ...pending.map(({ text }) => textWidth(text, SMALL) + 20),
  );
}

/** What happened when the processes started, if anything of it is to be seen. */
function startRow({ initial }: Run, flights: readonly Flight[], format: Formatter): Omit<Row, 'y' | 'pending'>[] {
  const told = initial.starts.flatMap(({ effects }) => toldBy(effects, format));
  if (told.length === 0 && !flights.some(({ sent }) => sent === 0)) return [];
  return [{ number: 0, event: null, column: null, side: 'right', lines: [], told: [] }];
}

function stepRow(
  { event, effects }: Run['steps'][number],
  index: number,
  columns: readonly string[],
  format: Formatter,
): Omit<Row, 'y' | 'pending'> {
  const actor = actorOf(event);
  const column = actor === null ? null : columns.indexOf(actor);
  const lines = wrapPixels(label(event, format), SIZE, WIDEST_LABEL);
  return { number: index + 1, event, column, side: sideOf(event, columns), lines, told: toldBy(effects, format) };
}

/** A label stands on the side from which no arrow comes. */
function sideOf(event: TraceEvent, columns: readonly string[]): Side {
  if (!('process' in event)) return 'right';
  const at = columns.indexOf(event.process);
  if (event.type === 'receive') return columns.indexOf(event.from) < at ? 'right' : 'left';
  if (event.type === 'linkDown' || event.type === 'linkUp') return columns.indexOf(event.peer) < at ? 'right' : 'left';
  return at < (columns.length - 1) / 2 ? 'left' : 'right';
}

function toldBy(effects: Run['steps'][number]['effects'], format: Formatter): string[] {
  return effects.flatMap((effect) => {
    if (effect.type === 'indicate') return [format.tagged(effect.indication)];
    if (effect.type === 'respond') return [`${effect.client}: ${format.tagged(effect.response)}`];
    return [];
  });
}

function pendingOf(
  number: number,
  flights: readonly Flight[],
  columns: readonly string[],
  format: Formatter,
): Pending[] {
  return (['left', 'right'] as const).flatMap((side) => {
    const byMessage = new Map<string, string[]>();
    for (const { sent, end, origin, from, to, message } of flights) {
      if (sent !== number || end !== 'in flight' || origin !== 'sent' || sideTowards(from, to, columns) !== side)
        continue;
      const text = format.tagged(message);
      byMessage.set(text, [...(byMessage.get(text) ?? []), to]);
    }
    const texts = [...byMessage].map(([text, to]) => `${text} to ${to.join(', ')}`);
    return texts.length === 0 ? [] : [{ side, text: texts.join('; ') }];
  });
}

function sideTowards(from: string, to: string, columns: readonly string[]): Side {
  return columns.indexOf(from) < columns.indexOf(to) ? 'right' : 'left';
}

function guides({ rows, xs, columns, width }: Layout): string[] {
  return [
    ...rows.flatMap(({ number, y }) => [
      element('line', { x1: 34, y1: y, x2: width - 12, y2: y, stroke: FAINT, 'stroke-dasharray': '1 5' }),
      textElement(26, y + 4, number === 0 ? 'start' : String(number), {
        'text-anchor': 'end',
        fill: GREY,
        'font-size': number === 0 ? SMALL : 11,
      }),
    ]),
    ...columns.map((id, index) => {
      const half = textWidth(id, 13) / 2 + 12;
      const x = xs[index] ?? 0;
      return (
        element('rect', { x: x - half, y: 16, width: half * 2, height: 24, rx: 6, fill: INK }) +
        textElement(x, 33, id, { 'text-anchor': 'middle', fill: '#ffffff', 'font-size': 13, 'font-weight': 'bold' })
      );
    }),
  ];
}

/** The lines of the processes, broken while a process is down. */
function lifelines({ rows, xs, columns, bottom }: Layout, run: Run): string[] {
  return columns.flatMap((id, index) => {
    const x = xs[index] ?? 0;
    const turns = rows.filter(
      ({ event }) => event !== null && (event.type === 'crash' || event.type === 'recover') && event.process === id,
    );
    const ends = [40, ...turns.map(({ y }) => y), bottom];
    const downFirst = run.steps.length === 0 ? false : turns[0]?.event?.type === 'recover';
    return ends.slice(1).map((y2, part) => {
      const down = (part % 2 === 1) !== downFirst;
      const dashes: Attributes = down ? { stroke: '#fca5a5', 'stroke-dasharray': '2 6' } : { stroke: '#9ca3af' };
      return element('line', { x1: x, y1: ends[part] ?? 40, x2: x, y2, 'stroke-width': 1.5, ...dashes });
    });
  });
}

function arrows(layout: Layout, flights: readonly Flight[], format: Formatter): string[] {
  const { rows, xs, columns } = layout;
  const heights = new Map(rows.map(({ number, y }) => [number, y]));
  const x = (id: string) => xs[columns.indexOf(id)] ?? 0;
  const lostBefore = new Map<string, number>();
  return flights.map((flight) => {
    const { from, to, sent, ended, end, origin, message } = flight;
    const y1 = heights.get(sent) ?? TOP;
    const x1 = origin === 'duplicated' ? (x(from) + x(to)) / 2 : x(from);
    const title = hint(flight, format);
    if (end === 'in flight') return pendingArrow(x1, y1, Math.sign(x(to) - x1), title);
    const y2 = heights.get(ended ?? sent) ?? y1;
    if (end === 'received') return arrow({ x1, y1, x2: x(to), y2 }, BLUE, {}, title);
    const key = `${ended} ${from} ${to}`;
    const before = lostBefore.get(key) ?? 0;
    lostBefore.set(key, before + 1);
    const cross = { x: x1 + (x(to) - x1) * (0.6 - 0.12 * before), y: ended === sent ? y1 + 12 : y2 };
    return lostArrow({ x1, y1, x2: cross.x, y2: cross.y }, ended === sent, format.tagged(message), title);
  });
}

function hint({ from, to, message, end }: Flight, format: Formatter): string {
  return `${format.tagged(message)} from ${from} to ${to}: ${end === 'in flight' ? 'never received' : end}`;
}

interface Segment {
  readonly x1: number;
  readonly y1: number;
  readonly x2: number;
  readonly y2: number;
}

function arrow(segment: Segment, color: string, attributes: Attributes, title: string): string {
  const { x1, y1, x2, y2 } = shortened(segment, DOT + 2);
  const line = { x1, y1, x2, y2, stroke: color, 'stroke-width': 1.4, 'marker-end': `url(#head-${color.slice(1)})` };
  return element('line', { ...line, ...attributes }, element('title', {}, escapeTitle(title)));
}

/** A message that is on its way when the run ends: it leaves, and fades. */
function pendingArrow(x1: number, y1: number, direction: number, title: string): string {
  const segment = { x1, y1, x2: x1 + direction * 52, y2: y1 + 12 };
  return arrow(segment, GREY, { 'stroke-dasharray': '3 3', opacity: 0.75 }, title);
}

function lostArrow(segment: Segment, atOnce: boolean, text: string, title: string): string {
  const { x2: x, y2: y } = segment;
  const line = arrow(segment, RED, { 'stroke-dasharray': '5 3', 'marker-end': 'none' }, title);
  const words = { 'text-anchor': 'middle', fill: RED, 'font-size': SMALL, ...HALO };
  return line + cross(x, y, 4) + (atOnce ? textElement(x, y + 14, text, words) : '');
}

function shortened({ x1, y1, x2, y2 }: Segment, by: number): Segment {
  const length = Math.hypot(x2 - x1, y2 - y1) || 1;
  const [dx, dy] = [((x2 - x1) / length) * by, ((y2 - y1) / length) * by];
  return { x1: x1 + dx, y1: y1 + dy, x2: x2 - dx, y2: y2 - dy };
}
