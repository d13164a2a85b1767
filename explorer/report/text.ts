/** Text on a terminal: styled words, wrapped with a hanging indent. */

import { styleText } from 'node:util';

export type Style = Parameters<typeof styleText>[0];

/** A piece of a line and how it looks. */
export interface Span {
  readonly text: string;
  readonly style?: Style;
}

export interface Paper {
  readonly width: number;
  readonly color: boolean;
}

/**
 * The spans as lines no wider than the paper: the first begins with `lead`, the others are indented by `hanging`.
 * A name stays with its value (`round: 1`); a word that is too long for a line is broken.
 */
export function wrap(lead: string, hanging: number, spans: readonly Span[], { width, color }: Paper): string {
  const lines: string[] = [];
  let line = lead;
  let used = lead.length;
  let atStart = true;
  const breakLine = (): void => {
    lines.push(line.trimEnd());
    line = ' '.repeat(hanging);
    used = hanging;
    atStart = true;
  };
  for (const { text, style } of wordsOf(spans, Math.max(8, width - Math.max(hanging, lead.length)))) {
    if (!atStart && used + 1 + text.length > width) breakLine();
    const space = atStart ? '' : ' ';
    line += space + paint(text, style, color);
    used += space.length + text.length;
    atStart = false;
  }
  return [...lines, line.trimEnd()].join('\n');
}

/** The text in a style, whatever the stream that it will go to. */
export function paint(text: string, style: Style | undefined, color: boolean): string {
  return color && style !== undefined ? styleText(style, text, { validateStream: false }) : text;
}

function wordsOf(spans: readonly Span[], longest: number): Span[] {
  const pieces = new RegExp(`.{1,${longest}}`, 'gsu');
  return spans.flatMap(({ text, style }) =>
    text
      .split(/(?<!:)\s+/)
      .flatMap((word) => word.match(pieces) ?? [])
      .map((word) => (style === undefined ? { text: word } : { text: word, style })),
  );
}
