/**
 * Paxos Commit as a bare transition system over the set of messages sent, to be laid beside the module PaxosCommit: for each
 * resource manager an instance of Paxos chooses whether it is prepared, and the transaction commits if all are.
 *
 * Source: Lamport, module PaxosCommit of the TLA+ examples (specifications/transaction_commit); Gray and Lamport, "Consensus on
 * Transaction Commit" (2006), section 4. Variables and actions have the module's names, and actions are steps wherever the
 * module's are, also where they change nothing.
 * Faults: messages lost, late, out of order and twice; resource managers and a minority of acceptors that stop; any number of
 * leaders at once.
 * Left out, as in the module: who leads, and messages that ask resource managers to prepare.
 * Differences: what the module chooses within an action (a message that was sent, a majority, an outcome) is a parameter here,
 * so that each step has a name. Majorities are the smallest ones, as in the module's model. `none` is null.
 */

import type { RMState } from '../../spec/transaction-commit.ts';
import { type Actions, each, when } from '../contract/index.ts';
import { majorities } from '../kernels/quorum.ts';

type RM = string;
type Acceptor = string;
/** -1 is below all ballots; at ballot 0 a resource manager proposes for itself. */
export type Ballot = number;
export type Value = 'prepared' | 'aborted';

const VALUES: readonly Value[] = ['prepared', 'aborted'];

/** `ins` is the instance that a message belongs to: the resource manager whose vote is chosen. */
export type Message =
  | { readonly type: 'phase1a'; readonly ins: RM; readonly bal: Ballot }
  | PhaseOneB
  | { readonly type: 'phase2a'; readonly ins: RM; readonly bal: Ballot; readonly val: Value }
  | { readonly type: 'phase2b'; readonly ins: RM; readonly acc: Acceptor; readonly bal: Ballot; readonly val: Value }
  | { readonly type: 'Commit' | 'Abort' };

/** The promise of ballot `mbal`, with the vote of the acceptor that has the highest ballot. */
export type PhaseOneB = Vote & {
  readonly type: 'phase1b';
  readonly ins: RM;
  readonly mbal: Ballot;
  readonly acc: Acceptor;
};

/** A vote; at ballot -1, that there has been none. */
interface Vote {
  readonly bal: Ballot;
  readonly val: Value | null;
}

/** An acceptor, in an instance: the highest ballot it has heard of, and its vote with the highest ballot. */
export interface AcceptorState extends Vote {
  readonly mbal: Ballot;
}

export interface State {
  readonly rmState: Readonly<Record<RM, RMState>>;
  readonly aState: Readonly<Record<RM, Readonly<Record<Acceptor, AcceptorState>>>>;
  readonly msgs: ReadonlySet<Message>;
}

/** What the module declares as constants. */
export interface Constants {
  readonly rms: readonly RM[];
  readonly acceptors: readonly Acceptor[];
  readonly ballots: readonly Ballot[];
}

/** The rules, each in one place. A mutant replaces one. */
export const soundRules = {
  /** In which states a resource manager may abort of its own accord. */
  rmMayAbort: (rmState: RMState): boolean => rmState === 'working',
  /** What a leader proposes, given the promises of a majority. */
  valueToPropose: (promises: readonly PhaseOneB[]): Value =>
    promises.toSorted((a, b) => b.bal - a.bal).find(({ bal }) => bal >= 0)?.val ?? 'aborted',
  /** Whether an acceptor that has heard of ballot `mbal` votes. */
  mayVote: (mbal: Ballot, bal: Ballot): boolean => mbal <= bal,
  /** In how many of the instances `prepared` must have been chosen for the transaction to commit. */
  preparedNeeded: (rms: number): number => rms,
};

export type Rules = typeof soundRules;

/** `PCInit`. */
export function initial({ rms, acceptors }: Constants): State {
  const aState = Object.fromEntries(acceptors.map((acceptor) => [acceptor, { mbal: 0, bal: -1, val: null }]));
  return {
    rmState: Object.fromEntries(rms.map((rm) => [rm, 'working'])),
    aState: Object.fromEntries(rms.map((rm) => [rm, aState])),
    msgs: new Set(),
  };
}

