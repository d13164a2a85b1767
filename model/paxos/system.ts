/** What is checked of single-decree Paxos: competing proposers, crashes, and the properties that must hold. */

import { agreement, consensus, type Decisions, integrity, validity } from '../../spec/consensus.ts';
import { type CastVote, chosenStaysChosen, chosenValues, votesSafe } from '../../spec/voting.ts';
import {
  always,
  alwaysStep,
  choice,
  eventually,
  flag,
  type HistoryVariable,
  integer,
  type ObservedStep,
  type ProcessId,
  refines,
  type Snapshot,
  sometimes,
  system,
  weaklyFair,
  withMember,
} from '../contract/index.ts';
import { type Ballot, ballotName, compareBallots } from '../kernels/ballot.ts';
import { majority } from '../kernels/quorum.ts';
import { monitors } from './monitors.ts';
import { paxos, type Rules, type State, soundRules, type Value, type Vote } from './paxos.ts';
import { scenarios } from './scenarios.ts';

/** What each process has ever promised, accepted and decided: a crash does not erase it here. */
interface History {
  readonly promised: Readonly<Record<ProcessId, Ballot>>;
  readonly votes: ReadonlySet<CastVote<Ballot, Value>>;
  readonly decisions: Decisions<Value>;
}

/** What is new in a step. */
interface Observation {
  readonly process: ProcessId;
  readonly promised: Ballot | null;
  readonly vote: Vote | null;
  readonly decided: readonly Value[];
}

const history: HistoryVariable<State, History> = {
  initial: { promised: {}, votes: new Set(), decisions: {} },

  observe({ process, before, after, effects }: ObservedStep<State>): Observation | null {
    const promised = before?.promised === after.promised ? null : after.promised;
    const vote = before?.vote === after.vote ? null : after.vote;
    const decided = effects.flatMap((effect) =>
      effect.type === 'indicate'
        ? [(effect.indication as { readonly type: 'decide'; readonly value: Value }).value]
        : [],
    );
    return promised === null && vote === null && decided.length === 0 ? null : { process, promised, vote, decided };
  },

  next({ promised, votes, decisions }, { process, ...news }: Observation): History {
    const highest = compareBallots(news.promised, promised[process] ?? null) > 0 ? news.promised : null;
    const decided = [...(decisions[process] ?? []), ...news.decided];
    return {
      promised: highest === null ? promised : { ...promised, [process]: highest },
      votes: news.vote === null ? votes : withMember(votes, { acceptor: process, ...news.vote }),
      decisions: decided.length === 0 ? decisions : { ...decisions, [process]: decided },
    };
  },
};

/** What properties see of a process. */
interface View {
  readonly promised: Ballot | null;
  readonly vote: Vote | null;
  readonly decided: Value | null;
}

type Seen = Snapshot<View, History>;

const VALUES = ['a', 'b', 'c', 'd', 'e', 'f', 'g'];

