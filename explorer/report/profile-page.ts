/** The profile of a check as one page that needs nothing else. */

import type { Instance } from '../../model/contract/system.ts';
import type { CheckResult } from '../check.ts';
import type { Profile } from '../profile.ts';
import { barChart } from './bar-chart.ts';
import { formatterOf } from './format.ts';
import { settings } from './names.ts';
import { counted, grouped } from './numbers.ts';
import { AMBER, BLUE, FAINT, GREY, INK } from './palette.ts';
import { neverEnabled } from './profile-text.ts';
import { summary } from './summary.ts';
import { escapeMarkup } from './svg.ts';

const STYLE = `
:root { color-scheme: light; }
body { margin: 0 auto; max-width: 60em; padding: 0 20px 40px; font: 15px/1.45 ui-sans-serif, system-ui, Helvetica, Arial, sans-serif; color: ${INK}; background: #fff; }
h1 { font-size: 20px; margin: 16px 0 0; }
h2 { font-size: 16px; margin: 28px 0 6px; }
p { margin: 4px 0; }
.about { color: ${GREY}; }
.warning { color: ${AMBER}; font-weight: 600; }
pre, td.seen { font: 13px/1.5 ui-monospace, Menlo, Consolas, monospace; }
pre { overflow-x: auto; }
table { border-collapse: collapse; }
th, td { padding: 2px 12px 2px 0; text-align: right; vertical-align: top; border-bottom: 1px solid ${FAINT}; }
th:first-child, td:first-child, td.seen, th.seen { text-align: left; }
td.seen { overflow-wrap: anywhere; }
td .bar { display: block; height: 3px; background: ${BLUE}; }
`;

const PAPER = { width: 100, color: false };

export function profilePage(instance: Instance, result: CheckResult, profile: Profile): string {
  const { system, parameters, mutant } = result;
  const title = `${system}: profile of a check`;
  return [
    '<!doctype html>',
    '<html lang="en">',
    '<head><meta charset="utf-8"><meta name="viewport" content="width=device-width">' +
      `<title>${escapeMarkup(title)}</title><style>${STYLE}</style></head>`,
    '<body>',
    `<h1>${escapeMarkup(title)}</h1>`,
    `<p class="about">${escapeMarkup(settings(parameters, mutant))}</p>`,
    ...neverEnabled(result, profile).map((text) => `<p class="warning">${escapeMarkup(text)}</p>`),
    ...actionsSection(profile),
    ...boundsSection(profile),
    ...chartsSection(profile),
    ...viewsSection(instance, profile),
    '<h2>Result</h2>',
    `<pre>${escapeMarkup(summary(result, PAPER))}</pre>`,
    '</body></html>',
    '',
  ].join('\n');
}

function actionsSection({ actions }: Profile): string[] {
  const most = Math.max(1, ...actions.map(({ taken }) => taken));
  const rows = actions.map(({ action, enabled, taken, deeper }) => {
    const bar = `<span class="bar" style="width: ${((taken / most) * 100).toFixed(1)}%"></span>`;
    return `<tr><td>${escapeMarkup(action)}${bar}</td>${cells([enabled, taken, deeper])}</tr>`;
  });
  return [
    '<h2>Actions</h2>',
    '<p class="about">Enabled: the states in which it could be taken. Deeper: its transitions to states one deeper, to which ' +
      'no shorter way leads; a state that several of them reach counts for each.</p>',
    table(['action', 'enabled in', 'taken', 'deeper'], rows),
  ];
}

function boundsSection({ actions }: Profile): string[] {
  const bounds = [...new Set(actions.flatMap(({ cut }) => Object.keys(cut)))];
  if (bounds.length === 0) return [];
  const rows = actions
    .filter(({ cut }) => Object.keys(cut).length > 0)
    .map(
      ({ action, cut }) => `<tr><td>${escapeMarkup(action)}</td>${cells(bounds.map((bound) => cut[bound] ?? 0))}</tr>`,
    );
  return [
    '<h2>Not explored, because beyond a bound</h2>',
    table(['action', ...bounds.map((bound) => `beyond ${bound}`)], rows),
  ];
}

function chartsSection({ levels, outDegree }: Profile): string[] {
  const depths = ['<h2>States by depth</h2>', barChart({ of: 'states', along: 'depth', first: 1, counts: levels })];
  if (outDegree === null) return depths;
  const { min, mean, max, states } = outDegree;
  return [
    ...depths,
    '<h2>States by how many transitions lead out</h2>',
    `<p class="about">${mean.toFixed(2)} on average, ${min} at least, ${max} at most</p>`,
    barChart({ of: 'states', along: 'transitions', first: 0, counts: states }),
  ];
}

function viewsSection(instance: Instance, { views }: Profile): string[] {
  if (views === null) return [];
  const format = formatterOf(instance);
  const rows = views.commonest.map(
    ({ seen, states }) =>
      `<tr><td>${grouped(states)}</td><td class="seen">${escapeMarkup(format.value(seen))}</td></tr>`,
  );
  return [
    '<h2>What properties see most often</h2>',
    `<p class="about">${counted(views.different, 'different view')} in all</p>`,
    `<table><tr><th>states</th><th class="seen">what they look like</th></tr>${rows.join('\n')}</table>`,
  ];
}

function table(head: readonly string[], rows: readonly string[]): string {
  const titles = head.map((title) => `<th>${escapeMarkup(title)}</th>`).join('');
  return `<table><tr>${titles}</tr>\n${rows.join('\n')}</table>`;
}

function cells(counts: readonly number[]): string {
  return counts.map((count) => `<td>${grouped(count)}</td>`).join('');
}
