/**
 * Workloads: who leads in which round, and which commands a client gives it. `n1:ab n2:c n1` is three rounds: n1 leads in
 * round 1 and is given a and b, n2 leads in round 2 and is given c, n1 leads again in round 3.
 *
 * The rounds are told by an oracle in place of a leader election, each to its leader, at any time and in any order.
 */

import type { ClientRequest, Interchangeable, ProcessId } from '../contract/index.ts';
import { type Ballot, sameBallot } from '../kernels/ballot.ts';
import type { Command } from './sequence-paxos.ts';

export interface Workload {
  readonly ballots: readonly Ballot[];
  /** The commands, and in which round, of the first ballot given to their leader. */
  readonly commands: readonly { readonly command: Command; readonly ballot: Ballot }[];
}

export function parseWorkload(text: string): Workload {
  const rounds = text.split(' ').map((part, index) => {
    const [proposer = '', letters = ''] = part.split(':');
    return { ballot: { round: index + 1, proposer }, commands: [...letters] };
  });
  return {
    ballots: rounds.map(({ ballot }) => ballot),
    commands: rounds.flatMap(({ ballot, commands }) => commands.map((command) => ({ command, ballot }))),
  };
}

export function requestsOf({ ballots, commands }: Workload): ClientRequest[] {
  return [
    ...ballots.map((ballot) => ({
      to: ballot.proposer,
      client: 'oracle',
      request: { type: 'leader', ballot },
    })),
    ...commands.map(({ command, ballot }) => ({ to: ballot.proposer, request: { type: 'propose', command } })),
  ];
}

export function commandsOf({ commands }: Workload): Command[] {
  return commands.map(({ command }) => command);
}

/** Processes that lead in no round, and the commands of each round. Leaders are told apart by the order of their rounds. */
export function interchangeableIn({ ballots, commands }: Workload, ids: readonly ProcessId[]): Interchangeable[] {
  return [
    ids.filter((id) => ballots.every(({ proposer }) => proposer !== id)),
    ...ballots.map((round) => commands.filter(({ ballot }) => sameBallot(ballot, round)).map(({ command }) => command)),
  ];
}
