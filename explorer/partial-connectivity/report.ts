/** The table of who recovers, and the runs behind it, as text. */

import { counted } from '../report/numbers.ts';
import { type Paper, paint, wrap } from '../report/text.ts';
import type { Verdict } from './verdict.ts';
import type { Situation, ToldTimeout, Witness } from './witness.ts';

const GAP = 2;

/** A row for each protocol, a column for each scenario. */
export function tableOf(verdicts: readonly Verdict[], { color }: Paper): string {
  const scenarios = [...new Set(verdicts.map(({ scenario }) => scenario))];
  const protocols = [...new Set(verdicts.map(({ protocol }) => protocol))];
  const rows = protocols.flatMap((protocol) => {
    const cells = scenarios.map((scenario) =>
      verdicts.find((verdict) => verdict.scenario === scenario && verdict.protocol === protocol),
    );
    return [
      [protocol, ...cells.map((verdict) => (verdict === undefined ? '' : outcomeText(verdict)))],
      ['', ...cells.map((verdict) => (verdict === undefined ? '' : howSoon(verdict)))],
    ];
  });
  const all = [['', ...scenarios], ...rows];
  const widths = all[0]?.map((_, column) => Math.max(...all.map((row) => row[column]?.length ?? 0))) ?? [];
  const lines = all.map((row) =>
    row
      .map((cell, column) => cell.padEnd((widths[column] ?? 0) + GAP))
      .join('')
      .trimEnd(),
  );
  return [paint(lines[0] ?? '', 'bold', color), ...lines.slice(1)].join('\n');
}

export const LEGEND = [
  'A leads: whatever timers do, A leads in the end, and commands are decided. By luck: unless timers go on expiring in an unlucky order. Deadlock: no command is ever decided again. Livelock: who leads changes for ever.',
  'Timeouts are counted in all, those of the others too; to a deadlock or livelock, the fewest. Links stay as they are.',
];

export function outcomeText({ outcome, leaders, isCertain }: Verdict): string {
  switch (outcome) {
    case 'recovers':
      return `${leaders.join(' or ')} leads`;
    case 'recovers by luck':
      return `${leaders.join(' or ')} leads, by luck`;
    case 'livelock':
      return `${isCertain ? '' : 'maybe '}livelock: ${leaders.join(', ')}`;
    case 'deadlock':
      return `${isCertain ? '' : 'maybe '}deadlock`;
    case 'not finished':
      return outcome;
  }
}

function howSoon({ outcome, timeouts: { fewest, most } }: Verdict): string {
  switch (outcome) {
    case 'recovers':
      return most === null ? `${counted(fewest, 'timeout')} or more` : `within ${counted(most, 'timeout')}`;
    case 'recovers by luck':
      return `${counted(fewest, 'timeout')} or more`;
    case 'not finished':
      return '';
    default:
      return fewest === 0 ? 'at once' : `after ${counted(fewest, 'timeout')}`;
  }
}

/** The run behind a verdict, timeout by timeout. */
export function witnessText(verdict: Verdict, { before, run, after, cycle }: Witness, paper: Paper): string {
  const { protocol, scenario, nodes } = verdict;
  const title = `${protocol}, ${scenario}: ${outcomeText(verdict)}`;
  return [
    `${paint(title, 'bold', paper.color)} (${counted(nodes, 'state')})`,
    'Links have gone down:',
    situation(before, paper),
    ...run.map((timeout, index) => told(timeout, `${index + 1}`, paper)),
    `${ENDINGS[verdict.outcome]}:`,
    situation(after, paper),
    ...(cycle === null ? [] : cycleLines(verdict, cycle, paper)),
  ].join('\n');
}

const ENDINGS: Readonly<Record<Verdict['outcome'], string>> = {
  recovers: 'Nothing changes any more',
  'recovers by luck': 'Nothing changes any more',
  livelock: 'From here on, who leads changes for ever',
  deadlock: 'From here on, no command is ever decided',
  'not finished': 'There are more states than were looked at',
};

function cycleLines({ outcome }: Verdict, { lead, repeats }: NonNullable<Witness['cycle']>, paper: Paper): string[] {
  const once = repeats.slice(0, repeats.length / 2);
  const isLuck = outcome === 'recovers by luck';
  return [
    ...(isLuck ? ['Without luck:', ...lead.map((timeout, index) => told(timeout, `${index + 1}`, paper))] : []),
    'and again and again, with higher numbers each time:',
    ...once.map((timeout, index) => told(timeout, `${lead.length + index + 1}`, paper)),
  ];
}

function told({ timer: { server, timer }, changes, deciders }: ToldTimeout, number: string, paper: Paper): string {
  const changed = Object.entries(changes).map(([id, now]) => `${id} ${now}`);
  const text = [
    `${server}: ${timer} timeout.`,
    changed.length === 0 ? 'Nothing to be seen.' : `${changed.join('; ')}.`,
    deciders.length === 0 ? '' : `(${deciders.join(', ')} can decide.)`,
  ].join(' ');
  return wrap(`${number.padStart(4)}  `, 6, [{ text: text.trim() }], paper);
}

function situation(servers: Situation, paper: Paper): string {
  return Object.entries(servers)
    .map(([id, now]) => wrap(`      ${id} `, 8, [{ text: now }], paper))
    .join('\n');
}
