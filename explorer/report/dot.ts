/** Graphs in the language of Graphviz. */

/** A value that is written as it is, because it has been quoted. */
export interface Verbatim {
  readonly dot: string;
}

export type DotAttributes = Readonly<Record<string, string | number | Verbatim>>;

/** A text in quotes; its line breaks become centred lines. */
export function quoted(text: string): string {
  const escaped = text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n');
  return `"${escaped.replace(/\p{Cc}/gu, '\uFFFD')}"`;
}

/** A text of left-aligned lines. */
export function leftAligned(lines: readonly string[]): Verbatim {
  return { dot: `"${lines.map((line) => `${quoted(line).slice(1, -1)}\\l`).join('')}"` };
}

export function node(name: string, attributes: DotAttributes = {}): string {
  return `  ${quoted(name)}${bracketed(attributes)};`;
}

export function edge(from: string, to: string, attributes: DotAttributes = {}): string {
  return `  ${quoted(from)} -> ${quoted(to)}${bracketed(attributes)};`;
}

export function sameRank(names: readonly string[]): string {
  return `  { rank=same; ${names.map((name) => `${quoted(name)};`).join(' ')} }`;
}

/** A directed graph with the look that all of them share. */
export function digraph(attributes: DotAttributes, statements: readonly string[]): string {
  return [
    'digraph lockstep {',
    `  graph${bracketed({ fontname: 'Helvetica', fontsize: 11, bgcolor: 'white', pad: 0.3, ...attributes })};`,
    // A font of one width is as wide as Graphviz thinks that it is, whatever fonts there are where the picture is seen.
    '  node [fontname="Courier", fontsize=10];',
    '  edge [fontname="Helvetica", fontsize=9, arrowsize=0.7];',
    ...statements,
    '}',
    '',
  ].join('\n');
}

function bracketed(attributes: DotAttributes): string {
  const entries = Object.entries(attributes).map(([key, value]) => {
    if (typeof value === 'number') return `${key}=${value}`;
    return `${key}=${typeof value === 'string' ? quoted(value) : value.dot}`;
  });
  return entries.length === 0 ? '' : ` [${entries.join(', ')}]`;
}
