/**
 * Paxos as a bare transition system over the set of messages sent, to be laid beside the module Paxos.
 *
 * Source: Lamport, module Paxos of the TLA+ examples (specifications/Paxos), "without explicit leaders or learners"; actions
 * have the module's names and order, and are steps wherever the module's are, also where they change nothing.
 * Faults: messages lost, late, out of order and twice; processes that stop.
 * Differences: quorums are the majorities; `None` is null. The module's model MCPaxos has one acceptor and one value, in which
 * no mutant below shows; the defaults here have three and two.
 * The same protocol as processes that exchange messages is model/paxos.
 */

import { consensus } from '../../spec/consensus.ts';
import type { Verdict } from '../../spec/property.ts';
import { type BallotRules, type CastVote, chosenStaysChosen, chosenValues, votesSafe } from '../../spec/voting.ts';
import { always, integer, refines, sometimes, transitionSystem } from '../contract/index.ts';
import { ofType, sent } from '../kernels/message-set.ts';
import { majorities, majority } from '../kernels/quorum.ts';

type Acceptor = string;
type Value = string;
/** -1 is below all ballots. */
type Ballot = number;

export type Message =
  | { readonly type: '1a'; readonly bal: Ballot }
  | {
      readonly type: '1b';
      readonly acc: Acceptor;
      readonly bal: Ballot;
      readonly mbal: Ballot;
      readonly mval: Value | null;
    }
  | { readonly type: '2a'; readonly bal: Ballot; readonly val: Value }
  | { readonly type: '2b'; readonly acc: Acceptor; readonly bal: Ballot; readonly val: Value };

type PhaseOneB = Extract<Message, { type: '1b' }>;

export interface State {
  /** The highest ballot that each acceptor has heard of. */
  readonly maxBal: Readonly<Record<Acceptor, Ballot>>;
  /** The vote with the highest ballot that each acceptor has cast: (-1, null) for none. */
  readonly maxVBal: Readonly<Record<Acceptor, Ballot>>;
  readonly maxVal: Readonly<Record<Acceptor, Value | null>>;
  readonly msgs: ReadonlySet<Message>;
}

/** What the module declares as constants. */
export interface Constants {
  readonly acceptors: readonly Acceptor[];
  readonly values: readonly Value[];
  readonly ballots: readonly Ballot[];
}

/** The rules on which agreement rests, each in one place. A mutant replaces one. */
export const soundRules = {
  /** Whether an acceptor that has heard of `maxBal` promises. */
  mayPromise: (bal: Ballot, maxBal: Ballot): boolean => bal > maxBal,
  /** Whether it votes. */
  mayVote: (bal: Ballot, maxBal: Ballot): boolean => bal >= maxBal,
  /** Whether values may be proposed at a ballot at which some have been. */
  mayPropose: (proposed: readonly Value[]): boolean => proposed.length === 0,
  /** What of the messages is left when an acceptor votes: a message, once sent, is for ever. */
  kept: (msgs: ReadonlySet<Message>, _voter: Acceptor): ReadonlySet<Message> => msgs,
  /** Whether a quorum's promises, of which `votes` report a vote, show that a value is safe. */
  isSafe: (value: Value, votes: readonly PhaseOneB[]): boolean =>
    votes.length === 0 || votes.some((vote) => vote.mval === value && votes.every((other) => vote.mbal >= other.mbal)),
};

export type Rules = typeof soundRules;

export function initial({ acceptors }: Constants): State {
  return {
    maxBal: Object.fromEntries(acceptors.map((acceptor) => [acceptor, -1])),
    maxVBal: Object.fromEntries(acceptors.map((acceptor) => [acceptor, -1])),
    maxVal: Object.fromEntries(acceptors.map((acceptor) => [acceptor, null])),
    msgs: new Set(),
  };
}

/** `Next`: the steps that are enabled, by their action. */
export function* next(state: State, constants: Constants, rules: Rules): Generator<readonly [string, State]> {
  const { acceptors, values, ballots } = constants;
  for (const b of ballots) {
    yield [`Phase1a(${b})`, { ...state, msgs: sent(state.msgs, { type: '1a', bal: b }) }];
    for (const v of values)
      for (const after of phase2a(state, b, v, acceptors, rules)) yield [`Phase2a(${b}, ${v})`, after];
  }
  for (const a of acceptors) {
    for (const after of phase1b(state, a, rules)) yield [`Phase1b(${a})`, after];
    for (const after of phase2b(state, a, rules)) yield [`Phase2b(${a})`, after];
  }
}

/** A promise: the acceptor will take no part in lower ballots. */
function* phase1b({ maxBal, maxVBal, maxVal, msgs }: State, a: Acceptor, rules: Rules): Generator<State> {
  for (const { bal } of ofType(msgs, '1a')) {
    if (!rules.mayPromise(bal, maxBal[a] ?? -1)) continue;
    const promise: Message = { type: '1b', acc: a, bal, mbal: maxVBal[a] ?? -1, mval: maxVal[a] ?? null };
    yield { maxBal: { ...maxBal, [a]: bal }, maxVBal, maxVal, msgs: sent(msgs, promise) };
  }
}

