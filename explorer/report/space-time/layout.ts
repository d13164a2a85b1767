/** Where everything stands in a space-time diagram: a column for each process, a row for each step. */

import type { ProcessId } from '../../../model/contract/protocol.ts';
import type { Effect } from '../../../model/contract/step.ts';
import type { ProcessInstance } from '../../../model/contract/system.ts';
import type { TraceEvent } from '../../../model/contract/trace.ts';
import { actorOf } from '../account.ts';
import type { DrawnRun, Flight } from '../flights.ts';
import type { Formatter } from '../format.ts';
import { textWidth, wrapPixels } from '../svg.ts';
import { label } from '../wording.ts';
import { depthOf, type Loss, lossesOf, type Side, SMALL, STUB, type Stub, stubsOf } from './strays.ts';

/** The sizes of labels and headings. */
export const LABEL = 12;
export const HEADING = 13;

/** Height of a line of a label, and of something told. */
export const LINE = 14;
export const TOLD = 19;

/** How far a stub reaches at least. */
const STUB_LENGTH = 30;

const TOP = 46;
const NARROWEST_GAP = 150;
const WIDEST_LABEL = 190;

/** A step in the diagram. */
export interface Row {
  /** 0 is the start of the processes. */
  readonly number: number;
  readonly event: TraceEvent | null;
  /** The process that takes the step; null when the environment does. */
  readonly process: ProcessId | null;
  readonly side: Side;
  readonly label: readonly string[];
  /** What the process tells others than processes. */
  readonly told: readonly string[];
  readonly stubs: readonly Stub[];
  /** The height at which the step takes place. */
  readonly y: number;
}

export interface Layout {
  readonly rows: readonly Row[];
  readonly losses: readonly Loss[];
  readonly columns: readonly ProcessId[];
  readonly width: number;
  readonly bottom: number;
  /** The place of a process, and of a step. */
  x(process: ProcessId): number;
  readonly gap: number;
  y(step: number): number;
}

export function layOut(
  instance: ProcessInstance,
  run: DrawnRun,
  flights: readonly Flight[],
  format: Formatter,
): Layout {
  const columns = instance.processes.map(({ id }) => id);
  const events: readonly (TraceEvent | null)[] = [
    ...(startShows(run, flights) ? [null] : []),
    ...run.steps.map((step) => step.event),
  ];
  const offset = events.length - run.steps.length;
  const losses = lossesOf(flights, format);
  const depthOfLosses = (at: number) =>
    losses.filter(({ step }) => step === at).map(({ label }) => label.length * STUB);
  let y = TOP;
  const rows = events.map((event, index): Row => {
    const number = index + 1 - offset;
    const lines = event === null || event.type === 'lose' ? [] : wrapPixels(label(event, format), LABEL, WIDEST_LABEL);
    const told = event === null ? [] : toldBy(run.steps[number - 1]?.effects ?? [], format);
    const stubs = stubsOf(
      flights.filter(({ sent }) => sent === number),
      columns,
      format,
    );
    y += 14 + Math.max(1, lines.length) * LINE;
    const row = {
      number,
      event,
      process: event && actorOf(event),
      side: sideOf(event, columns),
      label: lines,
      told,
      stubs,
      y,
    };
    y += Math.max(told.length * TOLD, depthOf(stubs), ...depthOfLosses(number), event?.type === 'crash' ? 14 : 0);
    return row;
  });
  const gap = gapBetween(columns, rows);
  const first = 40 + outerWidth(rows, columns[0], 'left');
  const xs = columns.map((_, index) => first + index * gap);
  const right = outerWidth(rows, columns.at(-1), 'right');
  return {
    rows,
    losses,
    columns,
    width: Math.max(360, (xs.at(-1) ?? 0) + right + 16),
    bottom: y + 20,
    gap,
    x: (process) => xs[columns.indexOf(process)] ?? 0,
    y: (step) => rows[step - 1 + offset]?.y ?? TOP,
  };
}

function gapBetween(columns: readonly ProcessId[], rows: readonly Row[]): number {
  const inner = columns.length < 2 ? 0 : Math.max(0, ...rows.map((row) => extent(row, null)));
  return Math.max(NARROWEST_GAP, inner + 16);
}

/** The room that is needed beside the outermost process. */
function outerWidth(rows: readonly Row[], process: ProcessId | undefined, side: Side): number {
  const widths = rows.filter((row) => row.process === process).map((row) => extent(row, side));
  return Math.max(34, ...widths);
}

/** How far the texts of a row reach from its process, to one side or to either. */
function extent(row: Row, side: Side | null): number {
  const label = side === null || side === row.side ? row.label.map((text) => textWidth(text, LABEL) + 14) : [];
  const stubs = row.stubs
    .filter((stub) => side === null || side === stub.side)
    .flatMap(({ lines }) => lines.map((text) => textWidth(text, SMALL) + stubLength(row) + 12));
  const told = row.told.map((text) => textWidth(text, LABEL) / 2 + 12);
  return Math.max(0, ...label, ...stubs, ...told);
}

/** A stub reaches beyond what is told under the dot. */
export function stubLength({ told }: Row): number {
  return Math.max(STUB_LENGTH, ...told.map((text) => textWidth(text, LABEL) / 2 + 22));
}

/** Whether anything is to be seen of the start of the processes. */
function startShows({ initial }: DrawnRun, flights: readonly Flight[]): boolean {
  return flights.some(({ sent }) => sent === 0) || initial.starts.some(({ effects }) => effects.some(isTold));
}

function isTold({ type }: Effect): boolean {
  return type === 'respond' || type === 'indicate';
}

function toldBy(effects: readonly Effect[], format: Formatter): string[] {
  return effects.flatMap((effect) => {
    if (effect.type === 'indicate') return [format.tagged(effect.indication)];
    if (effect.type === 'respond') return [`${effect.client}: ${format.tagged(effect.response)}`];
    return [];
  });
}

/** A label stands on the side from which no arrow comes. */
function sideOf(event: TraceEvent | null, columns: readonly ProcessId[]): Side {
  if (event === null || event.type === 'action') return 'right';
  const at = columns.indexOf(event.process);
  if (event.type === 'receive') return columns.indexOf(event.from) < at ? 'right' : 'left';
  if (event.type === 'linkDown' || event.type === 'linkUp') return columns.indexOf(event.peer) < at ? 'right' : 'left';
  return at < (columns.length - 1) / 2 ? 'left' : 'right';
}
