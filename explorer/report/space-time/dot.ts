/** The space-time diagram of a run of processes for Graphviz: a column for each process, a rank for each step. */

import type { ProcessId } from '../../../model/contract/protocol.ts';
import type { ProcessInstance } from '../../../model/contract/system.ts';
import type { TraceEvent } from '../../../model/contract/trace.ts';
import { type DotAttributes, digraph, edge, leftAligned, node, sameRank } from '../dot.ts';
import { captionLines, type Ending } from '../ending.ts';
import { type DrawnRun, type Flight, flightsOf } from '../flights.ts';
import { type Formatter, formatterOf } from '../format.ts';
import { AMBER, BLUE, ENDINGS, GREEN, GREY, INK, PALE, PALE_GREEN, RED } from '../palette.ts';
import { type Layout, layOut, type Row } from './layout.ts';

export function processDot(instance: ProcessInstance, run: DrawnRun, ending: Ending): string {
  const format = formatterOf(instance);
  const flights = flightsOf(instance, run);
  const layout = layOut(instance, run, flights, format);
  const caption = leftAligned(captionLines(ending));
  return digraph(
    { label: caption, labeljust: 'l', fontcolor: ENDINGS[ending.kind], nodesep: 0.9, ranksep: 0.25, splines: 'line' },
    [
      ...heads(layout),
      ...layout.rows.flatMap((row) => rank(row, layout)),
      ...layout.columns.flatMap((id) => processLine(id, layout)),
      ...flights.flatMap((flight, index) => message(flight, index, format)),
      ...repeated(run),
    ],
  );
}

/** The steps that are repeated for ever: from the last one back to the first. */
function repeated({ loop, steps }: DrawnRun): string[] {
  if (loop === null) return [];
  const label = loop === steps.length ? 'and nothing more, for ever' : 'again and again';
  const look = { label, color: AMBER, fontcolor: AMBER, penwidth: 2, constraint: 'false' };
  return [edge(time(steps.length), time(Math.min(loop + 1, steps.length)), look)];
}

/** The node of a process at a step; of the environment when it is its step. */
function place(process: ProcessId, step: number): string {
  return `${process} ${step}`;
}

function time(step: number): string {
  return `step ${step}`;
}

function heads({ columns }: Layout): string[] {
  const look = { shape: 'box', style: 'rounded,filled', fillcolor: INK, fontcolor: 'white' };
  return [
    node('time', { shape: 'plaintext', label: '' }),
    ...columns.map((id) => node(id, { ...look, group: id, height: 0.3 })),
    sameRank(['time', ...columns]),
    ...['time', ...columns]
      .slice(1)
      .map((id, index) => edge(['time', ...columns][index] ?? 'time', id, { style: 'invis' })),
  ];
}

/** A step: its number at the left, and the process that takes it. */
function rank(row: Row, { columns, rows }: Layout): string[] {
  const { number, process, event, label, told } = row;
  const actors = event === null ? columns : process === null ? [] : [process];
  const before = rows[rows.indexOf(row) - 1];
  const look: DotAttributes = { shape: 'plaintext', fontcolor: GREY };
  const environment = event === null || process !== null ? [] : [...label, ...lossText(event)];
  return [
    node(time(number), {
      ...look,
      label: leftAligned([[number === 0 ? 'start' : String(number), ...environment].join('  ')]),
    }),
    edge(before === undefined ? 'time' : time(before.number), time(number), { style: 'invis', weight: 10 }),
    ...actors.map((id) => node(place(id, number), { group: id, ...mark(event, label, told) })),
    sameRank([time(number), ...actors.map((id) => place(id, number))]),
  ];
}

function lossText(event: TraceEvent): string[] {
  return event.type === 'lose' ? ['a message is lost'] : [];
}

/** What a process does of itself is written where it does it; what it receives is written along the arrow. */
function mark(event: TraceEvent | null, label: readonly string[], told: readonly string[]): DotAttributes {
  const does = event === null || event.type === 'receive' ? [] : [...label];
  const lines = [...does, ...told];
  if (lines.length === 0) return { shape: 'point', width: 0.1, color: BLUE };
  const color = event?.type === 'crash' ? RED : event?.type === 'timeout' ? AMBER : GREEN;
  const fill = told.length > 0 ? PALE_GREEN : 'white';
  return {
    shape: 'box',
    style: 'rounded,filled',
    fillcolor: fill,
    color,
    fontcolor: color,
    height: 0.25,
    label: lines.join('\n'),
  };
}

function processLine(id: ProcessId, { rows }: Layout): string[] {
  let previous = id;
  let up = true;
  return rows
    .filter(({ process, event }) => process === id || event === null)
    .map(({ number, event }) => {
      const style = up ? { color: PALE } : { color: RED, style: 'dotted' };
      const line = edge(previous, place(id, number), { ...style, arrowhead: 'none', weight: 100 });
      previous = place(id, number);
      up = event?.type !== 'crash' && (up || event?.type === 'recover');
      return line;
    });
}

/** An arrow to where the message is received; what never arrives ends in a node of its own. */
function message({ from, to, message, sent, ended, end }: Flight, index: number, format: Formatter): string[] {
  const label = format.tagged(message);
  const origin = place(from, sent);
  if (end === 'received' && ended !== null)
    return [edge(origin, place(to, ended), { xlabel: label, color: BLUE, fontcolor: INK, constraint: 'false' })];
  const name = `never ${index}`;
  const color = end === 'lost' ? RED : GREY;
  const text = `${end === 'lost' ? 'lost: ' : ''}${label} to ${to}`;
  return [
    node(name, { shape: 'plaintext', fontcolor: color, fontsize: 8, height: 0.15, label: text }),
    edge(origin, name, { color, style: 'dashed', arrowsize: 0.6 }),
  ];
}
