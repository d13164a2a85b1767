/** Servers for the paper tests: driven by hand, and brought to where a claim begins. */

import { entriesOf } from '../../../model/kernels/log.ts';
import { stateMachines } from '../../../model/kernels/state-machine.ts';
import { raft } from '../../../model/raft/raft.ts';
import { soundRules } from '../../../model/raft/rules.ts';
import type { Entry, Options, State } from '../../../model/raft/state.ts';
import { Driven } from '../driven.ts';

const NO_OPTIONS: Options = {
  preVote: false,
  checkQuorum: false,
  noop: false,
  emptyHeartbeats: false,
  scanLog: false,
  batch: 0,
  skipBack: false,
  parallelWrite: false,
};

export const THREE = ['n1', 'n2', 'n3'];

/** Server n1 of three (or of others), with a log of the given terms. */
export function server(log: readonly number[] = [], options: Partial<Options> = {}, ids = THREE): Driven<State> {
  return new Driven(
    raft({
      rules: soundRules,
      options: { ...NO_OPTIONS, ...options },
      machine: stateMachines.journal,
      logs: { n1: entries(...log) },
    }),
    'n1',
    ids,
  );
}

/** The same, elected by n2 in the term after those of its log. */
export function leader(log: readonly number[] = [], options: Partial<Options> = {}, ids = THREE): Driven<State> {
  const n1 = server(log, options, ids);
  n1.fire('election');
  for (const voter of ids.slice(1)) n1.receive(voter, vote(n1.state.currentTerm));
  return n1;
}

/** Entries of the given terms; each operation has its client, so that all are executed. */
export function entries(...log: number[]): Entry[] {
  return log.map((term, at) => ({ term, command: { client: `x${at + 1}`, seq: 1, op: `x${at + 1}` } }));
}

export function execute(op: string, seq = 1) {
  return { type: 'execute', op, seq };
}

export function requestVote(term: number, lastIndex = 0, lastTerm = 0) {
  return { type: 'RequestVote', term, lastIndex, lastTerm };
}

export function vote(term: number, granted = true) {
  return { type: 'Vote', term, granted };
}

export function appendEntries(term: number, prevIndex = 0, prevTerm = 0, log: readonly Entry[] = [], leaderCommit = 0) {
  return { type: 'AppendEntries', term, prevIndex, prevTerm, entries: log, leaderCommit };
}

export function appended(term: number, index: number | null, success = true) {
  return { type: 'Appended', term, success, index };
}

/** The terms of a server's log. */
export function logOf({ state }: Driven<State>): number[] {
  return entriesOf(state.log).map(({ term }) => term);
}

/** The messages among what left a server, by receiver and kind. */
export function kinds(sent: readonly string[]): string[] {
  return sent.map((line) => line.split(' ').slice(0, 3).join(' '));
}
