/** Raft, with and without its options, for the comparison under partial connectivity. */

import type { ProcessId } from '../contract/index.ts';
import { entriesOf, lengthOf, logOf } from '../kernels/log.ts';
import { stateMachines } from '../kernels/state-machine.ts';
import { raft } from '../raft/raft.ts';
import { soundRules } from '../raft/rules.ts';
import type { Entry, Options, State } from '../raft/state.ts';
import { type Contender, contender } from './contender.ts';
import { closedGaps } from './gaps.ts';

export function raftWith(name: string, help: string, chosen: Pick<Options, 'preVote' | 'checkQuorum'>): Contender {
  const options: Options = {
    ...chosen,
    noop: false,
    emptyHeartbeats: false,
    scanLog: false,
    batch: 0,
    skipBack: false,
    parallelWrite: false,
  };
  return contender<State>({
    name,
    help,
    protocol: raft({ rules: soundRules, options, machine: stateMachines.journal }),
    heartbeats: ['heartbeat'],
    waits: 'random',
    request: (command) => ({ type: 'execute', seq: 1, op: command }),
    isDecided: (indication, command) =>
      indication.type === 'apply' && (indication as unknown as { entry: Entry }).entry.command?.op === command,
    leads: ({ role }) => role.kind === 'leader',
    describe: ({ role, currentTerm, log }) => `${describeRole(role)} in term ${currentTerm}, log of ${lengthOf(log)}`,
    normal: withSmallTerms,
  });
}

function describeRole(role: State['role']): string {
  switch (role.kind) {
    case 'follower':
      return role.leader === null ? 'follows nobody' : `follows ${role.leader}`;
    case 'preCandidate':
      return `asks whether to stand (${votesText(role.votes)})`;
    case 'candidate':
      return `stands for election (${votesText(role.votes)})`;
    case 'leader':
      return 'leads';
  }
}

function votesText({ size }: ReadonlySet<ProcessId>): string {
  return size === 1 ? '1 vote' : `${size} votes`;
}

/** Terms are only compared and counted up by one: see `gaps.ts`. */
function withSmallTerms(states: Readonly<Record<ProcessId, State>>): Readonly<Record<ProcessId, State>> {
  const all = Object.values(states);
  const small = closedGaps(
    all.flatMap(({ currentTerm, log }) => [currentTerm, ...entriesOf(log).map(({ term }) => term)]),
  );
  return Object.fromEntries(
    Object.entries(states).map(([id, state]) => [
      id,
      {
        ...state,
        currentTerm: small(state.currentTerm),
        log: logOf(entriesOf(state.log).map((entry) => ({ ...entry, term: small(entry.term) }))),
      },
    ]),
  );
}
