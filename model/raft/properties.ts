/** What must hold of Raft, and what must be possible. */

import { clientOrder } from '../../spec/client-order.ts';
import { executedOnce, sameResult } from '../../spec/journal.ts';
import { linearizable } from '../../spec/linearizability.ts';
import {
  electionSafety,
  type Leader,
  leaderAppendOnly,
  leaderCompleteness,
  logMatching,
  naiveLeaderCompleteness,
  stateMachineSafety,
  termsAndVotes,
} from '../../spec/raft.ts';
import { sequenceConsensus } from '../../spec/sequence-consensus.ts';
import {
  always,
  alwaysStep,
  equal,
  type ProcessId,
  type Property,
  refines,
  type Snapshot,
  sometimes,
} from '../contract/index.ts';
import { entriesOf } from '../kernels/log.ts';
import { majority } from '../kernels/quorum.ts';
import { type StateMachineName, stateMachines } from '../kernels/state-machine.ts';
import { decidedSequences, type History } from './history.ts';
import type { Entry, Role, State } from './state.ts';

/** What properties see of a server. */
export interface View {
  readonly role: Role['kind'];
  readonly term: number;
  readonly votedFor: ProcessId | null;
  readonly log: readonly Entry[];
  readonly commitIndex: number;
  readonly machine: unknown;
}

export function view({ role, currentTerm: term, votedFor, log, commitIndex, machine }: State): View {
  return { role: role.kind, term, votedFor, log: entriesOf(log), commitIndex, machine };
}

type Seen = Snapshot<View, History>;

export const properties = (machine: StateMachineName): readonly Property<Seen>[] => [
  always('election safety', ({ history }) => electionSafety(history.leaders)),
  alwaysStep('leader append-only', (before, after) => leaderAppendOnly(leadersOf(before), leadersOf(after))),
  always('log matching', ({ views }) => logMatching(each(views, ({ log }) => log))),
  always('leader completeness', (seen) => leaderCompleteness(seen.history.applied, leadersOf(seen))),
  always('state machine safety', ({ history }) => stateMachineSafety(history.applied)),
  refines(sequenceConsensus, ({ history }: Seen) => decidedSequences(history)),
  alwaysStep('a term only grows, a vote is kept', ({ views: before }, { views: after }) =>
    termsAndVotes(before, after),
  ),
  // In the environment, each client asks for one operation; the history knows no other.
  always(
    'exactly once',
    ({ views, history }) => {
      const once = machine === 'journal' ? executedOnce(each(views, journalOf)) : true;
      return once === true ? sameResult(history.results) : once;
    },
    { ofWorkload: true },
  ),
  always(
    'linearizable',
    ({ history }) => linearizable(stateMachines[machine].specification, clientOrder(history.clients)),
    { ofWorkload: true },
  ),
];

/** Leader completeness as a hasty reader has it: correct Raft violates this. */
export const naiveCompleteness: Property<Seen> = always('leader completeness, naively', (seen) =>
  naiveLeaderCompleteness(seen.history.applied, leadersOf(seen)),
);

/** How large an instance is, as far as it decides what is possible. */
export interface Size {
  readonly nodes: number;
  /** How often a server may stand for election: by its own choice, or when it is its turn. */
  readonly candidacies: number;
  readonly isScheduled: boolean;
  readonly commands: number;
  readonly machine: StateMachineName;
  readonly noop: boolean;
  readonly checkQuorum: boolean;
  readonly crashes: number;
}

/** What should be possible in an instance of a size. */
export function witnesses(size: Size): Property<Seen>[] {
  const { nodes, candidacies, isScheduled, commands, machine, noop, checkQuorum, crashes } = size;
  const elects = candidacies > 0;
  const reelects = candidacies > 1 && nodes > 2;
  const appendsTwice = reelects && (noop || commands > 1);
  return [
    ...when(elects, 'a leader is elected', (seen) => leadersOf(seen).length > 0),
    ...when(reelects, 'two leaders at once', (seen) => leadersOf(seen).length > 1),
    ...when(!isScheduled && candidacies >= nodes && nodes > 1, 'an election is split', ({ views }) =>
      isSplit(Object.values(views), nodes),
    ),
    ...when(appendsTwice, 'logs conflict', ({ views }) => haveConflict(Object.values(views))),
    ...when(appendsTwice, 'an entry of an earlier term is committed', ({ history }) =>
      [...history.applied].some(({ entry, term }) => entry.term < term),
    ),
    ...when(elects && (noop || commands > 0), 'every log is the same', ({ views }) =>
      areSame(Object.values(views), nodes),
    ),
    ...when(elects && commands > 0 && machine === 'journal', 'every operation is executed', ({ views }) =>
      Object.values(views).some((server) => journalOf(server).length === commands),
    ),
    ...when(
      elects && commands > 0,
      'every client has its result',
      ({ history }) => Object.keys(history.results).length === commands,
    ),
    ...when(elects && crashes > 0 && !checkQuorum, 'a leader comes back as a follower', ({ views, history }) =>
      Object.entries(views).some(([id, { role, term }]) => role !== 'leader' && history.leaders[term]?.has(id)),
    ),
    ...when(
      reelects && commands > 0 && crashes > 0,
      'a leader that committed has crashed, and another leads',
      (seen) => {
        const { leaders, applied } = seen.history;
        const lost = [...applied].filter(({ term }) => seen.crashed.some((id) => leaders[term]?.has(id)));
        return leadersOf(seen).some((leader) => lost.some(({ term }) => leader.term > term));
      },
    ),
  ];
}

function when(isPossible: boolean, name: string, check: (seen: Seen) => boolean): Property<Seen>[] {
  return isPossible ? [sometimes(name, check)] : [];
}

function journalOf({ machine }: View): readonly string[] {
  return machine as readonly string[];
}

function leadersOf({ views }: Seen): Leader[] {
  return Object.entries(views).flatMap(([id, { role, term, log }]) => (role === 'leader' ? [{ id, term, log }] : []));
}

function each<T>(views: Seen['views'], part: (server: View) => T): Record<ProcessId, T> {
  return Object.fromEntries(Object.entries(views).map(([id, server]) => [id, part(server)]));
}

/** Every server has voted in the same term, and nobody has a majority. */
function isSplit(servers: readonly View[], nodes: number): boolean {
  const term = servers[0]?.term;
  const votes = servers.map(({ votedFor }) => votedFor);
  if (servers.length < nodes || servers.some((server) => server.term !== term || server.votedFor === null))
    return false;
  return votes.every((candidate) => votes.filter((vote) => vote === candidate).length < majority(nodes));
}

/** Every server has the same log, and it is not empty. */
function areSame(servers: readonly View[], nodes: number): boolean {
  const [first] = servers;
  if (first === undefined || first.log.length === 0 || servers.length < nodes) return false;
  return servers.every(({ log }) => equal(log, first.log));
}

/** Two servers have entries of different terms at one index. */
function haveConflict(servers: readonly View[]): boolean {
  return servers.some(({ log }) =>
    servers.some((other) => log.some(({ term }, at) => (other.log[at]?.term ?? term) !== term)),
  );
}
