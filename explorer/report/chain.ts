/** A run of a bare transition system: a chain of states. */

import type { Run } from '../replay.ts';
import { changesOf } from './changes.ts';
import { digraph, edge, leftAligned, node } from './dot.ts';
import { captionLines, type Ending } from './ending.ts';
import { type Formatter, isRecord } from './format.ts';
import { AMBER, ENDINGS, GREY, INK, PALE_GREEN, PALE_RED } from './palette.ts';
import { caption, element, picture, textElement, textWidth, wrapPixels } from './svg.ts';

/** A state of the chain: its fields, a line each, and which of them the step changed. */
interface Link {
  readonly number: number;
  readonly action: string;
  readonly lines: readonly { readonly text: string; readonly changed: boolean }[];
}

const WIDEST = 420;
const LINE = 17;
const PADDING = 9;
const BETWEEN = 40;
const SIZE = 12;

const FILLS = { violated: PALE_RED, witnessed: PALE_GREEN, neither: 'white' } as const;

export function chainSvg(run: Run, ending: Ending, format: Formatter): string {
  const links = linksOf(run, format);
  const texts = links.flatMap(({ lines }) => lines.map(({ text }) => textWidth(text, SIZE)));
  const actions = links.map(({ action }) => textWidth(action, SIZE) * 2 + 30);
  const boxWidth = Math.max(90, ...texts) + PADDING * 2;
  const width = Math.max(360, boxWidth + (run.loop === null ? 90 : 130), ...actions);
  let top = 16;
  const middles: number[] = [];
  const content = links.map((link, index) => {
    const from = top + (index === 0 ? 0 : BETWEEN);
    const height = link.lines.length * LINE + PADDING * 2 - 4;
    top = from + height;
    middles.push(from + height / 2);
    const fill = index === links.length - 1 ? FILLS[ending.kind] : 'white';
    const box = { x: (width - boxWidth) / 2, y: from, width: boxWidth, height, rx: 7, fill, stroke: INK };
    const marks = [
      index === 0 ? '' : step(link.action, width / 2, from),
      element('rect', box),
      number(link.number, box),
    ];
    return element('g', { id: `step-${link.number}` }, [...marks, ...stateText(link, box.x, from)].join(''));
  });
  const back = run.loop === null ? '' : repeated(middles, run.loop, (width + boxWidth) / 2);
  const told = caption(ending, 16, top + 34, width - 32, ENDINGS[ending.kind]);
  const head =
    '<defs><marker id="head" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="8" markerHeight="8" markerUnits="userSpaceOnUse" orient="auto"><path d="M0,1 L10,5 L0,9 Z"/></marker></defs>';
  return picture(width, top + 34 + told.height, ending.title, [head, ...content, back, told.markup]);
}

/** The arrow from the last state back to the one that it is the same as; to itself where nothing more happens. */
function repeated(middles: readonly number[], loop: number, x: number): string {
  const last = middles.length - 1;
  const from = middles[last] ?? 0;
  const to = loop === last ? from - 12 : (middles[loop] ?? 0);
  const out = x + (loop === last ? 26 : 34);
  const d = `M${x},${from} C${out},${from} ${out},${to} ${x},${to}`;
  const line = { id: 'loop', d, fill: 'none', stroke: AMBER, 'stroke-width': 2, 'marker-end': 'url(#head)' };
  return element('path', line, element('title', {}, loop === last ? 'nothing more, for ever' : 'again and again'));
}

function step(action: string, x: number, to: number): string {
  const line = { x1: x, y1: to - BETWEEN, x2: x, y2: to, stroke: INK, 'marker-end': 'url(#head)' };
  return (
    element('line', line) + textElement(x + 10, to - BETWEEN / 2 + 4, action, { 'font-weight': 'bold', fill: INK })
  );
}

function number(of: number, box: { readonly x: number; readonly y: number }): string {
  return textElement(box.x - 10, box.y + 17, String(of), { 'text-anchor': 'end', fill: GREY, 'font-size': 11 });
}

function stateText({ lines }: Link, x: number, top: number): string[] {
  return lines.map(({ text, changed }, index) =>
    textElement(
      x + PADDING,
      top + PADDING + 8 + index * LINE,
      text,
      changed ? { 'font-weight': 'bold' } : { fill: GREY },
    ),
  );
}

export function chainDot(run: Run, ending: Ending, format: Formatter): string {
  const links = linksOf(run, format);
  return digraph({ label: leftAligned(captionLines(ending)), labeljust: 'l', fontcolor: ENDINGS[ending.kind] }, [
    ...links.map(({ number, lines }, index) => {
      const fillcolor = index === links.length - 1 ? FILLS[ending.kind] : 'white';
      const label = leftAligned(lines.map(({ text }) => text));
      return node(`state ${number}`, { shape: 'box', style: 'rounded,filled', fillcolor, label });
    }),
    ...links
      .slice(1)
      .map(({ number, action }) => edge(`state ${number - 1}`, `state ${number}`, { label: `  ${action}` })),
    ...(run.loop === null ? [] : [again(run.loop, run.steps.length)]),
  ]);
}

/** The last state is the one that the loop begins with; an edge between them says so. */
function again(loop: number, last: number): string {
  const label = loop === last ? '  nothing more, for ever' : '  the same again, for ever';
  const look = { label, color: AMBER, fontcolor: AMBER, style: 'dashed', constraint: 'false' };
  return edge(`state ${last}`, `state ${loop}`, look);
}

function linksOf({ initial, steps }: Run, format: Formatter): Link[] {
  const states = [initial.state, ...steps.map(({ after }) => after)];
  return states.map((state, number) => {
    const event = steps[number - 1]?.event;
    const before = states[number - 1];
    const lines = fieldsOf(state, format).flatMap(({ name, text }) => {
      const changed = before === undefined || changesOf(before, state, format).some(({ path }) => isWithin(path, name));
      return wrapPixels(text, SIZE, WIDEST).map((line) => ({ text: line, changed }));
    });
    return { number, action: event?.type === 'action' ? event.action : '', lines };
  });
}

function fieldsOf(state: unknown, format: Formatter): { name: string; text: string }[] {
  if (!isRecord(state)) return [{ name: '', text: format.value(state) }];
  return Object.entries(state).map(([name, value]) => ({ name, text: `${name}: ${format.value(value)}` }));
}

function isWithin(path: string, field: string): boolean {
  return field === '' || path === field || path.startsWith(`${field}.`) || path.startsWith(`${field}[`);
}
