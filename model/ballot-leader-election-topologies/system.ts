/**
 * Ballot Leader Election under partial connectivity: what it settles on when some links are down for good.
 *
 * Source: Ng, Haridi and Carbone, "Omni-Paxos" (EuroSys 2023), the scenarios quorum-loss, constrained election and chained;
 * the lecture on reconfiguration (KTH), slides of the same names.
 * Everyone follows one leader; then links go down, for good. A heartbeat round is one step here: a process hears at once
 * from all that it has a link to. The rule that ends the round is the protocol's own (`endRound`).
 * Whether the election settles needs no assumption but that everyone goes on ending rounds: each step raises a ballot or an
 * elected ballot or, once for each process, finds out that it has no quorum; and ballots stay bounded. So there are no
 * cycles, every run ends, and where it ends is checked at quiescence.
 */

import {
  completeness,
  convergence,
  leadersAreConnected,
  neverGoesBack,
  type Settled,
} from '../../spec/leader-election.ts';
import type { Verdict } from '../../spec/property.ts';
import { endRound, type Standing, soundRules } from '../ballot-leader-election/ballot-leader-election.ts';
import { ballots } from '../ballot-leader-election/system.ts';
import {
  always,
  alwaysStep,
  choice,
  equal,
  eventuallyAlways,
  integer,
  sometimes,
  transitionSystem,
  weaklyFair,
} from '../contract/index.ts';
import { type Ballot, ballotName, compareBallots, sameBallot } from '../kernels/ballot.ts';
import { majority } from '../kernels/quorum.ts';

type Links = readonly (readonly [string, string])[];

export interface Topology {
  readonly servers: readonly string[];
  readonly links: Links;
  /** Whom everyone has elected before the links went down. */
  readonly leader: string;
}

interface State extends Topology {
  readonly standings: Readonly<Record<string, Standing>>;
}

const topologyRules = {
  ...soundRules,
  /** What a process takes to be elected: what it has elected, whatever others have. */
  elected: (own: Ballot | null, _others: readonly (Ballot | null)[]): Ballot | null => own,
};

export const topologiesSystem = transitionSystem({
  name: 'ballot-leader-election-topologies',
  summary: 'Ballot Leader Election under partial connectivity: what it settles on',
  parameters: {
    topology: choice({
      default: 'any',
      options: ['any', 'full', 'quorum-loss', 'constrained-election', 'chained'],
      help: 'which links are left; `any`: all topologies of so many servers, with each leader',
    }),
    servers: integer({ default: 4, min: 2, max: 5, help: 'how many servers, for `any` and `full`' }),
    bound: integer({
      default: 3,
      min: 3,
      max: 99,
      help: 'the highest round that a bid may have; the first leader bid in 2',
    }),
  },
  rules: topologyRules,
  mutants: {
    'no-qc-flag': {
      help: 'A process that reaches no majority may be elected.',
      rules: { mayLead: () => true },
      breaks: 'quiescence',
      parameters: { topology: 'quorum-loss' },
    },
    'increment-without-qc': {
      help: 'A process that reaches no majority bids for the lead and elects itself.',
      rules: { mayElect: () => true },
      breaks: 'quiescence',
      parameters: { topology: 'quorum-loss' },
    },
    'timid-bid': {
      help: 'A process that misses its leader bids with the ballot that it began with, which is never above the leader.',
      rules: { ownBallot: (_round, self) => ({ round: 1, proposer: self }) },
      breaks: 'the election is settled',
      parameters: { topology: 'constrained-election' },
    },
    'gossip-leader': {
      help: 'Answers tell whom one has elected, and it is taken for elected: two that cannot reach each other leapfrog.',
      rules: {
        elected: (own, others) => [own, ...others].reduce((a, b) => (compareBallots(a, b) >= 0 ? a : b), null),
      },
      breaks: 'ballots stay bounded',
      parameters: { topology: 'chained' },
    },
  },

  build({ topology, servers, bound }, rules) {
    return {
      initial: () => topologiesOf(topology, servers).map(leaderElected),

      *next(state: State) {
        for (const server of state.servers) {
          const before = state.standings[server];
          if (before === undefined) continue;
          const peers = linkedTo(state, server).flatMap((peer) => state.standings[peer] ?? []);
          const after = {
            ...before,
            elected: rules.elected(
              before.elected,
              peers.map(({ elected }) => elected),
            ),
          };
          endRound(after, peers, { self: server, processes: state.servers }, rules);
          if (equal(before, after)) continue;
          yield [`${server} ends a round`, { ...state, standings: { ...state.standings, [server]: after } }] as const;
        }
      },

      properties: [
        always('ballots stay bounded', ({ standings }: State) => {
          const higher = Object.values(standings).find(({ ballot }) => ballot.round > bound);
          return higher === undefined ? true : `bid ${ballotName(higher.ballot)} is above round ${bound}`;
        }),
        alwaysStep('ballots never go back', (before: State, after: State) =>
          neverGoesBack(before.standings, after.standings, ballots),
        ),
        sometimes('a new leader leads', ({ standings, leader }: State) =>
          Object.entries(standings).some(
            ([server, { ballot, elected }]) => server !== leader && sameBallot(ballot, elected),
          ),
        ),
        eventuallyAlways('the election is settled', (state: State) => isSettled(state) === true),
      ].filter(({ kind }) => kind !== 'sometimes' || topology !== 'full'),
      fairness: [weaklyFair('action')],
      quiescence: isSettled,
    };
  },
});

