/**
 * The story of a run, on a terminal: numbered steps, who did what in the protocol's own words, below it only what
 * changed, and at the end which property broke and why.
 */

import type { Instance } from '../../model/contract/system.ts';
import { type Account, accountOf, type ToldLine, type ToldStep } from './account.ts';
import type { ReportedRun } from './ending.ts';
import { type Paper, type Span, type Style, wrap } from './text.ts';

const LINE_STYLES: Readonly<Record<ToldLine['kind'], Style>> = {
  change: 'cyan',
  send: 'dim',
  timer: 'dim',
  answer: 'green',
  loss: 'yellow',
};

const ENDING_STYLES: Readonly<Record<Account['ending']['kind'], Style>> = {
  violated: ['bold', 'red'],
  witnessed: ['bold', 'green'],
  neither: 'bold',
};

/**
 * @throws UsageError when the run does not fit the instance.
 */
export function story(instance: Instance, run: ReportedRun, options: Paper): string {
  const { steps, loop, ending } = accountOf(instance, run);
  const digits = Math.max(2, String(run.events.length).length);
  const { kind, title, reason } = ending;
  const verdict: Span[] = [{ text: reason === '' ? `${title}.` : `${title}:`, style: ENDING_STYLES[kind] }];
  return [
    ...steps.flatMap((step) => [
      ...(step.number - 1 === loop ? repeats('from here on, again and again:', digits, options) : []),
      ...tell(step, digits, options),
    ]),
    ...(loop === null ? [] : repeats(onwards(loop, run.events.length), digits, options)),
    '',
    wrap('', 2, [...verdict, { text: reason }], options),
    '',
  ].join('\n');
}

/** What the story says between its steps, of a run that goes on for ever. */
function repeats(text: string, digits: number, paper: Paper): string[] {
  return [wrap(' '.repeat(digits + 2), digits + 4, [{ text, style: ['bold', 'yellow'] }], paper)];
}

function onwards(loop: number, last: number): string {
  return loop === last ? 'and nothing more, for ever' : `and again from step ${loop + 1}, for ever`;
}

function tell({ number, process, headline, lines }: ToldStep, digits: number, paper: Paper): string[] {
  const indent = digits + 2;
  const lead = `${number === 0 ? ' '.repeat(digits) : String(number).padStart(digits)}  `;
  return [
    wrap(lead, indent + 2, actor(headline, process), paper),
    ...lines.map(({ kind, about, text }) =>
      wrap(' '.repeat(indent + 4), indent + 6, [{ text: about, style: LINE_STYLES[kind] }, { text }], paper),
    ),
  ];
}

/** The headline with the process that takes the step in bold. */
function actor(headline: string, process: string | null): Span[] {
  if (process === null) return [{ text: headline, style: 'bold' }];
  return headline.split(' ').map((text) => (text.replace(/:$/, '') === process ? { text, style: 'bold' } : { text }));
}
