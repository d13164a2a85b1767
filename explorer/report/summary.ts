/** The result of a check, on a terminal. What was not finished never looks like success. */

import type { CheckResult, PropertyResult } from '../check.ts';
import type { Stop } from '../exploration.ts';
import { propertyName, settings } from './names.ts';
import { counted, duration, grouped, odds, rounded } from './numbers.ts';
import { type Paper, type Span, type Style, wrap } from './text.ts';
import { list } from './wording.ts';

export function summary(result: CheckResult, paper: Paper): string {
  const { elapsedMs, distinct, generated, depth, bounds } = result;
  const indented = (text: string) => wrap('  ', 4, [{ text }], paper);
  const rate = elapsedMs < 1 ? '' : `, ${rounded((generated / elapsedMs) * 1000)} transitions a second`;
  return [
    wrap('', 2, [{ text: result.system, style: 'bold' }, { text: settings(result.parameters, result.mutant) }], paper),
    '',
    ...table(result, paper),
    '',
    indented(`${counted(distinct, 'distinct state')}${upTo(result)}, ${grouped(generated)} generated, depth ${depth}`),
    ...bySymmetry(result).map(indented),
    ...leftOut(result).map(indented),
    indented(`${duration(elapsedMs)}${rate}`),
    ...asides(result).map(indented),
    ...section('within these bounds', together(bounds.within), paper),
    ...section('relying on', result.fairness, paper),
    ...section('not explored, because beyond a bound', cuts(bounds.cut), paper),
    '',
    wrap('', 2, verdict(result), paper),
    '',
  ].join('\n');
}

function table({ properties }: CheckResult, paper: Paper): string[] {
  const names = Math.max(0, ...properties.map(({ name }) => name.length));
  // A name that leaves no room for its verdict has the verdict on a line of its own.
  const column = Math.min(names, Math.max(12, paper.width - 34)) + 4;
  return properties.flatMap((property) => {
    const { text, style } = standing(property);
    const lead = `  ${property.name.padEnd(column - 2)}`;
    const spans: Span[] = [{ text, style }];
    if (lead.length <= column) return [wrap(lead, column, spans, paper)];
    return [wrap('  ', 4, [{ text: property.name }], paper), wrap(' '.repeat(column), column, spans, paper)];
  });
}

function standing({ kind, verdict, trace, explanation }: PropertyResult): { text: string; style: Style } {
  const steps = trace === null ? '' : ` in ${counted(trace.events.length, 'step')}`;
  if (verdict === 'unknown' && explanation !== null) return { text: `not known: ${explanation}`, style: 'yellow' };
  if (verdict === 'unknown')
    return { text: kind === 'sometimes' ? 'not reached so far' : 'not known (no violation so far)', style: 'yellow' };
  if (kind === 'sometimes')
    return verdict === 'holds'
      ? { text: `reached${steps}`, style: 'green' }
      : { text: 'NEVER REACHED', style: ['bold', 'red'] };
  if (verdict === 'holds') return { text: 'holds', style: 'green' };
  return { text: `VIOLATED${steps}${explanation === null ? '' : `: ${explanation}`}`, style: ['bold', 'red'] };
}

function asides({ quiescent, collisionProbability, distinct }: CheckResult): string[] {
  const hashing =
    collisionProbability === null
      ? 'states were compared in full: none was missed'
      : distinct < 2 || collisionProbability === 0
        ? 'no state was missed'
        : `probability that a state was missed (fingerprints collide): ${odds(collisionProbability)}`;
  const still =
    quiescent === 0
      ? 'no state in which nothing can happen'
      : `${counted(quiescent, 'state')} in which nothing can happen`;
  return [still, hashing];
}

function upTo({ symmetry }: CheckResult): string {
  return symmetry === null ? '' : ' up to symmetry';
}

/** How much was saved by symmetry, and by which. */
function bySymmetry({ symmetry, distinct }: CheckResult): string[] {
  if (symmetry === null) return [];
  const { interchangeable, renamings, represented } = symmetry;
  if (renamings === 1) return ['each stands for itself: with these parameters no two names are interchangeable'];
  return [
    `they stand for ${counted(represented, 'state')}, ${(represented / distinct).toFixed(1)} for each`,
    `interchangeable: ${interchangeable.join('; ')} (${counted(renamings, 'renaming')})`,
  ];
}

/** How much was saved by a reduction. */
function leftOut({ skipped, generated }: CheckResult): string[] {
  if (skipped === null) return [];
  const followed = Math.round(((generated - skipped) / generated) * 100);
  return [`${followed}% of these were followed: the others only lead where these do, by another order of steps`];
}

/** What never happens, in one line. */
function together(within: readonly string[]): string[] {
  const never = within.filter((bound) => bound.startsWith('no ')).map((bound) => bound.slice('no '.length));
  const others = within.filter((bound) => !bound.startsWith('no '));
  return never.length === 0 ? others : [...others, `no ${list(never, 'or')}`];
}

function cuts(cut: CheckResult['bounds']['cut']): string[] {
  return Object.entries(cut).map(([bound, count]) => `${counted(count, 'successor')} beyond ${bound}`);
}

function section(title: string, items: readonly string[], paper: Paper): string[] {
  if (items.length === 0) return [];
  return ['', `  ${title}:`, ...items.map((text) => wrap('    - ', 6, [{ text }], paper))];
}

function verdict(result: CheckResult): Span[] {
  const { verdict, properties, stopped, distinct, bounds } = result;
  if (verdict === 'violated') {
    const violated = properties.filter(({ verdict }) => verdict === 'violated');
    const names = violated.map(({ kind, name }) =>
      kind === 'sometimes' ? `${propertyName(name)} is never reached` : propertyName(name),
    );
    return [{ text: 'VIOLATED:', style: ['bold', 'red'] }, { text: list(names) }];
  }
  if (verdict === 'incomplete' && stopped !== null) {
    const found = `${counted(distinct, 'state')} found so far violate nothing, the others are not known.`;
    return [{ text: 'NOT FINISHED:', style: ['bold', 'yellow'] }, { text: `${why(stopped)}. The ${found}` }];
  }
  const open = properties.filter(({ verdict }) => verdict === 'unknown');
  if (open.length > 0) {
    const names = list(open.map(({ name }) => propertyName(name)));
    const visited = `all ${counted(distinct, 'state')} within these bounds were visited, but runs leave them`;
    return [{ text: 'NOT KNOWN:', style: ['bold', 'yellow'] }, { text: `${names}: ${visited}.` }];
  }
  const beyond = Object.keys(bounds.cut).length === 0 ? '' : ' Nothing is said of what lies beyond the bounds.';
  return [
    { text: 'HOLDS:', style: ['bold', 'green'] },
    {
      text: `all ${counted(distinct, 'state')} within these bounds were visited${result.symmetry === null ? '' : ', up to symmetry'}.${beyond}`,
    },
  ];
}

function why(stopped: Stop): string {
  switch (stopped.reason) {
    case 'interrupted':
      return 'interrupted';
    case 'depth':
      return `stopped at depth ${grouped(stopped.limit)}`;
    case 'states':
      return `stopped after ${counted(stopped.limit, 'state')}`;
    case 'memory':
      return `stopped at ${grouped(Math.round(stopped.limit / 2 ** 20))} MiB of memory`;
    case 'disk':
      return stopped.error;
  }
}