export const paxosSystem = system({
  name: 'paxos',
  summary: 'Single-decree Paxos: competing proposers, durable acceptors, crash and recovery',
  parameters: {
    nodes: integer({ default: 3, min: 1, max: 7, help: 'processes, each proposer, acceptor and learner' }),
    proposers: integer({ default: 2, min: 1, max: 7, help: 'how many of them a client gives a value, each its own' }),
    retries: integer({ default: 0, min: 0, max: 9, help: 'how many refused attempts are tried again, in all' }),
    crashes: integer({
      default: 0,
      min: 0,
      max: 9,
      help: 'how many crashes, in all; each may be followed by a recovery',
    }),
    network: choice({ default: 'bag', options: ['bag', 'set', 'fifo'], help: 'how messages travel' }),
    impatient: flag({ default: false, help: 'option: a proposer tries again when it is not answered, too' }),
  },
  rules: soundRules,
  scenarios,
  mutants: {
    'ignore-promise': {
      help: 'The acceptor accepts below its promise.',
      rules: { mayAccept: () => true },
      breaks: 'agreement',
    },
    'unrecorded-promise': {
      help: 'The acceptor answers a Prepare without recording its promise.',
      rules: { promiseOnPrepare: (promised) => promised },
      breaks: 'agreement',
    },
    'own-value': {
      help: 'The proposer prefers its own value to one that may have been chosen.',
      rules: { choose: (_votes, own) => own },
      breaks: 'agreement',
    },
    'lowest-vote': {
      help: 'The proposer adopts the lowest-numbered vote that is reported to it, not the highest.',
      rules: { choose: (votes, own) => votes.toSorted((a, b) => compareBallots(a.ballot, b.ballot))[0]?.value ?? own },
      breaks: 'agreement',
      parameters: { proposers: 3, network: 'fifo' },
    },
    'minority-promises': {
      help: 'One promise less than a majority ends phase 1.',
      rules: { promisesNeeded: (n) => majority(n) - 1 },
      breaks: 'agreement',
    },
    'minority-votes': {
      help: 'One vote less than a majority decides.',
      rules: { votesNeeded: (n) => majority(n) - 1 },
      breaks: 'agreement',
    },
    'accept-without-promise': {
      help: 'The acceptor accepts a higher ballot without raising its promise to it.',
      rules: { promiseOnAccept: (promised) => promised },
      breaks: 'agreement',
      parameters: { proposers: 3 },
    },
    'reused-ballots': {
      help: 'Proposers share their ballot numbers, and an acceptor promises the same one twice.',
      rules: {
        nextBallot: (highestRound) => ({ round: highestRound + 1, proposer: 'anyone' }),
        mayPromise: (promised, ballot) => compareBallots(ballot, promised) >= 0,
      },
      breaks: 'agreement',
    },
    'volatile-promise': {
      help: 'The acceptor forgets its promise in a crash.',
      rules: { durable: ['vote', 'decided'] },
      breaks: 'agreement',
      parameters: { crashes: 1 },
    },
    'volatile-vote': {
      help: 'The acceptor forgets what it has accepted in a crash.',
      rules: { durable: ['promised', 'decided'] },
      breaks: 'agreement',
      parameters: { crashes: 1 },
    },
    'volatile-decision': {
      help: 'The learner forgets in a crash what it has told its user.',
      rules: { durable: ['promised', 'vote'] },
      breaks: 'integrity',
      parameters: { crashes: 1 },
    },
    'secret-decision': {
      help: 'The proposer tells nobody but itself what is decided.',
      rules: { told: (_processes, self) => [self] },
      breaks: 'every process decides',
      parameters: { proposers: 1, network: 'fifo' },
    },
  },

  build({ nodes, proposers, retries, crashes, network, impatient }, rules: Rules) {
    const ids = Array.from({ length: nodes }, (_, index) => `n${index + 1}`);
    const proposals = ids.slice(0, proposers).map((to, index) => ({ to, value: VALUES[index] ?? 'a' }));
    const ballots = { quorum: majority(nodes), compare: compareBallots, name: ballotName };
    const values = proposals.map(({ value }) => value);
    return {
      processes: ids.map((id) => ({ id, protocol: paxos(rules, { impatient }) })),
      network,
      timers: { retry: [20, 200] },
      environment: {
        requests: proposals.map(({ to, value }) => ({ to, request: { type: 'propose', value } })),
        timeouts: { retry: retries },
        crashes,
        recoveries: crashes,
      },
      view: ({ promised, vote, decided }: State): View => ({ promised, vote, decided }),
      history,
      // Those that propose are told apart by the order of their ballots.
      symmetry: [ids.slice(proposers)],
      properties: [
        always('agreement', ({ history }: Seen) => agreement(history.decisions)),
        always('validity', ({ history }: Seen) => validity(history.decisions, values), { ofWorkload: true }),
        always('integrity', ({ history }: Seen) => integrity(history.decisions)),
        refines(
          consensus,
          ({ history }: Seen) =>
            new Set(chosenValues<Ballot, Value>([...history.votes], ballots).map(({ value }) => value)),
        ),
        always('votes are safe', ({ history }: Seen) =>
          votesSafe<Ballot, Value>([...history.votes], promisesOf(ids, history), ballots),
        ),
        always('a chosen value stays chosen', ({ history }: Seen) =>
          chosenStaysChosen<Ballot, Value>([...history.votes], ballots),
        ),
        alwaysStep('a promise only grows', ({ views: before }: Seen, { views: after }: Seen) => {
          const broken = ids.find(
            (id) => compareBallots(after[id]?.promised ?? null, before[id]?.promised ?? null) < 0,
          );
          return broken === undefined || after[broken] === undefined ? true : `${broken} forgot its promise`;
        }),
        sometimes('a value is decided', ({ history }: Seen) => Object.keys(history.decisions).length > 0),
        ...(proposers < 2
          ? []
          : [
              sometimes('every value can be decided', ({ history }: Seen) =>
                Object.values(history.decisions).some((decided) => decided.includes(values.at(-1) ?? '')),
              ),
              sometimes('a proposer adopts the value of another', ({ history }: Seen) =>
                [...history.votes].some(
                  ({ ballot, value }) => value !== proposals.find(({ to }) => to === ballot.proposer)?.value,
                ),
              ),
              sometimes(
                'a value is chosen twice',
                ({ history }: Seen) => chosenValues<Ballot, Value>([...history.votes], ballots).length > 1,
              ),
            ]),
        // Two that propose can hinder each other, and one that crashes forgets its attempt. Over an unordered network even
        // one hinders itself: an acceptor that its Accept reaches first refuses its Prepare, and it gives that ballot up.
        ...(proposers > 1 || crashes > 0 || network !== 'fifo'
          ? []
          : [
              eventually('every process decides', ({ history }: Seen) =>
                ids.every((id) => (history.decisions[id] ?? []).length > 0),
              ),
            ]),
      ],
      monitors: monitors(nodes),
      fairness: [weaklyFair('request'), weaklyFair('receive')],
      consensus: {
        inputs: Object.fromEntries(proposals.map(({ to, value }) => [to, value])),
        decision: ({ decided }: View) => decided,
      },
    };
  },
});

function promisesOf(ids: readonly ProcessId[], { promised }: History): Record<ProcessId, Ballot | null> {
  return Object.fromEntries(ids.map((id) => [id, promised[id] ?? null]));
}
