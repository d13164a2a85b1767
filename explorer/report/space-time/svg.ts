/**
 * The space-time diagram of a run of processes: a line down the page for each process, time running down, a row for each
 * step, and an arrow for each message from the row that sent it to the row that received it.
 */

import type { ProcessInstance } from '../../../model/contract/system.ts';
import type { TraceEvent } from '../../../model/contract/trace.ts';
import type { Ending } from '../ending.ts';
import { type DrawnRun, type Flight, flightsOf } from '../flights.ts';
import { type Formatter, formatterOf } from '../format.ts';
import { AMBER, BLUE, ENDINGS, FAINT, GREEN, GREY, INK, PALE_GREEN, RED } from '../palette.ts';
import { caption, element, picture, textElement, textWidth } from '../svg.ts';
import { HEADING, LABEL, type Layout, LINE, layOut, type Row, stubLength, TOLD } from './layout.ts';
import { arrow, arrowHead, bentArrow, cross, dot, lifeline, rule, type Segment, words } from './shapes.ts';
import { type Loss, SMALL, STUB, STUB_FALL, type Stub } from './strays.ts';

export function processDiagram(instance: ProcessInstance, run: DrawnRun, ending: Ending): string {
  const format = formatterOf(instance);
  const flights = flightsOf(instance, run);
  const layout = layOut(instance, run, flights, format);
  const told = caption(ending, 16, layout.bottom + 26, layout.width - 32, ENDINGS[ending.kind]);
  return picture(layout.width, layout.bottom + 26 + told.height, ending.title, [
    element('defs', {}, [BLUE, GREY, GREEN, AMBER].map(arrowHead).join('')),
    ...layout.rows.map((row) => guide(row, layout)),
    ...repeated(run, layout),
    ...layout.columns.flatMap((id) => [...processLine(id, layout), heading(id, layout)]),
    ...arrows(layout, flights, format),
    ...layout.rows.map((row) => element('g', { id: `step-${row.number}` }, marks(row, layout).join(''))),
    told.markup,
  ]);
}

const NEAR = 9;
const BEND = 16;

/** The number of a step, and a faint line to whoever takes it. */
function guide({ number, y }: Row, { width }: Layout): string {
  const band = element('rect', { id: `band-${number}`, x: 0, y: y - 13, width, height: 26, fill: 'none' });
  const line = element('line', { x1: 34, y1: y, x2: width - 12, y2: y, stroke: FAINT, 'stroke-dasharray': '1 5' });
  const text = number === 0 ? 'start' : String(number);
  return (
    band +
    line +
    textElement(28, y + 4, text, { 'text-anchor': 'end', fill: GREY, 'font-size': number === 0 ? SMALL : 11 })
  );
}

/** The steps that are repeated for ever: a bracket beside them, from the last one back to the first. */
function repeated({ loop, steps }: DrawnRun, layout: Layout): string[] {
  if (loop === null) return [];
  const right = layout.width - 8;
  const note = (y: number, text: string) => words(right - 12, y, text, { fill: AMBER, 'text-anchor': 'end' });
  if (loop === steps.length) return [note(layout.bottom + 4, 'and nothing more, for ever')];
  const [top, bottom] = [layout.y(loop + 1) - 12, layout.y(steps.length) + 12];
  const d = `M${right - 10},${bottom} L${right},${bottom} L${right},${top} L${right - 8},${top}`;
  const look = { fill: 'none', stroke: AMBER, 'stroke-width': 2, 'marker-end': `url(#head-${AMBER.slice(1)})` };
  return [element('path', { id: 'loop', d, ...look }), note(bottom + 4, 'again and again')];
}

function heading(id: string, layout: Layout): string {
  const x = layout.x(id);
  const half = textWidth(id, HEADING) / 2 + 12;
  return (
    element('rect', { x: x - half, y: 14, width: half * 2, height: 24, rx: 6, fill: INK }) +
    textElement(x, 31, id, { 'text-anchor': 'middle', fill: '#ffffff', 'font-size': HEADING, 'font-weight': 'bold' })
  );
}

