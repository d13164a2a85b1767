/** A run as one page that needs nothing else: the picture beside the story, and a step at a time with the arrow keys. */

import type { Instance } from '../../model/contract/system.ts';
import { type Account, accountOf, type ToldStep } from './account.ts';
import type { ReportedRun } from './ending.ts';
import { settings } from './names.ts';
import { ENDINGS } from './palette.ts';
import { spaceTimeSvg } from './space-time.ts';
import { escapeMarkup } from './svg.ts';

const STYLE = `
:root { color-scheme: light; }
body { margin: 0; font: 15px/1.45 ui-sans-serif, system-ui, Helvetica, Arial, sans-serif; color: #1f2937; background: #fff; }
header { padding: 14px 20px; border-bottom: 1px solid #e5e7eb; }
h1 { margin: 0; font-size: 18px; }
header p { margin: 2px 0 0; color: #6b7280; }
main { display: flex; flex-wrap: wrap; align-items: flex-start; }
figure { margin: 0; padding: 8px; overflow-x: auto; max-width: 100%; box-sizing: border-box; }
section { flex: 1 1 26em; padding: 8px 20px; box-sizing: border-box; }
ol { list-style: none; margin: 0; padding: 0; }
li.step { display: flex; gap: .8em; padding: 4px 8px; border-radius: 6px; cursor: pointer; }
li.step.again { border-left: 4px solid #b45309; border-radius: 0 6px 6px 0; }
li.step.on { background: #fef3c7; }
.number { flex: 0 0 2em; text-align: right; color: #6b7280; }
.headline { font-weight: 600; }
li.step ul { list-style: none; margin: 0; padding: 0 0 0 1em; font: 13px/1.5 ui-monospace, Menlo, Consolas, monospace; }
.about { color: #6b7280; }
.change .about { color: #0e7490; }
.answer .about { color: #15803d; }
.loss .about { color: #b45309; }
.ending { margin: 12px 8px; font-weight: 600; }
svg rect.on { fill: #fef3c7; }
@media (min-width: 60em) {
  body { height: 100vh; display: flex; flex-direction: column; overflow: hidden; }
  main { flex: 1; min-height: 0; flex-wrap: nowrap; align-items: stretch; }
  figure { flex: 0 1 auto; max-width: 66%; overflow-y: auto; }
  section { overflow-y: auto; }
}
`;

/** Points out one step in both halves; without it, everything is still there to read. */
const SCRIPT = `
const steps = [...document.querySelectorAll('li.step')];
let at = -1;
function show(index) {
  if (index < 0 || index >= steps.length) return;
  for (const lit of document.querySelectorAll('.on')) lit.classList.remove('on');
  at = index;
  const band = document.getElementById('band-' + steps[at].dataset.step);
  steps[at].classList.add('on');
  steps[at].scrollIntoView({ block: 'nearest' });
  if (band === null) return;
  band.classList.add('on');
  band.scrollIntoView({ block: 'nearest' });
}
steps.forEach((step, index) => step.addEventListener('click', () => show(index)));
document.addEventListener('keydown', (event) => {
  const { key } = event;
  if (key === 'ArrowDown' || key === 'ArrowRight' || key === 'j') show(at + 1);
  else if (key === 'ArrowUp' || key === 'ArrowLeft' || key === 'k') show(at - 1);
  else return;
  event.preventDefault();
});
`;

/**
 * @throws UsageError when the run does not fit the instance.
 */
export function traceHtml(instance: Instance, reported: ReportedRun): string {
  const { steps, loop, ending } = accountOf(instance, reported);
  const { system = 'A run', parameters = {}, mutant = null } = reported;
  return [
    '<!doctype html>',
    '<html lang="en">',
    `<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>${escapeMarkup(system)}: ${escapeMarkup(ending.title)}</title>`,
    `<style>${STYLE}</style></head>`,
    '<body>',
    `<header><h1>${escapeMarkup(system)}: ${escapeMarkup(ending.title)}</h1>`,
    `<p>${escapeMarkup(settings(parameters, mutant))} (arrow keys: step by step)</p></header>`,
    '<main>',
    `<figure>${spaceTimeSvg(instance, reported)}</figure>`,
    `<section><ol>${steps.map((step) => stepHtml(step, loop !== null && step.number > loop)).join('\n')}</ol>`,
    endingHtml(ending),
    '</section></main>',
    `<script>${SCRIPT}</script>`,
    '</body></html>',
    '',
  ].join('\n');
}

/** `again`: it is one of the steps that are repeated for ever. */
function stepHtml({ number, headline, lines }: ToldStep, again: boolean): string {
  const items = lines.map(
    ({ kind, about, text }) =>
      `<li class="${kind}"><span class="about">${escapeMarkup(about)}</span> ${escapeMarkup(text)}</li>`,
  );
  const list = items.length === 0 ? '' : `<ul>${items.join('')}</ul>`;
  return (
    `<li class="step${again ? ' again' : ''}" data-step="${number}"><span class="number">${number === 0 ? '' : number}</span>` +
    `<div><span class="headline">${escapeMarkup(headline)}</span>${list}</div></li>`
  );
}

function endingHtml({ kind, title, reason }: Account['ending']): string {
  const text = reason === '' ? `${title}.` : `${title}: ${reason}`;
  return `<p class="ending" style="color: ${ENDINGS[kind]}">${escapeMarkup(text)}</p>`;
}
