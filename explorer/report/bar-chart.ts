/** A bar chart as SVG: one count for each whole number from some first one on. */

import { grouped } from './numbers.ts';
import { BLUE, FAINT, GREY } from './palette.ts';
import { element, escapeMarkup, textElement } from './svg.ts';

const HEIGHT = 160;
const WIDTH = 640;
/** Where the bars are: room for the counts to the left, for the numbers and their title below. */
const LEFT = 90;
const BOTTOM = 40;
const TOP = 10;
const WIDEST_BAR = 40;
const LABELS = 12;

export interface Bars {
  /** What is counted, and along what. */
  readonly of: string;
  readonly along: string;
  /** What the first count is for. */
  readonly first: number;
  readonly counts: readonly number[];
}

export function barChart({ of, along, first, counts }: Bars): string {
  const most = Math.max(1, ...counts);
  const step = Math.min(WIDEST_BAR, (WIDTH - LEFT) / Math.max(1, counts.length));
  const width = LEFT + step * counts.length;
  const base = TOP + HEIGHT;
  const every = Math.ceil(counts.length / LABELS);
  const bars = counts.map((count, index) => {
    const height = (count / most) * HEIGHT;
    const title = element('title', {}, escapeMarkup(`${along} ${first + index}: ${grouped(count)} ${of}`));
    const at = { x: LEFT + index * step, y: base - height, width: Math.max(step - 1, step * 0.8), height };
    return element('rect', { ...at, fill: BLUE }, title);
  });
  const labels = counts.flatMap((_, index) =>
    index % every === 0
      ? [textElement(LEFT + (index + 0.5) * step, base + 15, String(first + index), { 'text-anchor': 'middle' })]
      : [],
  );
  const scale = [most, most / 2].map((count) => {
    const y = base - (count / most) * HEIGHT;
    return (
      element('line', { x1: LEFT, x2: width, y1: y, y2: y, stroke: FAINT }) +
      textElement(LEFT - 6, y + 4, grouped(Math.round(count)), { 'text-anchor': 'end' })
    );
  });
  const title = textElement(LEFT, base + 32, along);
  return element(
    'svg',
    {
      xmlns: 'http://www.w3.org/2000/svg',
      width,
      height: base + BOTTOM,
      viewBox: `0 0 ${width} ${base + BOTTOM}`,
      role: 'img',
      'aria-label': `${of} by ${along}`,
      'font-family': 'ui-sans-serif, system-ui, Helvetica, Arial, sans-serif',
      'font-size': 11,
      fill: GREY,
    },
    [...scale, ...bars, ...labels, title].join(''),
  );
}