function topologiesOf(name: string, count: number): Topology[] {
  const servers = ['A', 'B', 'C', 'D', 'E'].slice(0, count);
  switch (name) {
    case 'quorum-loss':
      return [{ servers: ['A', 'B', 'C', 'D', 'E'], links: star('A', ['B', 'C', 'D', 'E']), leader: 'C' }];
    case 'constrained-election':
      return [{ servers: ['A', 'B', 'C', 'D', 'E'], links: star('A', ['B', 'D', 'E']), leader: 'C' }];
    case 'chained':
      return [{ servers: ['A', 'B', 'C'], links: star('A', ['B', 'C']), leader: 'B' }];
    case 'full':
      return servers.map((leader) => ({ servers, links: pairs(servers), leader }));
    default:
      return subsets(pairs(servers)).flatMap((links) => servers.map((leader) => ({ servers, links, leader })));
  }
}

function star(centre: string, others: readonly string[]): Links {
  return others.map((other) => [centre, other]);
}

function pairs(servers: readonly string[]): Links {
  return servers.flatMap((one, index) => servers.slice(index + 1).map((other) => [one, other] as const));
}

function subsets<T>(items: readonly T[]): T[][] {
  const [first, ...rest] = items;
  if (first === undefined) return [[]];
  return subsets(rest).flatMap((subset) => [subset, [first, ...subset]]);
}

/** The leader has bid once, and everyone, itself included, has elected it. */
function leaderElected(topology: Topology): State {
  const elected: Ballot = { round: 2, proposer: topology.leader };
  const standings = topology.servers.map((server): [string, Standing] => [
    server,
    { ballot: server === topology.leader ? elected : { round: 1, proposer: server }, quorumConnected: true, elected },
  ]);
  return { ...topology, standings: Object.fromEntries(standings) };
}

function linkedTo({ links, servers }: Topology, server: string): string[] {
  return servers.filter((other) =>
    links.some((link) => other !== server && link.includes(other) && link.includes(server)),
  );
}

function isSettled(state: State): Verdict {
  const settled = settledOf(state);
  const quorum = majority(state.servers.length);
  const verdicts = [
    completeness(settled, quorum, ballots),
    convergence(settled, quorum, ballots),
    leadersAreConnected(settled, quorum, [state.leader], ballots),
  ];
  return verdicts.find((verdict) => verdict !== true) ?? true;
}

function settledOf(state: State): Settled<Ballot>[] {
  return Object.entries(state.standings).map(([process, { ballot, elected }]) => ({
    process,
    ballot,
    elected,
    linked: linkedTo(state, process),
  }));
}
