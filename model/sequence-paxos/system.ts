/** What is checked of Sequence Paxos: changing leaders, lost sessions, crashes, and the properties that must hold. */

import { chosenSequences, extendsChosen, logCoherence } from '../../spec/ballot-array.ts';
import {
  areComparable,
  isPrefix,
  sequenceAgreement,
  sequenceIntegrity,
  sequenceName,
  sequenceValidity,
} from '../../spec/sequence-consensus.ts';
import {
  always,
  alwaysStep,
  choice,
  integer,
  type Snapshot,
  sometimes,
  system,
  type Verdict,
} from '../contract/index.ts';
import { type Ballot, ballotName, compareBallots } from '../kernels/ballot.ts';
import { ballotRules, decidedSequence, type History, sequenceHistory } from './history.ts';
import { mutants } from './mutants.ts';
import { scenarios } from './scenarios.ts';
import { type Command, type Rules, type State, sequencePaxos, soundRules } from './sequence-paxos.ts';
import { parseWorkload, requestsOf, type Workload } from './workload.ts';

/** What properties see of a process. */
export interface View {
  readonly promised: Ballot | null;
  readonly acceptedRound: Ballot | null;
  readonly log: readonly Command[];
  readonly decided: number;
  readonly leads: boolean;
  readonly phase: string;
}

export type Seen = Snapshot<View, History>;

export function viewOf({ promised, acceptedRound, log, decided, role }: State): View {
  return { promised, acceptedRound, log, decided, leads: role.name === 'leader', phase: role.phase };
}

const ROUNDS = [
  'n1:a',
  'n1:ab',
  'n1:a n2:b',
  'n1:ab n2:c',
  'n1:a n2:b n1',
  'n1:a n2:b n3',
  'n1:ab n2:c n1',
  'n1:a n2:b n1:c n2',
] as const;

export const sequencePaxosSystem = system({
  name: 'sequence-paxos',
  summary: 'Sequence Paxos: a replicated log under changing leaders, lost sessions and crashes',
  parameters: {
    nodes: integer({ default: 3, min: 2, max: 5, help: 'processes' }),
    rounds: choice({
      default: 'n1:a n2:b',
      options: ROUNDS,
      help: 'who leads in each round, and the commands that a client gives it',
    }),
    linkCuts: integer({
      default: 0,
      min: 0,
      max: 3,
      help: 'how many sessions are lost; each may be followed by another',
    }),
    crashes: integer({ default: 0, min: 0, max: 3, help: 'how many crashes; each may be followed by a recovery' }),
  },
  rules: soundRules,
  scenarios,
  mutants,

  build({ nodes, rounds, linkCuts, crashes }, rules: Rules) {
    const ids = Array.from({ length: nodes }, (_, index) => `n${index + 1}`);
    const workload = parseWorkload(rounds);
    return {
      processes: ids.map((id) => ({ id, protocol: sequencePaxos(rules) })),
      network: 'fifo',
      environment: { requests: requestsOf(workload), linkCuts, crashes, recoveries: crashes },
      view: viewOf,
      history: sequenceHistory(nodes, (state: State) => state),
      properties: [...safety(nodes, workload), ...witnesses(nodes, workload, linkCuts)],
      quiescence: everythingDecided,
    };
  },
});

