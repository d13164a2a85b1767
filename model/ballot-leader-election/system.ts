/** What is checked of Ballot Leader Election by messages: that ballots increase, and name one leader each. */

import {
  type BallotNames,
  type Elections,
  increasingBallots,
  type Leadership,
  neverGoesBack,
  oneLeaderPerBallot,
  withElected,
} from '../../spec/leader-election.ts';
import { compareTexts } from '../../spec/text-order.ts';
import {
  always,
  alwaysStep,
  choice,
  type HistoryVariable,
  integer,
  type ObservedStep,
  type ProcessId,
  type Snapshot,
  sometimes,
  system,
} from '../contract/index.ts';
import { type Ballot, ballotName, compareBallots, sameBallot } from '../kernels/ballot.ts';
import { ballotLeaderElection, type Rules, type Standing, type State, soundRules } from './ballot-leader-election.ts';
import { scenarios } from './scenarios.ts';

export const ballots: BallotNames<Ballot> = { compare: compareBallots, name: ballotName };

/** Which ballots each process has ever elected, and who has led: a crash does not erase it here. */
export interface Elected {
  readonly elections: Elections<Ballot>;
  readonly leaderships: readonly Leadership<Ballot>[];
}

interface Observation {
  readonly process: ProcessId;
  readonly elected: Ballot;
  readonly leads: boolean;
}

/** The history of a system whose processes hold, somewhere in their states, a standing in the election. */
export function electionHistory<Whole>(standingOf: (whole: Whole) => Standing): HistoryVariable<Whole, Elected> {
  return {
    initial: { elections: {}, leaderships: [] },

    observe({ process, after, effects }: ObservedStep<Whole>): Observation | null {
      const { ballot, elected } = standingOf(after);
      const elects = effects.some((effect) => effect.type === 'indicate' && effect.indication.type === 'leader');
      return elects && elected !== null ? { process, elected, leads: sameBallot(elected, ballot) } : null;
    },

    next({ elections, leaderships }, { process, elected, leads }: Observation): Elected {
      const known = leaderships.some((other) => other.process === process && sameBallot(other.ballot, elected));
      return {
        elections: withElected(elections, process, elected, ballots),
        leaderships: leads && !known ? inOrder([...leaderships, { process, ballot: elected }]) : leaderships,
      };
    },
  };
}

function inOrder(leaderships: readonly Leadership<Ballot>[]): Leadership<Ballot>[] {
  return leaderships.toSorted((a, b) => compareBallots(a.ballot, b.ballot) || compareTexts(a.process, b.process));
}

type Seen = Snapshot<Standing, Elected>;

export const ballotLeaderElectionSystem = system({
  name: 'ballot-leader-election',
  summary: 'Ballot Leader Election by heartbeats: increasing ballots, one leader for each',
  parameters: {
    nodes: integer({ default: 3, min: 1, max: 5, help: 'processes' }),
    rounds: integer({ default: 2, min: 1, max: 9, help: 'how many heartbeat rounds end, in all' }),
    crashes: integer({
      default: 0,
      min: 0,
      max: 3,
      help: 'how many crashes, in all; each may be followed by a recovery',
    }),
    network: choice({ default: 'fifo', options: ['fifo', 'bag'], help: 'how messages travel' }),
  },
  rules: soundRules,
  scenarios,
  mutants: {
    'ballot-without-pid': {
      help: 'Ballots are bare numbers, so that two processes have the same.',
      rules: { ownBallot: (round) => ({ round, proposer: 'anyone' }) },
      breaks: 'one leader for each ballot',
    },
    'volatile-l': {
      help: 'A process forgets in a crash which ballot it has elected, and elects it or a lower one again.',
      rules: { durable: [] },
      breaks: 'LE3 increasing ballots',
      parameters: { nodes: 2, rounds: 3, crashes: 1 },
    },
  },

  build({ nodes, rounds, crashes, network }, rules: Rules) {
    const ids = Array.from({ length: nodes }, (_, index) => `n${index + 1}`);
    return {
      processes: ids.map((id) => ({ id, protocol: ballotLeaderElection(rules) })),
      network,
      timers: { heartbeat: [100, 100] },
      environment: {
        timeouts: { heartbeat: rounds },
        crashes,
        recoveries: crashes,
      },
      view: ({ ballot, quorumConnected, elected }: State): Standing => ({ ballot, quorumConnected, elected }),
      history: electionHistory((state: State) => state),
      properties: [
        always('LE3 increasing ballots', ({ history }: Seen) => increasingBallots(history.elections, ballots)),
        always('one leader for each ballot', ({ history }: Seen) => oneLeaderPerBallot(history.leaderships, ballots)),
        alwaysStep('ballots never go back', ({ views: before }: Seen, { views: after }: Seen) =>
          neverGoesBack(before, after, ballots),
        ),
        sometimes('a process leads', ({ history }: Seen) => history.leaderships.length > 0),
        sometimes('a process that hears from no majority knows it', ({ views }: Seen) =>
          Object.values(views).some(({ quorumConnected }) => !quorumConnected),
        ),
        ...(rounds < 2
          ? []
          : [
              sometimes(
                'two processes lead, at different ballots',
                ({ history }: Seen) => history.leaderships.length > 1,
              ),
              sometimes('two processes have elected the same', ({ views }: Seen) =>
                Object.values(views).some(
                  ({ elected }, index, all) =>
                    elected !== null && all.some((other, at) => at > index && sameBallot(other.elected, elected)),
                ),
              ),
              sometimes('a process bids above a leader that it misses', ({ views }: Seen) =>
                Object.values(views).some(({ ballot }) => ballot.round > 1),
              ),
            ]),
      ],
    };
  },
});
