/** Small layout of text in a terminal. */

import { type Paper, paint, wrap } from '../explorer/report/text.ts';

/** Rows of a name and a text: the texts begin in one column and are wrapped within it. */
export function columns(rows: readonly (readonly [string, string])[], paper: Paper, indent = 0): string {
  const names = Math.max(0, ...rows.map(([name]) => name.length));
  const left = indent + names + 2;
  return rows
    .map(([name, text]) => {
      const lead = `${' '.repeat(indent)}${name.padEnd(names)}  `;
      const block = wrap(lead, left, [{ text }], paper);
      return ' '.repeat(indent) + paint(name, 'bold', paper.color) + block.slice(indent + name.length);
    })
    .join('\n');
}

/** A paragraph as wide as the paper; its other lines are indented by `hanging`. */
export function paragraph(text: string, paper: Paper, hanging = 0): string {
  return wrap('', hanging, [{ text }], paper);
}

export function bold(text: string, { color }: Paper): string {
  return paint(text, 'bold', color);
}
