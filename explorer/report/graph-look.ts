/** How the nodes and edges of a state graph look, and what that means. */

import { QUIESCENCE } from '../exploration.ts';
import { type DotAttributes, leftAligned } from './dot.ts';
import { propertyName } from './names.ts';
import { GREEN, INK, PALE_GREEN, PALE_RED, RED } from './palette.ts';
import { list } from './wording.ts';

/** What there is to mark about a node: of one state, or of any of the states that it stands for. */
export interface Marks {
  readonly initial: boolean;
  /** Properties that are violated here. */
  readonly violated: readonly string[];
  /** `sometimes` properties of which this is a witness. */
  readonly witnessed: readonly string[];
  /** Nothing can happen. */
  readonly quiet: boolean;
}

/** The marks of a state in which nothing can happen. */
export function stuck(marks: Marks, allowed: boolean): Marks {
  return { ...marks, quiet: true, violated: allowed ? marks.violated : [...marks.violated, QUIESCENCE] };
}

export function nodeLook(lines: readonly string[], { initial, violated, witnessed, quiet }: Marks): DotAttributes {
  const broken = violated.length > 0;
  const color = broken ? RED : witnessed.length > 0 ? GREEN : INK;
  return {
    shape: 'box',
    style: 'rounded,filled',
    fillcolor: broken ? PALE_RED : witnessed.length > 0 ? PALE_GREEN : 'white',
    color,
    ...(initial ? { penwidth: 3 } : {}),
    ...(quiet ? { peripheries: 2 } : {}),
    ...(witnessed.length > 0 ? { tooltip: `witness of ${list(witnessed.map(propertyName))}` } : {}),
    label: leftAligned([...lines, ...violated.map((name) => `VIOLATES ${name}`)]),
  };
}

export function violatingStep(violated: readonly string[]): DotAttributes {
  return violated.length === 0
    ? {}
    : { color: RED, fontcolor: RED, tooltip: `violates ${list(violated.map(propertyName))}` };
}

/** The marks that occur, explained. */
export function legend(marks: readonly Marks[]): string[] {
  const green = marks.filter(({ violated }) => violated.length === 0);
  const witnessed = [...new Set(green.flatMap((mark) => mark.witnessed))].map(propertyName);
  return [
    'thick frame: initial',
    ...(marks.some(({ violated }) => violated.length > 0) ? ['red: violates a property'] : []),
    ...(witnessed.length > 0 ? [`green: witness of ${list(witnessed, 'or')}`] : []),
    ...(marks.some(({ quiet }) => quiet) ? ['double frame: where nothing can happen'] : []),
  ];
}
