/** Logs as an earlier history has left them: where the runs of paper and lecture about inconsistent logs begin. */

import type { ProcessId } from '../contract/index.ts';
import type { Entry } from './state.ts';

/** The logs that servers are born with, by name; servers that are not named begin with none. */
export const givenLogs = {
  empty: {},

  /** Figure 7 of the paper: n1 is about to lead in term 8; n2 to n7 are the followers (a) to (f). */
  'figure-7': {
    n1: terms(1, 1, 1, 4, 4, 5, 5, 6, 6, 6),
    n2: terms(1, 1, 1, 4, 4, 5, 5, 6, 6),
    n3: terms(1, 1, 1, 4),
    n4: terms(1, 1, 1, 4, 4, 5, 5, 6, 6, 6, 6),
    n5: terms(1, 1, 1, 4, 4, 5, 5, 6, 6, 6, 7, 7),
    n6: terms(1, 1, 1, 4, 4, 4, 4),
    n7: terms(1, 1, 1, 2, 2, 2, 3, 3, 3, 3, 3),
  },

  /** The lecture's slide 31. */
  'slide-31': {
    n1: [entry(1, 'add'), entry(1, 'cmp'), entry(1, 'ret'), entry(2, 'mov'), entry(3, 'jmp'), entry(3, 'div')],
    n2: [entry(1, 'add'), entry(1, 'cmp'), entry(1, 'ret'), entry(2, 'mov'), entry(3, 'jmp'), entry(4, 'sub')],
  },
} satisfies Readonly<Record<string, Readonly<Record<ProcessId, readonly Entry[]>>>>;

export type GivenLogs = keyof typeof givenLogs;

/** Entries of the given terms. Its index and term say what an entry is. */
function terms(...log: number[]): Entry[] {
  return log.map((term, at) => entry(term, `${at + 1}.${term}`));
}

/** An operation of a client that asks for nothing else. */
function entry(term: number, op: string): Entry {
  return { term, command: { client: `client of ${op}`, seq: 1, op } };
}
