/** What systems and properties are called in a report. */

import type { ParameterValue } from '../../model/contract/parameter.ts';

/** The name of a property within a sentence: quoted when it is more than a word. */
export function propertyName(name: string): string {
  return /\s/.test(name) ? `'${name}'` : name;
}

/** Parameters and mutant, as they would be given to the command: `nodes=3 crashes=1 with mutant volatile-vote`. */
export function settings(parameters: Readonly<Record<string, ParameterValue>>, mutant: string | null): string {
  const values = Object.entries(parameters).map(([name, value]) => `${name}=${value}`);
  return [...values, ...(mutant === null ? [] : [`with mutant ${mutant}`])].join(' ');
}
