/** The part of each help text that follows the options: examples, and what else there is to say. Fits 80 columns. */

import { wrap } from '../explorer/report/text.ts';

const PAPER = { width: 80, color: false };
/** Longer commands have what they do on a line of its own. */
const LONGEST_BESIDE = 42;

/** A command, and what it does. */
export type Example = readonly [command: string, does: string];

export function helpAfter(examples: readonly Example[], ...notes: readonly string[]): string {
  const beside = examples.map(([command]) => command.length).filter((length) => length <= LONGEST_BESIDE);
  const longest = Math.max(...beside);
  const column = 2 + longest + 2;
  const lines = examples.map(([command, does]) => {
    const lead = `  ${command}`;
    if (command.length <= longest) return wrap(lead.padEnd(column), column, [{ text: does }], PAPER);
    return `${lead}\n${wrap(' '.repeat(column), column, [{ text: does }], PAPER)}`;
  });
  return ['', 'Examples:', ...lines, ...notes.flatMap((text) => ['', wrap('', 0, [{ text }], PAPER)]), ''].join('\n');
}