/** `PCNext`, action by action. */
export function actions(constants: Constants, rules: Rules): Actions<State> {
  const { rms, acceptors, ballots } = constants;
  const leadersBallots = ballots.filter((ballot) => ballot > 0);
  return {
    RMPrepare: each([rms], (state, rm) => {
      when(state.rmState[rm] === 'working');
      state.rmState[rm] = 'prepared';
      state.msgs.add({ type: 'phase2a', ins: rm, bal: 0, val: 'prepared' });
    }),

    RMChooseToAbort: each([rms], (state, rm) => {
      when(rules.rmMayAbort(state.rmState[rm] ?? 'aborted'));
      state.rmState[rm] = 'aborted';
      state.msgs.add({ type: 'phase2a', ins: rm, bal: 0, val: 'aborted' });
    }),

    RMRcvCommitMsg: each([rms], (state, rm) => {
      when(state.msgs.has({ type: 'Commit' }));
      state.rmState[rm] = 'committed';
    }),

    RMRcvAbortMsg: each([rms], (state, rm) => {
      when(state.msgs.has({ type: 'Abort' }));
      state.rmState[rm] = 'aborted';
    }),

    // A leader begins a ballot.
    Phase1a: each([leadersBallots, rms], ({ msgs }, bal, ins) => {
      msgs.add({ type: 'phase1a', ins, bal });
    }),

    // It proposes what the promises of some majority say: a step for each such majority, as TLC counts.
    Phase2a: each([leadersBallots, rms, majorities(acceptors)], ({ msgs }, bal, ins, quorum) => {
      when(!VALUES.some((val) => msgs.has({ type: 'phase2a', ins, bal, val })));
      const promises = quorum.map((acc) => promisesOf(acc, ins, bal, msgs));
      when(promises.every((own) => own.length > 0));
      msgs.add({ type: 'phase2a', ins, bal, val: rules.valueToPropose(promises.flat()) });
    }),

    PCDecide: each([['Commit', 'Abort'] as const], ({ msgs }, type) => {
      const decided = (value: Value) => rms.filter((ins) => isChosen(value, ins, msgs, constants)).length;
      when(type === 'Commit' ? decided('prepared') >= rules.preparedNeeded(rms.length) : decided('aborted') > 0);
      msgs.add({ type });
    }),

    // An acceptor promises.
    Phase1b: each([acceptors, rms, leadersBallots], ({ aState, msgs }, acc, ins, mbal) => {
      const now = aState[ins]?.[acc];
      when(now !== undefined && now.mbal < mbal && msgs.has({ type: 'phase1a', ins, bal: mbal }));
      now.mbal = mbal;
      msgs.add({ type: 'phase1b', ins, mbal, bal: now.bal, val: now.val, acc });
    }),

    // An acceptor votes.
    Phase2b: each([acceptors, rms, ballots, VALUES], ({ aState, msgs }, acc, ins, bal, val) => {
      const now = aState[ins]?.[acc];
      when(now !== undefined && rules.mayVote(now.mbal, bal) && msgs.has({ type: 'phase2a', ins, bal, val }));
      Object.assign(now, { mbal: bal, bal, val });
      msgs.add({ type: 'phase2b', ins, acc, bal, val });
    }),
  };
}

/** What an acceptor has sent of its promise of ballot `mbal`, with a vote at a lower ballot or none. */
function promisesOf(acc: Acceptor, ins: RM, mbal: Ballot, msgs: ReadonlySet<Message>): PhaseOneB[] {
  const below = Array.from({ length: mbal }, (_, bal) => VALUES.map((val): Vote => ({ bal, val }))).flat();
  const none: Vote = { bal: -1, val: null };
  return [none, ...below]
    .map((vote): PhaseOneB => ({ type: 'phase1b', ins, mbal, ...vote, acc }))
    .filter((promise) => msgs.has(promise));
}

/** The module's `Decided`: whether a majority of acceptors has voted for a value at one ballot. */
export function isChosen(
  val: Value,
  ins: RM,
  msgs: ReadonlySet<Message>,
  { acceptors, ballots }: Omit<Constants, 'rms'>,
): boolean {
  return ballots.some((bal) =>
    majorities(acceptors).some((quorum) => quorum.every((acc) => msgs.has({ type: 'phase2b', ins, acc, bal, val }))),
  );
}
