/**
 * Paxos Commit as a bare transition system over the set of messages sent, to be laid beside the module PaxosCommit: for each
 * resource manager an instance of Paxos chooses whether it is prepared, and the transaction commits if all are.
 *
 * Source: Lamport, module PaxosCommit of the TLA+ examples (specifications/transaction_commit); Gray and Lamport, "Consensus on
 * Transaction Commit" (2006), section 4. Actions have the module's names, and are steps wherever the module's are, also where
 * they change nothing.
 * Faults: messages lost, late, out of order and twice; resource managers and a minority of acceptors that stop; any number of
 * leaders at once.
 * Left out, as in the module: who leads, and messages that ask resource managers to prepare.
 * Differences: variables are grouped by what an action uses. The acceptors' state and the messages of an instance stand
 * together (`aState[ins]`, and of `msgs` those with that `ins`), and the outcomes announced apart from them. Majorities are the
 * smallest ones, as in the module's model. `none` is null.
 */

import type { RMState } from '../../spec/transaction-commit.ts';
import { isSent, ofType, sent } from '../kernels/message-set.ts';
import { majorities } from '../kernels/quorum.ts';

type RM = string;
type Acceptor = string;
/** -1 is below all ballots; at ballot 0 a resource manager proposes for itself. */
export type Ballot = number;
export type Value = 'prepared' | 'aborted';

/** The messages of an instance. */
export type Message =
  | { readonly type: 'phase1a'; readonly bal: Ballot }
  | {
      readonly type: 'phase1b';
      readonly mbal: Ballot;
      readonly bal: Ballot;
      readonly val: Value | null;
      readonly acc: Acceptor;
    }
  | { readonly type: 'phase2a'; readonly bal: Ballot; readonly val: Value }
  | { readonly type: 'phase2b'; readonly acc: Acceptor; readonly bal: Ballot; readonly val: Value };

type PhaseOneB = Extract<Message, { type: 'phase1b' }>;

/** An acceptor, in an instance: the highest ballot it has heard of, and its vote with the highest ballot. */
export interface AcceptorState {
  readonly mbal: Ballot;
  readonly bal: Ballot;
  readonly val: Value | null;
}

/** The instance of Paxos for a resource manager. */
export interface Instance {
  readonly aState: Readonly<Record<Acceptor, AcceptorState>>;
  readonly msgs: ReadonlySet<Message>;
}

