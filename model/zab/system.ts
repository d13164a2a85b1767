/** What is checked of Zab: leaders that take over from each other, and the orders that it keeps where Multi-Paxos does not. */

import {
  globalLeaderOrder,
  localLeaderOrder,
  noCreation,
  noDuplication,
  prefixAgreement,
  primaryIntegrity,
  totalOrder,
} from '../../spec/broadcast.ts';
import { sequenceConsensus } from '../../spec/sequence-consensus.ts';
import {
  always,
  alwaysStep,
  type ClientRequest,
  choice,
  integer,
  type ProcessId,
  refines,
  type Snapshot,
  sometimes,
  system,
  type Verdict,
} from '../contract/index.ts';
import { compareZxids, type Zxid } from '../kernels/zxid.ts';
import { type Led, ledEpochs, workload } from '../multi-paxos/workload.ts';
import { type History, history } from './history.ts';
import { scenarios } from './scenarios.ts';
import { type Report, type Rules, type State, soundRules, type Transaction, type Value, zab } from './zab.ts';

/** What properties see of a process. */
interface View {
  readonly acceptedEpoch: number;
  readonly currentEpoch: number;
  readonly last: Zxid | null;
  /** Of the transactions in its history. */
  readonly values: readonly Value[];
}

type Seen = Snapshot<View, History>;

export const zabSystem = system({
  name: 'zab',
  summary: 'Zab: atomic broadcast for primaries; discovery, synchronization, broadcast',
  parameters: {
    nodes: integer({ default: 3, min: 1, max: 7, help: 'processes' }),
    workload: workload(210),
    leaders: integer({ default: 3, min: 1, max: 7, help: 'how many processes take turns in being elected' }),
    followers: choice({
      default: 'next',
      options: ['next', 'last', 'all'],
      help: 'who may follow a leader, once per election: the next process in turn, always the last one, or all',
    }),
    crashes: integer({
      default: 0,
      min: 0,
      max: 9,
      help: 'how many crashes, in all; each may be followed by a recovery',
    }),
    'link-cuts': integer({ default: 0, min: 0, max: 9, help: 'how many sessions may be lost, in all' }),
  },
  rules: soundRules,
  scenarios,
  mutants: {
    'epoch-ge': {
      help: 'A follower accepts an epoch that it has accepted already.',
      rules: { mayAccept: (accepted, epoch) => accepted <= epoch },
      breaks: 'agreement',
      parameters: { workload: 1100, leaders: 2, followers: 'last' },
    },
    'no-epoch-promise': {
      help: 'A follower accepts any epoch, and does not record it before it is synchronized.',
      rules: { mayAccept: () => true, acceptedAfter: (accepted) => accepted, maySynchronize: () => true },
      breaks: 'agreement',
      parameters: { workload: 110, leaders: 2, followers: 'last' },
    },
    'paxos-merge': {
      help: 'A new epoch begins from the transaction of the highest epoch at each position, as a Paxos leader would have it.',
      rules: { choose: mergePositions },
      breaks: 'global leader order',
    },
    'pick-longest': {
      help: 'A new epoch begins from the longest history.',
      rules: { choose: (reports) => reports.toSorted((a, b) => b.history.length - a.history.length)[0]?.history ?? [] },
      breaks: 'total order',
    },
    'keep-current-epoch': {
      help: 'A follower takes over the history of a leader, but keeps its old current epoch.',
      rules: { currentAfter: (current) => current },
      breaks: 'total order',
    },
    'no-sync-wait': {
      help: 'A leader broadcasts before a quorum has acknowledged NEWLEADER.',
      rules: { mayBroadcast: (phase) => phase !== 'discovery' },
      breaks: 'primary integrity',
    },
    'zxid-only': {
      help: 'A new epoch begins from the history with the highest last zxid, whoever was synchronized last.',
      rules: {
        choose: (reports) =>
          reports.toSorted((a, b) => compareZxids(lastZxid(b.history), lastZxid(a.history)))[0]?.history ?? [],
      },
      breaks: 'primary integrity',
    },
    'propose-to-ackld': {
      help: 'A leader proposes only to followers that have acknowledged NEWLEADER.',
      rules: { proposeTo: ({ acked }) => Object.keys(acked) },
      breaks: 'what is committed is there',
      parameters: { workload: 1, followers: 'all' },
    },
    'volatile-accepted-epoch': {
      help: 'A process forgets in a crash which epoch it has accepted.',
      rules: { durable: ['currentEpoch', 'history'] },
      breaks: 'one leader per epoch',
      parameters: { workload: 11, crashes: 1 },
    },
    'volatile-history': {
      help: 'A process forgets its history in a crash.',
      rules: { durable: ['acceptedEpoch', 'currentEpoch'] },
      breaks: 'agreement',
      parameters: { workload: 11, crashes: 1 },
    },
  },

  build({ nodes, workload, leaders, followers, crashes, 'link-cuts': linkCuts }, rules: Rules) {
    const ids = Array.from({ length: nodes }, (_, index) => `n${index + 1}`);
    const elections = ledEpochs(workload, ids.slice(0, leaders));
    const values = elections.flatMap(({ commands }) => commands);
    return {
      processes: ids.map((id) => ({ id, protocol: zab(rules) })),
      network: 'fifo',
      environment: {
        requests: elections.flatMap((election, index) =>
          requestsOf(election, followersOf(election.leader, index, ids, followers)),
        ),
        crashes,
        recoveries: crashes,
        linkCuts,
      },
      view: ({ acceptedEpoch, currentEpoch, history }: State): View => ({
        acceptedEpoch,
        currentEpoch,
        last: lastZxid(history),
        values: history.map(({ value }) => value),
      }),
      history,
      symmetry: elections.map(({ commands }) => commands),
      properties: [
        always('agreement', ({ history }: Seen) => prefixAgreement(history.delivered)),
        refines(sequenceConsensus, ({ history }: Seen) => Object.values(history.delivered)),
        always('total order', ({ history }: Seen) => totalOrder(history.delivered)),
        always('no creation', ({ history }: Seen) => noCreation(history.delivered, values)),
        always('no duplication between crashes', ({ history }: Seen) => noDuplication(history.delivered)),
        always('local leader order', ({ history }: Seen) => localLeaderOrder(history.delivered, history.broadcasts)),
        always('global leader order', ({ history }: Seen) => globalLeaderOrder(history.delivered, history.broadcasts)),
        always('primary integrity', ({ history }: Seen) => primaryIntegrity(history.delivered, history.broadcasts)),
        always('one leader per epoch', ({ history }: Seen) => oneLeaderPerEpoch(history)),
        always('epochs are accepted, then current, then in the history', epochsInStep),
        always('what is committed is there', ({ history }: Seen) => lacksNothing(history)),
        alwaysStep('epochs only grow', epochsGrow),
        sometimes('a transaction is delivered', ({ history }: Seen) => Object.keys(history.delivered).length > 0),
        ...(elections.length < 3
          ? []
          : [
              sometimes(
                'a transaction is discarded',
                ({ views, crashed, history }: Seen) =>
                  crashed.length === 0 &&
                  history.broadcasts.some(({ messages }) =>
                    messages.some((message) => Object.values(views).every(({ values }) => !values.includes(message))),
                  ),
              ),
            ]),
        ...(elections.slice(1).every(({ commands }) => commands.length === 0)
          ? []
          : [
              sometimes('a primary has delivered what an earlier one broadcast', ({ history }: Seen) =>
                history.broadcasts.some(({ deliveredBefore }) => deliveredBefore.length > 0),
              ),
            ]),
      ],
    };
  },
});

