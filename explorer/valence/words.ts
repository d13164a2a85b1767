/** Valences and configurations in words. */

import { canonical } from '../../model/contract/data.ts';
import { type Formatter, formatterOf } from '../report/format.ts';
import { list } from '../report/wording.ts';
import type { Explored } from './initial-line.ts';
import { isBivalent, type ValueSet, valuesIn } from './values.ts';
import type { Walk } from './walk.ts';

/** The values of a set, in their canonical order: `0`, `0 or 1`, `nothing`. */
export function valuesText(values: ValueSet, all: readonly unknown[], format: Formatter): string {
  const named = valuesIn(values)
    .map((index) => all[index])
    .sort((a, b) => (canonical(a) < canonical(b) ? -1 : 1));
  return named.length === 0 ? 'nothing' : list(named.map(format.value), 'or');
}

/** `0-valent`, `bivalent`, `null-valent` when nothing can be decided any more. */
export function valenceName(values: ValueSet, all: readonly unknown[], format: Formatter): string {
  if (values === 0) return 'null-valent';
  return isBivalent(values) ? 'bivalent' : `${valuesText(values, all, format)}-valent`;
}

/** What an initial configuration is called: its inputs, or that there are none to tell it by. */
export function placeName({ beginning }: Explored): string {
  return beginning.inputs === '' ? 'the initial configuration' : beginning.inputs;
}

/** A formatter for what the walk shows. */
export function formatOf({ line }: Walk): Formatter {
  const [first] = line;
  if (first === undefined) throw new Error('a line has at least one configuration');
  return formatterOf(first.beginning.instance);
}
