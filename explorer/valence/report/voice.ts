/** How the walk is told: titles, paragraphs and numbered events, and names for what they speak of. */

import { type Paper, paint, wrap } from '../../report/text.ts';
import { type Explored, valenceOf } from '../initial-line.ts';
import { realRun } from '../told-run.ts';
import type { Walk } from '../walk.ts';
import { formatOf, valenceName } from '../words.ts';

/** A part of the text: its lines. */
export type Lines = readonly string[];

export class Voice {
  readonly walk: Walk;
  readonly format: ReturnType<typeof formatOf>;
  readonly #paper: Paper;

  constructor(walk: Walk, paper: Paper) {
    this.walk = walk;
    this.format = formatOf(walk);
    this.#paper = paper;
  }

  explored(place: number): Explored {
    return this.walk.line[place] as Explored;
  }

  valence(explored: Explored): string {
    return valenceName(valenceOf(explored), this.walk.values, this.format);
  }

  section(title: string, lines: Lines): string {
    return [this.bold(title), ...lines.map((text) => this.paragraph(text))].join('\n');
  }

  paragraph(text: string): string {
    return wrap('  ', 2, [{ text }], this.#paper);
  }

  /** The whole text's first line. */
  heading(text: string): string {
    return wrap('', 2, [{ text, style: 'bold' }], this.#paper);
  }

  /** The events of a run, as it would be told of real processes. */
  steps(explored: Explored, edges: readonly number[]): Lines {
    return this.numbered(realRun(explored, edges).map(({ text }) => text));
  }

  numbered(texts: Lines, before = 0): Lines {
    return texts.map((text, index) =>
      wrap(`  ${String(before + index + 1).padStart(4)}  `, 10, [{ text }], this.#paper),
    );
  }

  bold(text: string): string {
    return this.styled(text, 'bold');
  }

  styled(text: string, style: Parameters<typeof paint>[1]): string {
    return paint(text, style, this.#paper.color);
  }
}

/** Columns: the first left, the others right but for words. */
export function tableOf(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const all = [head, ...rows];
  const widths = head.map((_, column) => Math.max(...all.map((row) => (row[column] ?? '').length)));
  const isNumber = (column: number) => rows.every((row) => /^[\d,/]*$/.test(row[column] ?? '')) && column > 0;
  return all.map((row) => {
    const cells = row.map((cell, column) =>
      isNumber(column) ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0),
    );
    return `  ${cells.join('  ')}`.trimEnd();
  });
}