/** A proposal that some quorum's promises show to be safe: once for each such quorum, as TLC counts. */
function* phase2a(state: State, b: Ballot, v: Value, acceptors: readonly Acceptor[], rules: Rules): Generator<State> {
  const { msgs } = state;
  const proposed = ofType(msgs, '2a').filter(({ bal }) => bal === b);
  if (!rules.mayPropose(proposed.map(({ val }) => val))) return;
  const promises = ofType(msgs, '1b').filter(({ bal }) => bal === b);
  for (const quorum of majorities(acceptors)) {
    const ofQuorum = promises.filter(({ acc }) => quorum.includes(acc));
    if (!quorum.every((acceptor) => ofQuorum.some(({ acc }) => acc === acceptor))) continue;
    if (
      rules.isSafe(
        v,
        ofQuorum.filter(({ mbal }) => mbal >= 0),
      )
    )
      yield { ...state, msgs: sent(msgs, { type: '2a', bal: b, val: v }) };
  }
}

/** A vote. */
function* phase2b({ maxBal, maxVBal, maxVal, msgs }: State, a: Acceptor, rules: Rules): Generator<State> {
  for (const { bal, val } of ofType(msgs, '2a')) {
    if (!rules.mayVote(bal, maxBal[a] ?? -1)) continue;
    yield {
      maxBal: { ...maxBal, [a]: bal },
      maxVBal: { ...maxVBal, [a]: bal },
      maxVal: { ...maxVal, [a]: val },
      msgs: sent(rules.kept(msgs, a), { type: '2b', acc: a, bal, val }),
    };
  }
}

/** The votes ever cast. */
function votes({ msgs }: State): CastVote<Ballot, Value>[] {
  return ofType(msgs, '2b').map(({ acc, bal, val }) => ({ acceptor: acc, ballot: bal, value: val }));
}

export const paxosMessageSetSystem = transitionSystem({
  name: 'paxos-message-set',
  summary: 'Paxos over its set of messages, as in the TLA+ examples',
  parameters: {
    acceptors: integer({ default: 3, min: 1, max: 5, help: 'acceptors' }),
    values: integer({ default: 2, min: 1, max: 3, help: 'values that may be proposed' }),
    ballots: integer({ default: 2, min: 1, max: 4, help: 'ballots, from 0' }),
  },
  rules: soundRules,
  mutants: {
    'promise-lower': {
      help: 'An acceptor promises for any ballot, and then takes part in lower ones again.',
      rules: { mayPromise: () => true },
      breaks: 'VotesSafe',
    },
    'vote-below-promise': {
      help: 'An acceptor votes at a ballot below the one that it has promised.',
      rules: { mayVote: () => true },
      breaks: 'agreement',
    },
    'two-proposals': {
      help: 'Two values may be proposed at one ballot.',
      rules: { mayPropose: () => true },
      breaks: 'one value per ballot',
    },
    'ignore-votes': {
      help: 'A proposer ignores the votes reported to it (the module with "or" for "and" in Phase2a).',
      rules: { isSafe: () => true },
      breaks: 'agreement',
    },
    'last-votes-only': {
      help: 'What is chosen is read off the last vote of each acceptor, and so is no longer chosen while they vote again.',
      rules: { kept: (msgs, voter) => new Set([...msgs].filter((m) => m.type !== '2b' || m.acc !== voter)) },
      breaks: 'refines consensus',
    },
  },
  build({ acceptors, values, ballots }, rules: Rules) {
    const constants: Constants = {
      acceptors: Array.from({ length: acceptors }, (_, index) => `a${index + 1}`),
      values: Array.from({ length: values }, (_, index) => `v${index + 1}`),
      ballots: Array.from({ length: ballots }, (_, index) => index),
    };
    const voting: BallotRules<Ballot> = {
      quorum: majority(acceptors),
      compare: (a, b) => a - b,
      name: String,
    };
    return {
      initial: () => [initial(constants)],
      next: (state: State) => next(state, constants, rules),
      // Values would be interchangeable too, but for the witnesses below, which name them.
      symmetry: [constants.acceptors],
      properties: [
        always('agreement', (state: State) => atMostOneChosen(state, voting)),
        refines(consensus, (state: State) => chosenIn(state, voting)),
        always('VotesSafe', (state: State) => votesSafe(votes(state), state.maxBal, voting)),
        always('one value per ballot', (state: State) => oneValuePerBallot(state)),
        always('a chosen value stays chosen', (state: State) => chosenStaysChosen(votes(state), voting)),
        ...constants.values.map((value) =>
          sometimes(`${value} is chosen`, (state: State) =>
            chosenValues(votes(state), voting).some((chosen) => chosen.value === value),
          ),
        ),
        ...(ballots < 2
          ? []
          : [
              sometimes(
                'a value is chosen at two ballots',
                (state: State) => chosenValues(votes(state), voting).length > 1,
              ),
            ]),
      ],
    };
  },
});

/** Module Voting, `chosen`. */
function chosenIn(state: State, voting: BallotRules<Ballot>): ReadonlySet<Value> {
  return new Set(chosenValues(votes(state), voting).map(({ value }) => value));
}

/** Module Consensus, its invariant: at most one value is chosen. */
function atMostOneChosen(state: State, voting: BallotRules<Ballot>): Verdict {
  const chosen = chosenIn(state, voting);
  return chosen.size <= 1 || `${[...chosen].join(' and ')} are chosen`;
}

/** Module Voting, `OneValuePerBallot`. */
function oneValuePerBallot(state: State): Verdict {
  for (const { bal, val } of ofType(state.msgs, '2b')) {
    const other = ofType(state.msgs, '2b').find((vote) => vote.bal === bal && vote.val !== val);
    if (other !== undefined) return `at ballot ${bal} there are votes for ${val} and for ${other.val}`;
  }
  return true;
}
