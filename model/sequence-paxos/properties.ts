/** What must hold of Sequence Paxos, and what must be reachable. */

import { chosenSequences, extendsChosen, logCoherence } from '../../spec/ballot-array.ts';
import {
  areComparable,
  isPrefix,
  sequenceAgreement,
  sequenceConsensus,
  sequenceIntegrity,
  sequenceName,
  sequenceValidity,
} from '../../spec/sequence-consensus.ts';
import { always, alwaysStep, refines, type Snapshot, sometimes, type Verdict } from '../contract/index.ts';
import { type Ballot, ballotName, compareBallots } from '../kernels/ballot.ts';
import { entriesOf } from '../kernels/log.ts';
import { ballotRules, decidedSequence, type History } from './history.ts';
import type { Command, State } from './sequence-paxos.ts';
import type { Workload } from './workload.ts';

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
  return { promised, acceptedRound, log: entriesOf(log), decided, leads: role.name === 'leader', phase: role.phase };
}

/** What must always hold, whoever elects the leaders. */
export function safety(nodes: number, proposed: readonly Command[]) {
  return [
    always('SC1 validity', ({ history }: Seen) => sequenceValidity(history.decided, proposed), { ofWorkload: true }),
    always('SC2 uniform agreement', ({ history }: Seen) => sequenceAgreement(history.decided)),
    always('SC3 integrity', ({ history }: Seen) => sequenceIntegrity(history.decided)),
    refines(sequenceConsensus, ({ history }: Seen) => Object.values(history.decided).flat()),
    always('log coherence', ({ history }: Seen) => logCoherence([...history.array], ballotRules(nodes))),
    always('later rounds extend what is chosen', ({ history }: Seen) =>
      extendsChosen([...history.array], ballotRules(nodes)),
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
export function witnesses(nodes: number, { ballots, commands }: Workload, linkCuts: number) {
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
          decided > 0 && [...history.array].some(({ round }) => compareBallots(round, acceptedRound) < 0),
      ),
    ),
    sometimes('a new leader adopts the command of another', ({ history }: Seen) =>
      [...history.array].some(
        ({ process, round, sequence }) =>
          round.proposer === process && sequence.some((command) => !isGiven(command, process)),
      ),
    ),
    sometimes('an accepted sequence that was not chosen is overwritten', ({ history }: Seen) =>
      [...history.array].some(({ process, sequence }) =>
        [...history.array].some((other) => other.process === process && !areComparable(sequence, other.sequence)),
      ),
    ),
    sometimes(
      'sequences are chosen in two rounds',
      ({ history }: Seen) =>
        chosenSequences([...history.array], ballotRules(nodes)).filter(({ sequence }) => sequence.length > 0).length >
        1,
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
export function everythingDecided({ views }: Seen): Verdict {
  const [highest] = Object.entries(views).sort(([, a], [, b]) => compareBallots(b.promised, a.promised));
  if (highest === undefined || !highest[1].leads) return true;
  const [leader, { log, promised }] = highest;
  const behind = Object.entries(views).find(
    ([, view]) => !(isPrefix(log, decidedSequence(view)) && view.decided === log.length),
  );
  if (behind === undefined) return true;
  return `${leader} leads in round ${ballotName(promised)} with ${sequenceName(log)}, but ${behind[0]} has decided ${sequenceName(decidedSequence(behind[1]))}`;
}