/** What must always hold, whoever elects the leaders. */
export function safety(nodes: number, { commands }: Pick<Workload, 'commands'>) {
  const proposed = commands.map(({ command }) => command);
  return [
    always('SC1 validity', ({ history }: Seen) => sequenceValidity(history.decided, proposed)),
    always('SC2 uniform agreement', ({ history }: Seen) => sequenceAgreement(history.decided)),
    always('SC3 integrity', ({ history }: Seen) => sequenceIntegrity(history.decided)),
    always('log coherence', ({ history }: Seen) => logCoherence(history.array, ballotRules(nodes))),
    always('later rounds extend what is chosen', ({ history }: Seen) =>
      extendsChosen(history.array, ballotRules(nodes)),
    ),
    always('accepted is promised, decided is accepted', ({ views }: Seen) => {
      const broken = Object.entries(views).find(
        ([, view]) => compareBallots(view.acceptedRound, view.promised) > 0 || view.decided > view.log.length,
      );
      return broken === undefined ? true : `${broken[0]} has accepted or decided too much`;
    }),
    alwaysStep('promise, accepted round and decided length only grow', ({ views: before }: Seen, { views }: Seen) => {
      const shrunk = Object.entries(views).find(([id, now]) => {
        const then = before[id];
        return then !== undefined && isBehind(now, then);
      });
      return shrunk === undefined ? true : `${shrunk[0]} went back`;
    }),
  ];
}

function isBehind(now: View, then: View): boolean {
  return (
    compareBallots(now.promised, then.promised) < 0 ||
    compareBallots(now.acceptedRound, then.acceptedRound) < 0 ||
    now.decided < then.decided
  );
}

/** The interesting cases, each of which must be reachable where the workload allows it. */
function witnesses(nodes: number, { ballots, commands }: Workload, linkCuts: number) {
  const isGiven = (command: Command, leader: string) =>
    commands.some((other) => other.command === command && other.ballot.proposer === leader);
  const ofOneLeader = [
    sometimes('a command is decided', ({ history }: Seen) => Object.keys(history.decided).length > 0),
    sometimes(
      'everyone has decided the same sequence',
      ({ views }: Seen) =>
        Object.keys(views).length === nodes && Object.values(views).every(({ decided }) => decided === commands.length),
    ),
  ];
  const ofChange = [
    sometimes('a command is decided after a change of leader', ({ views, history }: Seen) =>
      Object.values(views).some(
        ({ decided, acceptedRound }) =>
          decided > 0 && history.array.some(({ round }) => compareBallots(round, acceptedRound) < 0),
      ),
    ),
    sometimes('a new leader adopts the command of another', ({ history }: Seen) =>
      history.array.some(
        ({ process, round, sequence }) =>
          round.proposer === process && sequence.some((command) => !isGiven(command, process)),
      ),
    ),
    sometimes('an accepted sequence that was not chosen is overwritten', ({ history }: Seen) =>
      history.array.some(({ process, sequence }, index) =>
        history.array.some(
          (later, at) => at > index && later.process === process && !areComparable(sequence, later.sequence),
        ),
      ),
    ),
    sometimes(
      'sequences are chosen in two rounds',
      ({ history }: Seen) =>
        chosenSequences(history.array, ballotRules(nodes)).filter(({ sequence }) => sequence.length > 0).length > 1,
    ),
  ];
  const ofDrop = [
    sometimes('a follower asks to be synchronised again', ({ views }: Seen) =>
      Object.values(views).some(({ phase }) => phase === 'recover'),
    ),
  ];
  const changes = ballots.length > 1 && commands.some(({ ballot }) => ballot.round > 1);
  return [...ofOneLeader, ...(changes ? ofChange : []), ...(linkCuts > 0 ? ofDrop : [])];
}

/**
 * SC4, termination, as far as finite runs show it: when nothing more can happen, and the process with the highest ballot
 * is up and leads, everyone that is up has decided its whole log.
 */
function everythingDecided({ views }: Seen): Verdict {
  const [highest] = Object.entries(views).sort(([, a], [, b]) => compareBallots(b.promised, a.promised));
  if (highest === undefined || !highest[1].leads) return true;
  const [leader, { log, promised }] = highest;
  const behind = Object.entries(views).find(
    ([, view]) => !(isPrefix(log, decidedSequence(view)) && view.decided === log.length),
  );
  if (behind === undefined) return true;
  return `${leader} leads in round ${ballotName(promised)} with ${sequenceName(log)}, but ${behind[0]} has decided ${sequenceName(decidedSequence(behind[1]))}`;
}
