/**
 * The three scenarios of partial connectivity: some pairs of servers lose their link for good, while others still reach both.
 *
 * Sources: Ng, Haridi and Carbone, "Omni-Paxos" (EuroSys 2023), quorum-loss, constrained election and chained; the lecture on
 * reconfiguration (KTH), slides of the same names.
 * Difference: in constrained election the logs of the source end in entries of two terms; here the old leader leads all the
 * while, and the logs differ in length. Either way the one server that reaches a majority has the log that is behind.
 */

import type { ProcessId } from '../contract/index.ts';

/** A pair of servers that reach each other. */
export type Link = readonly [ProcessId, ProcessId];

/** A time in which links stay as they are, and what clients ask of the leader meanwhile. */
export interface Phase {
  readonly links: readonly Link[];
  readonly commands: readonly string[];
}

export interface ConnectivityScenario {
  readonly name: string;
  readonly help: string;
  readonly servers: readonly ProcessId[];
  /** Who leads before links go down. */
  readonly leader: ProcessId;
  /** One after the other; the last one lasts for ever. */
  readonly phases: readonly Phase[];
}

const FIVE = ['A', 'B', 'C', 'D', 'E'];
const THREE = ['A', 'B', 'C'];

export const connectivityScenarios: readonly ConnectivityScenario[] = [
  {
    name: 'quorum-loss',
    help: 'A reaches all, all others reach A alone: the leader C too, which has lost its majority and does not fall silent.',
    servers: FIVE,
    leader: 'C',
    phases: [
      { links: pairs(FIVE), commands: ['a'] },
      { links: star('A', ['B', 'C', 'D', 'E']), commands: [] },
    ],
  },
  {
    name: 'constrained-election',
    help: 'The leader C is cut off; A alone reaches a majority, and lacks an entry that B and E have.',
    servers: FIVE,
    leader: 'C',
    phases: [
      { links: pairs(FIVE), commands: ['a'] },
      {
        links: pairs(FIVE).filter((link) => !isBetween(link, 'A', 'C') && !isBetween(link, 'C', 'D')),
        commands: ['b'],
      },
      { links: star('A', ['B', 'D', 'E']), commands: ['c'] },
    ],
  },
  {
    name: 'chained',
    help: 'A reaches B and C; the leader B and C do not reach each other.',
    servers: THREE,
    leader: 'B',
    phases: [
      { links: pairs(THREE), commands: ['a'] },
      { links: star('A', ['B', 'C']), commands: [] },
    ],
  },
];

export function star(centre: ProcessId, others: readonly ProcessId[]): Link[] {
  return others.map((other) => [centre, other]);
}

export function pairs(servers: readonly ProcessId[]): Link[] {
  return servers.flatMap((one, index) => servers.slice(index + 1).map((other): Link => [one, other]));
}

export function isBetween([one, other]: Link, a: ProcessId, b: ProcessId): boolean {
  return (one === a && other === b) || (one === b && other === a);
}