/** The line of a process, broken while it is down. */
function processLine(id: string, { rows, bottom, x }: Layout): string[] {
  const turns = rows.filter(
    ({ event, process }) => process === id && (event?.type === 'crash' || event?.type === 'recover'),
  );
  const ends = [38, ...turns.map(({ y }) => y), bottom];
  return ends.slice(1).map((y2, part) => lifeline(x(id), ends[part] ?? 38, y2, part % 2 === 0));
}

function arrows(layout: Layout, flights: readonly Flight[], format: Formatter): string[] {
  const { x, y } = layout;
  const received = flights.flatMap((flight) => {
    const { from, to, ended, end, message } = flight;
    if (end !== 'received' || ended === null) return [];
    const segment = { ...origin(flight, layout), x2: x(to), y2: y(ended) };
    const text = hint(format.tagged(message), from, to);
    const bend = bendOf(segment, layout);
    return [bend === 0 ? arrow(segment, BLUE, text) : bentArrow(segment, bend, BLUE, text)];
  });
  return [...received, ...layout.losses.map((loss) => lost(loss, layout, format))];
}

/** How far an arrow must give way so as not to run through the dot of a process that has no part in it. */
function bendOf({ x1, y1, x2, y2 }: Segment, { rows, x }: Layout): number {
  for (const { process, y } of rows) {
    const at = process === null ? x1 : x(process);
    if ((at - x1) * (at - x2) >= 0) continue;
    const off = y1 + ((y2 - y1) * (at - x1)) / (x2 - x1) - y;
    if (Math.abs(off) < NEAR) return off > 0 ? BEND : -BEND;
  }
  return 0;
}

function origin({ from, to, sent, origin }: Flight, { x, y }: Layout): { x1: number; y1: number } {
  return { x1: origin === 'duplicated' ? (x(from) + x(to)) / 2 : x(from), y1: y(sent) };
}

/** Arrows that end in a cross before they arrive, and below it which messages they were. */
function lost({ step, from, to, flights, label }: Loss, layout: Layout, format: Formatter): string {
  const onwards = Math.sign(layout.x(to) - layout.x(from));
  const [x, y] = [layout.x(to) - (onwards * layout.gap) / 2, layout.y(step)];
  const lines = flights.map((flight) => {
    const segment = { ...origin(flight, layout), x2: x, y2: y };
    return rule(segment, RED, `${hint(format.tagged(flight.message), from, to)}: lost`, { 'stroke-dasharray': '5 3' });
  });
  const text = label.map((line, index) =>
    words(x, y + 15 + index * STUB, line, { fill: RED, 'font-size': SMALL, 'text-anchor': 'middle' }),
  );
  return [...lines, cross(x, y, 4, RED), ...text].join('');
}

function hint(message: string, from: string, to: string): string {
  return `${message} from ${from} to ${to}`;
}

/** What stands in a row besides arrows. */
function marks(row: Row, layout: Layout): string[] {
  return [
    ...stubs(row, layout),
    ...(row.event === null ? startMarks(row, layout) : eventMarks(row, row.event, layout)),
    ...told(row, layout),
  ];
}

function startMarks({ y }: Row, { columns, x }: Layout): string[] {
  return columns.map((id) => dot(x(id), y, GREY, GREY));
}

function eventMarks(row: Row, event: TraceEvent, layout: Layout): string[] {
  const { process, y } = row;
  if (process !== null) return processMarks(row, event, layout.x(process));
  if (event.type === 'action' || event.type === 'lose') return [];
  if (event.type !== 'cut' && event.type !== 'connect' && event.type !== 'duplicate') return [];
  const [x1, x2] = [layout.x('peer' in event ? event.peer : event.from), layout.x(event.process)];
  const middle = (x1 + x2) / 2;
  const color = event.type === 'cut' ? RED : event.type === 'connect' ? GREEN : BLUE;
  const text = row.label.map((line, index) =>
    words(middle, y - 7 - (row.label.length - 1 - index) * LINE, line, { fill: color, 'text-anchor': 'middle' }),
  );
  if (event.type === 'duplicate') return [dot(middle, y, '#ffffff', BLUE), ...text];
  const line = rule({ x1, y1: y, x2, y2: y }, color, '', { 'stroke-dasharray': '6 4', 'stroke-width': 1.6 });
  return [line, ...(event.type === 'cut' ? [cross(middle, y, 4, RED)] : []), ...text];
}