export interface State {
  readonly rmState: Readonly<Record<RM, RMState>>;
  readonly instances: Readonly<Record<RM, Instance>>;
  /** The outcomes that a leader has announced. */
  readonly announced: ReadonlySet<'Commit' | 'Abort'>;
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

export function initial({ rms, acceptors }: Constants): State {
  const aState = Object.fromEntries(acceptors.map((acceptor) => [acceptor, { mbal: 0, bal: -1, val: null }]));
  return {
    rmState: Object.fromEntries(rms.map((rm) => [rm, 'working'])),
    instances: Object.fromEntries(rms.map((rm) => [rm, { aState, msgs: new Set() }])),
    announced: new Set(),
  };
}

/** `PCNext`: the steps that are enabled, by their action. */
export function* next(state: State, constants: Constants, rules: Rules): Generator<readonly [string, State]> {
  const { acceptors, ballots } = constants;
  for (const [rm, instance] of Object.entries(state.instances)) {
    for (const [action, after] of resourceManager(state, rm, instance, rules)) yield [`${action}(${rm})`, after];
    const within = (after: Instance): State => ({ ...state, instances: { ...state.instances, [rm]: after } });
    for (const bal of ballots.filter((ballot) => ballot > 0)) {
      yield [`Phase1a(${bal}, ${rm})`, within(phase1a(instance, bal))];
      for (const after of phase2a(instance, bal, acceptors, rules)) yield [`Phase2a(${bal}, ${rm})`, within(after)];
    }
    for (const [acc, now] of Object.entries(instance.aState)) {
      for (const after of phase1b(instance, acc, now)) yield [`Phase1b(${acc})`, within(after)];
      for (const after of phase2b(instance, acc, now, rules)) yield [`Phase2b(${acc})`, within(after)];
    }
  }
  for (const outcome of decide(state, constants, rules))
    yield ['Decide', { ...state, announced: new Set(state.announced).add(outcome) }];
}

/** The actions of a resource manager. */
function* resourceManager(state: State, rm: RM, instance: Instance, rules: Rules): Generator<readonly [string, State]> {
  const { rmState, instances, announced } = state;
  const now = rmState[rm] ?? 'working';
  const becomes = (after: RMState) => ({ ...rmState, [rm]: after });
  const proposes = (val: Value) => ({ ...instances, [rm]: send(instance, { type: 'phase2a', bal: 0, val }) });

  if (now === 'working')
    yield ['RMPrepare', { ...state, rmState: becomes('prepared'), instances: proposes('prepared') }];
  if (rules.rmMayAbort(now))
    yield ['RMChooseToAbort', { ...state, rmState: becomes('aborted'), instances: proposes('aborted') }];
  if (announced.has('Commit')) yield ['RMRcvCommitMsg', { ...state, rmState: becomes('committed') }];
  if (announced.has('Abort')) yield ['RMRcvAbortMsg', { ...state, rmState: becomes('aborted') }];
}

function send({ aState, msgs }: Instance, message: Message): Instance {
  return { aState, msgs: sent(msgs, message) };
}

/** A leader begins a ballot. */
function phase1a(instance: Instance, bal: Ballot): Instance {
  return send(instance, { type: 'phase1a', bal });
}

/** A leader proposes what the promises of some majority say: once for each such majority, as TLC counts. */
function* phase2a(instance: Instance, bal: Ballot, acceptors: readonly Acceptor[], rules: Rules): Generator<Instance> {
  if (isSent(instance.msgs, { type: 'phase2a', bal })) return;
  const promises = ofType(instance.msgs, 'phase1b').filter(({ mbal }) => mbal === bal);
  for (const quorum of majorities(acceptors)) {
    const ofQuorum = promises.filter(({ acc }) => quorum.includes(acc));
    if (!quorum.every((acceptor) => ofQuorum.some(({ acc }) => acc === acceptor))) continue;
    yield send(instance, { type: 'phase2a', bal, val: rules.valueToPropose(ofQuorum) });
  }
}

/** An acceptor promises. */
function* phase1b({ aState, msgs }: Instance, acc: Acceptor, now: AcceptorState): Generator<Instance> {
  for (const { bal: mbal } of ofType(msgs, 'phase1a')) {
    if (now.mbal >= mbal) continue;
    yield send({ aState: { ...aState, [acc]: { ...now, mbal } }, msgs }, { ...now, type: 'phase1b', mbal, acc });
  }
}

/** An acceptor votes. */
function* phase2b({ aState, msgs }: Instance, acc: Acceptor, now: AcceptorState, rules: Rules): Generator<Instance> {
  for (const { bal, val } of ofType(msgs, 'phase2a')) {
    if (!rules.mayVote(now.mbal, bal)) continue;
    yield send({ aState: { ...aState, [acc]: { mbal: bal, bal, val } }, msgs }, { type: 'phase2b', acc, bal, val });
  }
}

/** What a leader may announce. */
function* decide({ instances }: State, constants: Constants, rules: Rules): Generator<'Commit' | 'Abort'> {
  const chosen = Object.values(instances).map((instance) => chosenIn(instance, constants));
  const prepared = chosen.filter((values) => values.includes('prepared'));
  if (prepared.length >= rules.preparedNeeded(chosen.length)) yield 'Commit';
  if (chosen.some((values) => values.includes('aborted'))) yield 'Abort';
}

/** The values that a majority of acceptors has voted for at one ballot. */
export function chosenIn({ msgs }: Instance, { acceptors, ballots }: Constants): Value[] {
  const votes = ofType(msgs, 'phase2b');
  return (['prepared', 'aborted'] as const).filter((value) =>
    ballots.some((ballot) => {
      const voters = votes.filter(({ bal, val }) => bal === ballot && val === value).map(({ acc }) => acc);
      return majorities(acceptors).some((quorum) => quorum.every((acceptor) => voters.includes(acceptor)));
    }),
  );
}
