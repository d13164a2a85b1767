/** The shapes that a space-time diagram is made of. */

import { PALE } from '../palette.ts';
import { type Attributes, element, escapeMarkup, rounded, textElement } from '../svg.ts';

export interface Segment {
  readonly x1: number;
  readonly y1: number;
  readonly x2: number;
  readonly y2: number;
}

/** White around a text, so that it can be read where a line crosses it. */
const HALO: Attributes = { stroke: '#ffffff', 'stroke-width': 4, 'stroke-linejoin': 'round', 'paint-order': 'stroke' };

export function words(x: number, y: number, text: string, attributes: Attributes): string {
  return textElement(x, y, text, { ...HALO, ...attributes });
}

/** The head of the arrows of one colour, to be defined once in a picture. */
export function arrowHead(color: string): string {
  return element(
    'marker',
    {
      id: `head-${color.slice(1)}`,
      viewBox: '0 0 10 10',
      refX: 9,
      refY: 5,
      markerWidth: 8,
      markerHeight: 8,
      markerUnits: 'userSpaceOnUse',
      orient: 'auto',
    },
    element('path', { d: 'M0,1 L10,5 L0,9 Z', fill: color }),
  );
}

/** An arrow that leaves room for the marks at its ends; `hint` is shown when a pointer rests on it. */
export function arrow(segment: Segment, color: string, hint: string, attributes: Attributes = {}): string {
  return rule(shortened(segment, ROOM), color, hint, { 'marker-end': head(color), ...attributes });
}

/** The same, bent down by so much in the middle (up when negative). */
export function bentArrow(segment: Segment, bend: number, color: string, hint: string): string {
  const control = { x: (segment.x1 + segment.x2) / 2, y: (segment.y1 + segment.y2) / 2 + bend * 2 };
  const start = shortened({ ...segment, x2: control.x, y2: control.y }, ROOM);
  const end = shortened({ ...segment, x1: control.x, y1: control.y }, ROOM);
  const places = [start.x1, start.y1, control.x, control.y, end.x2, end.y2];
  const [x1, y1, x, y, x2, y2] = places.map(rounded);
  const d = `M${x1},${y1} Q${x},${y} ${x2},${y2}`;
  const line = { d, fill: 'none', stroke: color, 'stroke-width': 1.4, 'marker-end': head(color) };
  return element('path', line, element('title', {}, escapeMarkup(hint)));
}

const ROOM = 6;

function head(color: string): string {
  return `url(#head-${color.slice(1)})`;
}

export function rule(segment: Segment, color: string, hint: string, attributes: Attributes = {}): string {
  return element(
    'line',
    { ...segment, stroke: color, 'stroke-width': 1.4, ...attributes },
    hint === '' ? '' : element('title', {}, escapeMarkup(hint)),
  );
}

export function shortened({ x1, y1, x2, y2 }: Segment, by: number): Segment {
  const length = Math.hypot(x2 - x1, y2 - y1) || 1;
  const [dx, dy] = [((x2 - x1) / length) * by, ((y2 - y1) / length) * by];
  return { x1: x1 + dx, y1: y1 + dy, x2: x2 - dx, y2: y2 - dy };
}

export function cross(x: number, y: number, size: number, color: string): string {
  const [left, right, top, bottom] = [x - size, x + size, y - size, y + size].map(rounded);
  const d = `M${left},${top} L${right},${bottom} M${left},${bottom} L${right},${top}`;
  return element('path', { d, stroke: color, 'stroke-width': 2.4, 'stroke-linecap': 'round', fill: 'none' });
}

export function dot(x: number, y: number, fill: string, stroke: string): string {
  return element('circle', { cx: x, cy: y, r: 4, fill, stroke, 'stroke-width': 1.6 });
}

export function lifeline(x: number, y1: number, y2: number, up: boolean): string {
  const look: Attributes = up ? { stroke: PALE } : { stroke: '#f87171', 'stroke-dasharray': '2 6' };
  return element('line', { x1: x, y1, x2: x, y2, 'stroke-width': 1.5, ...look });
}