const COLORS: Readonly<Partial<Record<TraceEvent['type'], string>>> = {
  request: GREEN,
  timeout: AMBER,
  crash: RED,
  recover: GREEN,
  linkDown: AMBER,
  linkUp: AMBER,
};

function processMarks({ y, side, label }: Row, event: TraceEvent, x: number): string[] {
  const color = COLORS[event.type] ?? INK;
  const outward = side === 'left' ? -1 : 1;
  const text = label.map((line, index) =>
    words(x + outward * 10, y - 5 - (label.length - 1 - index) * LINE, line, {
      fill: color,
      'font-size': LABEL,
      'text-anchor': side === 'left' ? 'end' : 'start',
    }),
  );
  return [...mark(event, x, y, color, outward), ...text];
}

function mark(event: TraceEvent, x: number, y: number, color: string, outward: number): string[] {
  switch (event.type) {
    case 'crash':
      return [cross(x, y, 6, RED)];
    case 'recover':
      return [dot(x, y, '#ffffff', GREEN)];
    case 'request':
      return [arrow({ x1: x + outward * 40, y1: y, x2: x, y2: y }, GREEN, ''), dot(x, y, GREEN, GREEN)];
    case 'receive':
      return [dot(x, y, BLUE, BLUE)];
    default:
      return [dot(x, y, color, color)];
  }
}

/** Messages that leave and never arrive: in flight to the end, or sent without a session. */
function stubs(row: Row, { x }: Layout): string[] {
  const linesAbove = new Map<string, number>();
  return row.stubs.map((stub) => {
    const key = `${stub.process} ${stub.side}`;
    const above = linesAbove.get(key) ?? 0;
    linesAbove.set(key, above + stub.lines.length);
    const onwards = stub.side === 'left' ? -1 : 1;
    const [x1, y1] = [x(stub.process), row.y];
    const segment = { x1, y1, x2: x1 + onwards * stubLength(row), y2: y1 + STUB_FALL + above * STUB };
    return (stub.lost ? lostStub(segment) : stubArrow(segment, stub.text)) + stubText(stub, segment.x2, segment.y2);
  });
}

function lostStub(segment: Segment): string {
  return rule(segment, RED, '', { 'stroke-dasharray': '5 3' }) + cross(segment.x2, segment.y2, 3.5, RED);
}

function stubArrow(segment: Segment, text: string): string {
  return arrow(segment, GREY, `${text}: not received in this run`, { 'stroke-dasharray': '3 3' });
}

function stubText({ side, lost, lines }: Stub, x: number, y: number): string {
  const beside = (lost ? 8 : 2) * (side === 'left' ? -1 : 1);
  const look = { fill: lost ? RED : GREY, 'font-size': SMALL, 'text-anchor': side === 'left' ? 'end' : 'start' };
  return lines.map((line, index) => words(x + beside, y + 4 + index * STUB, line, look)).join('');
}

/** What a process tells its user or a client, under its dot. */
function told({ process, told, y }: Row, { x }: Layout): string[] {
  if (process === null) return [];
  return told.map((text, index) => {
    const width = textWidth(text, LABEL) + 16;
    const top = y + 9 + index * TOLD;
    const box = { x: x(process) - width / 2, y: top, width, height: TOLD - 2, rx: 8 };
    return (
      element('rect', { ...box, fill: PALE_GREEN, stroke: GREEN }) +
      textElement(x(process), top + 13, text, { 'text-anchor': 'middle', fill: GREEN, 'font-weight': 'bold' })
    );
  });
}
