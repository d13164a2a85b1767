/**
 * A journal: operations are executed in order, and the result of each is its place. The simplest state machine in which an
 * operation that is lost, moved or executed twice can be seen.
 */

import type { SequentialSpecification } from './linearizability.ts';
import { same, show } from './plain.ts';
import type { Verdict } from './property.ts';

export const journal: SequentialSpecification<readonly string[], string, number> = {
  initial: [],
  apply: (executed, op) => ({ state: [...executed, op], result: executed.length + 1 }),
  describe: (op, place) => `${op} at ${place}`,
};

/** No process has executed an operation twice. Operations are told apart by their names. */
export function executedOnce(journals: Readonly<Record<string, readonly string[]>>): Verdict {
  for (const [process, executed] of Object.entries(journals)) {
    const again = executed.find((op, index) => executed.indexOf(op) < index);
    if (again !== undefined) return `${process} executed ${again} twice`;
  }
  return true;
}

/** Nobody is given two different results for an operation, however often it is answered. */
export function sameResult(results: Readonly<Record<string, Iterable<unknown>>>): Verdict {
  for (const [client, [first, second]] of Object.entries(results)) {
    if (second !== undefined && !same(first, second))
      return `${client} was given the results ${show(first)} and ${show(second)}`;
  }
  return true;
}