/** A leader is elected, others follow it, its clients have commands for it; all of this at any time. */
function requestsOf({ epoch: turn, leader, commands }: Led, followers: readonly ProcessId[]): ClientRequest[] {
  const client = `election ${turn}`;
  return [
    { to: leader, client, request: { type: 'elected' } },
    ...followers.map((to) => ({ to, client, request: { type: 'follow', leader } })),
    ...commands.map((value) => ({ to: leader, request: { type: 'broadcast', value } })),
  ];
}

function followersOf(leader: ProcessId, index: number, ids: readonly ProcessId[], which: string): ProcessId[] {
  const others = ids.filter((id) => id !== leader);
  const next = ids[(index + 1) % ids.length];
  if (which === 'all') return others;
  return which === 'next' && others.some((id) => id === next) ? others.filter((id) => id === next) : others.slice(-1);
}

function lastZxid(history: readonly Transaction[]): Zxid | null {
  return history.at(-1)?.zxid ?? null;
}

/** At each position, the transaction with the highest epoch, of however many histories have one there. */
function mergePositions(reports: readonly Report[]): readonly Transaction[] {
  const length = Math.max(...reports.map(({ history }) => history.length));
  return Array.from({ length }, (_, at) =>
    reports.flatMap(({ history }) => history[at] ?? []).toSorted((a, b) => compareZxids(b.zxid, a.zxid)),
  ).flatMap(([highest]) => highest ?? []);
}

function oneLeaderPerEpoch({ established }: History): Verdict {
  const shared = Object.entries(established).find(([, leaders]) => leaders.length > 1);
  return shared === undefined ? true : `${shared[1].join(' and ')} have both established epoch ${shared[0]}`;
}

function epochsInStep({ views }: Seen): Verdict {
  const astray = Object.entries(views).find(
    ([, { acceptedEpoch, currentEpoch, last }]) => acceptedEpoch < currentEpoch || currentEpoch < (last?.epoch ?? 0),
  );
  if (astray === undefined) return true;
  const [process, { acceptedEpoch, currentEpoch, last }] = astray;
  return `${process} has accepted epoch ${acceptedEpoch}, is in ${currentEpoch}, and has a transaction of ${last?.epoch ?? 0}`;
}

function epochsGrow({ views: before }: Seen, { views: after }: Seen): Verdict {
  for (const [process, { acceptedEpoch, currentEpoch }] of Object.entries(after)) {
    const was = before[process];
    if (was !== undefined && (was.acceptedEpoch > acceptedEpoch || was.currentEpoch > currentEpoch))
      return `${process} went back to an earlier epoch`;
  }
  return true;
}

function lacksNothing({ lacking }: History): Verdict {
  if (lacking === null) return true;
  const { process, zxid } = lacking;
  return `${process} was told to deliver ${zxid.epoch}.${zxid.counter}, which is not in its history`;
}
