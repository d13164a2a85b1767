/** What is checked of Raft: elections, replication and clients, in which bounds, and each rule broken once. */

import {
  type Budget,
  type ClientRequest,
  choice,
  flag,
  type Interchangeable,
  integer,
  type ProcessId,
  system,
  UsageError,
} from '../contract/index.ts';
import { majority } from '../kernels/quorum.ts';
import { compareLogs, endOf } from '../kernels/raft-log.ts';
import { sampleOperations, stateMachines } from '../kernels/state-machine.ts';
import { givenLogs } from './given-logs.ts';
import { history } from './history.ts';
import { monitors } from './monitors.ts';
import { properties, view, witnesses } from './properties.ts';
import { raft } from './raft.ts';
import { type Rules, soundRules } from './rules.ts';
import { scenarios } from './scenarios.ts';
import type { State } from './state.ts';

export const raftSystem = system({
  name: 'raft',
  summary: 'Raft: elections, log replication and repair, clients served exactly once, crash and recovery',
  parameters: {
    nodes: integer({ default: 3, min: 1, max: 7, help: 'servers' }),
    elections: integer({ default: 2, min: 0, max: 9, help: 'election timeouts, in all; without a schedule' }),
    schedule: choice({
      default: 'any',
      options: ['any', 'n1', 'n1,n3', 'n1,n3,n1', 'n1,n3,n1,n3', 'n1,n5,n1,n5'],
      help: 'the one server that may stand for election in each term, in the order of terms',
    }),
    commands: integer({ default: 1, min: 0, max: 9, help: 'operations, each of a client of its own' }),
    clients: choice({
      default: 'roam',
      options: ['roam', 'stay'],
      help: 'a request may reach any server, or each client asks one of its own (the scheduled ones in turn)',
    }),
    retries: integer({ default: 0, min: 0, max: 9, help: 'how often each client may ask again' }),
    heartbeats: integer({ default: 0, min: 0, max: 99, help: 'heartbeat timeouts, in all' }),
    crashes: integer({ default: 0, min: 0, max: 9, help: 'crashes, in all; each may be followed by a recovery' }),
    network: choice({ default: 'bag', options: ['bag', 'set', 'fifo'], help: 'how messages travel' }),
    logs: choice({
      default: 'empty',
      options: ['empty', 'figure-7', 'slide-31'],
      help: 'the logs to begin with: none, those of Figure 7 (nodes=7), those of slide 31 (nodes=2)',
    }),
    preVote: flag({ default: false, help: 'option: a server asks whether it would be elected before it stands' }),
    checkQuorum: flag({ default: false, help: 'option: a leader that a majority does not answer steps down' }),
    noop: flag({ default: false, help: 'option: a new leader appends an entry without a command' }),
    emptyHeartbeats: flag({ default: false, help: 'option: heartbeats carry no entries' }),
    scanLog: flag({ default: false, help: 'option: a leader does not append a request that its log has already' }),
    batch: integer({
      default: 0,
      min: 0,
      max: 9999,
      help: 'option: at most so many entries at once to a follower, the next when these are answered; 0: all, at once',
    }),
    skipBack: flag({ default: false, help: 'option: a follower says from where on its log may match the leader' }),
    parallelWrite: flag({ default: false, help: 'option: a leader sends entries before it has written them' }),
    machine: choice({
      default: 'journal',
      options: ['journal', 'key-value'],
      help: 'the state machine that is replicated',
    }),
  },
  rules: soundRules,
  scenarios,
  mutants: {
    'vote-twice': {
      help: 'A server votes for whoever asks, several times in a term.',
      rules: { mayVote: () => true },
      breaks: 'election safety',
    },
    'volatile-vote': {
      help: 'A server forgets in a crash for whom it has voted.',
      rules: { durable: ['currentTerm', 'log'] },
      breaks: 'election safety',
      parameters: { crashes: 1, commands: 0 },
    },
    'volatile-term': {
      help: 'A server forgets in a crash which term it is in.',
      rules: { durable: ['votedFor', 'log'] },
      breaks: 'election safety',
      parameters: { crashes: 1, commands: 0 },
    },
    'minority-elects': {
      help: 'One vote less than a majority elects.',
      rules: { votesNeeded: (n) => majority(n) - 1 },
      breaks: 'election safety',
    },
    'no-log-check': {
      help: 'A server votes without comparing logs.',
      rules: { isUpToDate: () => true },
      breaks: 'leader completeness',
    },
    'strict-log-newer': {
      help: 'A server votes only for a log more up-to-date than its own: nobody is ever elected.',
      rules: { isUpToDate: (candidate, log) => compareLogs(candidate, endOf(log)) > 0 },
      breaks: 'a leader is elected',
    },
    'volatile-log': {
      help: 'A server forgets its log in a crash.',
      rules: { durable: ['currentTerm', 'votedFor'] },
      breaks: 'leader completeness',
      parameters: { schedule: 'n1,n3', clients: 'stay', crashes: 1 },
    },
    'truncate-always': {
      help: 'A follower drops all that it has behind the entries of a message, conflict or not.',
      rules: { keeps: (_log, prevIndex) => prevIndex },
      breaks: 'leader completeness',
    },
    'no-prev-check': {
      help: 'A follower appends without looking at the entry before.',
      rules: { isConsistent: () => true },
      breaks: 'state machine safety',
      parameters: { schedule: 'n1,n3', clients: 'stay', noop: true },
    },
    'heed-stale-leader': {
      help: 'A follower appends for a leader of an earlier term.',
      rules: { isStale: () => false },
      breaks: 'leader completeness',
      parameters: { schedule: 'n1,n3,n1', clients: 'stay', commands: 2, network: 'fifo' },
    },
    'minority-commits': {
      help: 'One server less than a majority commits.',
      rules: { acksNeeded: (n) => majority(n) - 1 },
      breaks: 'leader completeness',
    },
    'count-unwritten': {
      help: 'A leader that sends entries before it has written them counts itself for them at once.',
      rules: { ownMatch: (_written, lastIndex) => lastIndex },
      breaks: 'leader completeness',
      parameters: { schedule: 'n1,n3', clients: 'stay', crashes: 1, parallelWrite: true },
    },
    'commit-old-term': {
      help: 'A leader commits an entry of an earlier term because a majority has it (Figure 8).',
      rules: { mayCommit: () => true },
      breaks: 'leader completeness',
      parameters: { schedule: 'n1,n3,n1,n3', clients: 'stay', commands: 2, network: 'fifo' },
    },
    'commit-no-min': {
      help: 'A follower commits as far as the leader, though its own log may differ there.',
      rules: { followerCommit: (leaderCommit, _lastNew, lastIndex) => Math.min(leaderCommit, lastIndex) },
      breaks: 'state machine safety',
      parameters: { schedule: 'n1,n3', commands: 0, noop: true, emptyHeartbeats: true, heartbeats: 1 },
    },
    'apply-last': {
      help: 'A server that learns that several entries are committed applies the last of them only.',
      rules: { firstToApply: (_lastApplied, commitIndex) => commitIndex },
      breaks: 'refines sequence consensus',
      parameters: { schedule: 'n1', clients: 'stay', commands: 2 },
    },
    'no-session': {
      help: 'An operation is executed as often as it is in the log.',
      rules: { isNew: () => true },
      breaks: 'exactly once',
      parameters: { schedule: 'n1', clients: 'stay', retries: 1 },
    },
  },

  build(values, rules: Rules) {
    const { nodes, elections, schedule, commands, clients, retries, heartbeats, crashes, network, parallelWrite } =
      values;
    const machine = stateMachines[values.machine];
    const ids = Array.from({ length: nodes }, (_, index) => `n${index + 1}`);
    const scheduled = schedule === 'any' ? null : schedule.split(',');
    if (scheduled?.some((id) => !ids.includes(id)))
      throw new UsageError(`schedule=${schedule} needs more than ${nodes} nodes`);
    const homes = [...new Set(scheduled ?? ids)];
    return {
      processes: ids.map((id) => ({
        id,
        protocol: raft({ rules, options: values, machine, logs: givenLogs[values.logs] }),
      })),
      network,
      // The paper suggests 150 to 300 ms (section 9.3); a machine that runs a whole cluster needs more to be calm.
      timers: { election: [300, 600], heartbeat: [50, 50], ...(parallelWrite ? { write: [0, 0] } : {}) },
      environment: {
        requests: sampleOperations[values.machine].slice(0, commands).flatMap((op, index) => {
          const to = clients === 'stay' ? (homes[index % homes.length] ?? ids) : ids;
          const request: ClientRequest = { to, client: `c${index + 1}`, request: execute(op) };
          return Array.from({ length: 1 + retries }, () => request);
        }),
        timeouts: {
          election: scheduled === null ? elections : turnsOf(scheduled),
          heartbeat: heartbeats,
          ...(parallelWrite ? { write: Number.POSITIVE_INFINITY } : {}),
        },
        crashes,
        recoveries: crashes,
      },
      bounds: scheduled === null ? {} : { local: candidatesByTerm(scheduled) },
      view,
      history,
      monitors,
      symmetry: values.logs === 'empty' ? interchangeable(ids, scheduled, values) : [],
      properties: [
        ...properties(values.machine),
        ...witnesses({ ...values, candidacies: scheduled?.length ?? elections, isScheduled: scheduled !== null }),
      ],
    };
  },
});

