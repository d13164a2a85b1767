/** What is remembered of runs of Sequence Paxos: the ballot array, and what each process has decided. */

import { type AcceptedIn, withAccepted } from '../../spec/ballot-array.ts';
import { type DecidedSequences, withDecided } from '../../spec/sequence-consensus.ts';
import type { BallotRules } from '../../spec/voting.ts';
import { equal, type HistoryVariable, type ObservedStep, type ProcessId } from '../contract/index.ts';
import { type Ballot, ballotName, compareBallots } from '../kernels/ballot.ts';
import { entriesOf } from '../kernels/log.ts';
import { majority } from '../kernels/quorum.ts';
import type { Command, State } from './sequence-paxos.ts';

/** A crash does not erase it here. */
export interface History {
  /** The cells of the ballot array. */
  readonly array: ReadonlySet<AcceptedIn<Ballot, Command>>;
  readonly decided: DecidedSequences<Command>;
}

/** What is new in a step; null for nothing. */
interface Observation {
  readonly process: ProcessId;
  readonly accepted: { readonly round: Ballot; readonly sequence: readonly Command[] } | null;
  readonly decided: readonly Command[] | null;
}

export function ballotRules(nodes: number): BallotRules<Ballot> {
  return { quorum: majority(nodes), compare: compareBallots, name: ballotName };
}

/** The history of a system whose processes hold, somewhere in their states, one of Sequence Paxos. */
export function sequenceHistory<Whole>(
  nodes: number,
  paxosOf: (whole: Whole) => State,
): HistoryVariable<Whole, History> {
  const rules = ballotRules(nodes);
  return {
    initial: { array: new Set(), decided: {} },

    observe({ process, event, before, after }: ObservedStep<Whole>): Observation | null {
      const then = before === null || event.type === 'recover' ? null : paxosOf(before);
      const now = paxosOf(after);
      const accepted = then !== null && equal(acceptedIn(then), acceptedIn(now)) ? null : acceptedIn(now);
      const decided = then !== null && equal(decidedSequence(then), decidedSequence(now)) ? null : decidedSequence(now);
      return accepted === null && decided === null ? null : { process, accepted, decided };
    },

    next({ array, decided }, { process, ...news }: Observation): History {
      return {
        array: news.accepted === null ? array : new Set(withAccepted([...array], { process, ...news.accepted }, rules)),
        decided: news.decided === null ? decided : withDecided(decided, process, news.decided),
      };
    },
  };
}

/** Null for the empty sequence of round 0, which everyone has accepted. */
function acceptedIn({ acceptedRound, log }: State): Observation['accepted'] {
  return acceptedRound === null ? null : { round: acceptedRound, sequence: entriesOf(log) };
}

export function decidedSequence({ log, decided }: Pick<State, 'log' | 'decided'>): readonly Command[] {
  return entriesOf<Command>(log, 0, decided);
}
