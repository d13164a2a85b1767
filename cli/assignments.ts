/** NAME=VALUE arguments. */

import { UsageError } from '../model/contract/errors.ts';

/** The values that were given, as text; the system reads them. */
export function readAssignments(given: readonly string[]): Record<string, string> {
  const values = new Map<string, string>();
  for (const assignment of given) {
    const equals = assignment.indexOf('=');
    if (equals < 1) throw new UsageError(`'${assignment}' is not NAME=VALUE, which sets a parameter of the system`);
    const name = assignment.slice(0, equals);
    if (values.has(name)) throw new UsageError(`${name} is set twice`);
    values.set(name, assignment.slice(equals + 1));
  }
  return Object.fromEntries(values);
}