/** Servers that neither a schedule nor a client names; and clients that roam, each with its operation. */
function interchangeable(
  ids: readonly ProcessId[],
  scheduled: readonly ProcessId[] | null,
  { commands, clients, machine }: { commands: number; clients: 'roam' | 'stay'; machine: keyof typeof stateMachines },
): Interchangeable[] {
  const operations = sampleOperations[machine].slice(0, commands);
  const servers = clients === 'stay' && scheduled === null ? ids.slice(commands) : ids;
  return [
    servers.filter((id) => !scheduled?.includes(id)),
    clients === 'roam' && machine === 'journal' ? operations.map((op, index) => [`c${index + 1}`, String(op)]) : [],
  ];
}

/** How often each server stands for election. */
function turnsOf(scheduled: readonly ProcessId[]): Budget {
  return Object.fromEntries(scheduled.map((id) => [id, scheduled.filter((other) => other === id).length]));
}

/** A bound, not a rule: in each term only one server stands for election (which votes for itself). */
function candidatesByTerm(scheduled: readonly ProcessId[]) {
  return {
    [`candidates by term: ${scheduled.join(', ')}`]: ({ role, currentTerm, votedFor }: State) =>
      role.kind !== 'candidate' || scheduled[currentTerm - 1] === votedFor,
  };
}

/** A client's first and only request. */
function execute(op: unknown) {
  return { type: 'execute', seq: 1, op };
}
