/** A profile on a terminal: briefly. */

import type { CheckResult } from '../check.ts';
import type { Profile } from '../profile.ts';
import { counted, grouped } from './numbers.ts';
import { type Paper, paint, type Span, wrap } from './text.ts';
import { list } from './wording.ts';

/** Actions that are shown; the others are in the page and the JSON. */
const MOST_SHOWN = 20;
const GAP = 2;

export function profileText(result: CheckResult, profile: Profile, paper: Paper): string {
  const { actions, outDegree, levels, views } = profile;
  const indented = (text: string, style?: Span['style']) =>
    wrap('  ', 4, [style === undefined ? { text } : { text, style }], paper);
  const widest = levels.indexOf(Math.max(...levels));
  const [commonest] = views?.commonest ?? [];
  return [
    ...table(actions, paper),
    ...(actions.length > MOST_SHOWN ? [indented(`and ${counted(actions.length - MOST_SHOWN, 'action')} more`)] : []),
    '',
    ...(outDegree === null
      ? []
      : [
          indented(
            `transitions out of a state: ${outDegree.mean.toFixed(1)} on average, ` +
              `${outDegree.min} at least, ${outDegree.max} at most`,
          ),
        ]),
    ...(levels.length === 0
      ? []
      : [indented(`most states at one depth: ${grouped(levels[widest] ?? 0)}, at depth ${widest + 1}`)]),
    ...(views === null || commonest === undefined
      ? []
      : [
          indented(
            `what properties see: ${counted(views.different, 'different view')}, ` +
              `the commonest one in ${counted(commonest.states, 'state')}`,
          ),
        ]),
    ...neverEnabled(result, profile).map((text) => indented(text, 'yellow')),
    '',
  ].join('\n');
}

/** Actions that were expected, as a warning. */
export function neverEnabled({ verdict }: CheckResult, { neverEnabled: actions }: Profile): string[] {
  if (actions.length === 0) return [];
  if (verdict !== 'holds') return [`not enabled so far: ${list(actions)}`];
  return [`NEVER ENABLED: ${list(actions)}. Unless these bounds rule it out, that is probably an error in the model.`];
}

function table(actions: Profile['actions'], { color }: Paper): string[] {
  const bounds = [...new Set(actions.flatMap(({ cut }) => Object.keys(cut)))];
  const head = ['action', 'enabled in', 'taken', 'deeper', ...(bounds.length === 0 ? [] : ['beyond bounds'])];
  const rows = actions.slice(0, MOST_SHOWN).map(({ action, enabled, taken, deeper, cut }) => {
    const beyond = Object.values(cut).reduce((sum, times) => sum + times, 0);
    return [action, ...[enabled, taken, deeper, ...(bounds.length === 0 ? [] : [beyond])].map(grouped)];
  });
  const widths = head.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)));
  const line = (cells: readonly string[]) =>
    `  ${cells
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart((widths[column] ?? 0) + GAP)))
      .join('')}`;
  return [paint(line(head), 'bold', color), ...rows.map(line)];
}
