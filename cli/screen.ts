/** One screen of a run that is walked through: the step that was taken, and how everything is after it. */

import { type Run, replay } from '../explorer/replay.ts';
import { type Account, accountOf, type ToldStep } from '../explorer/report/account.ts';
import { type Formatter, formatterOf } from '../explorer/report/format.ts';
import { type Paper, paint, type Span, wrap } from '../explorer/report/text.ts';
import type { InTransit } from '../explorer/semantics/network.ts';
import type { GlobalState, ProcessState } from '../explorer/semantics/processes.ts';
import type { Instance } from '../model/contract/system.ts';
import type { Trace } from '../model/contract/trace.ts';

/** A run that can be shown at any of its steps; 0 is before the first one. */
export interface Screens {
  readonly last: number;
  at(step: number, paper: Paper): string;
}

export function screensOf(instance: Instance, trace: Trace): Screens {
  const run = replay(instance, trace);
  const account = accountOf(instance, trace);
  const format = formatterOf(instance);
  const last = run.steps.length;
  return {
    last,
    at(step, paper) {
      const title = `${trace.system}${trace.mutant === null ? '' : ` with mutant ${trace.mutant}`}`;
      return [
        wrap('', 2, [{ text: title, style: 'bold' }, { text: `· step ${step} of ${last}` }], paper),
        '',
        ...told(account, step, paper),
        '',
        ...(instance.kind === 'processes'
          ? processLines(stateAt(run, step) as GlobalState, actorsOf(account, step), format, paper)
          : [wrap('  ', 4, [{ text: format.value(stateAt(run, step)) }], paper)]),
        ...(step === last ? ['', ending(account, paper)] : []),
      ].join('\n');
    },
  };
}

function stateAt({ initial, steps }: Run, step: number): unknown {
  return step === 0 ? initial.state : steps[step - 1]?.after;
}

function told({ steps }: Account, step: number, paper: Paper): string[] {
  const those = steps.filter(({ number }) => number === step);
  if (those.length === 0) return ['  nothing has happened yet'];
  return those.flatMap(({ headline, lines }) => [
    wrap('  ', 4, [{ text: headline, style: 'bold' }], paper),
    ...lines.map(({ about, text }) => wrap('      ', 8, [{ text: about, style: 'cyan' }, { text }], paper)),
  ]);
}

function actorsOf({ steps }: Account, step: number): ReadonlySet<string> {
  const those = steps.filter(({ number }: ToldStep) => number === step);
  return new Set(those.flatMap(({ process }) => (process === null ? [] : [process])));
}

/** Each process, the one that took the step marked; then what is in flight. */
function processLines(
  { processes, transit }: GlobalState,
  actors: ReadonlySet<string>,
  format: Formatter,
  paper: Paper,
): string[] {
  const ids = Object.keys(processes);
  const wide = Math.max(...ids.map((id) => id.length));
  const lines = Object.entries(processes).map(([id, state]) => {
    const mark = actors.has(id) ? '>' : ' ';
    const block = wrap(`${mark} ${id.padEnd(wide)}  `, wide + 4, processSpans(state, format), paper);
    return actors.has(id) ? paint(block.slice(0, wide + 2), 'bold', paper.color) + block.slice(wide + 2) : block;
  });
  return [...lines, '', ...flightLines(transit, format, paper)];
}

function processSpans(state: ProcessState, format: Formatter): Span[] {
  if (!state.up) return [{ text: `is down; keeps ${format.value(state.kept)}`, style: 'yellow' }];
  const { state: fields, timers } = state.local;
  const spans = Object.entries(fields).flatMap(([field, item], index, all): Span[] => [
    { text: `${field}:`, style: 'dim' },
    { text: `${format.value(item)}${index === all.length - 1 ? '' : ','}` },
  ]);
  return timers.length === 0 ? spans : [...spans, { text: `(timers set: ${timers.join(', ')})` }];
}

/** More messages in flight than this are only counted. */
const MOST_MESSAGES = 12;

function flightLines(transit: InTransit, format: Formatter, paper: Paper): string[] {
  const sent =
    transit.kind === 'fifo'
      ? Object.entries(transit.links).flatMap(([link, { queue }]) =>
          queue.map((message) => `${link.replace('>', ' to ')}: ${format.tagged(message)}`),
        )
      : transit.messages.map(({ from, to, message }) => `${from} to ${to}: ${format.tagged(message)}`);
  if (sent.length === 0) return [wrap('  ', 4, [{ text: 'nothing is in flight', style: 'dim' }], paper)];
  const more = sent.length > MOST_MESSAGES ? [`... and ${sent.length - MOST_MESSAGES} more`] : [];
  return [
    wrap('  ', 4, [{ text: 'in flight:', style: 'dim' }], paper),
    ...[...sent.slice(0, MOST_MESSAGES), ...more].map((text) => wrap('    ', 6, [{ text }], paper)),
  ];
}

function ending({ ending: { kind, title, reason } }: Account, paper: Paper): string {
  const style = kind === 'violated' ? 'red' : kind === 'witnessed' ? 'green' : 'bold';
  return wrap('', 2, [{ text: reason === '' ? `${title}.` : `${title}:`, style }, { text: reason }], paper);
}
