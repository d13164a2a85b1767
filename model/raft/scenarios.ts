/** The runs of Raft that lecture and paper tell. */

import { asks, crashes, type EventPattern, fires, type ProcessId, receives, type Scenario } from '../contract/index.ts';

/** A server stands for election and is elected: by `electors`; `others` hear of it, and vote too if they may. */
function elects(
  leader: ProcessId,
  term: number,
  electors: readonly ProcessId[],
  others: readonly ProcessId[] = [],
): EventPattern[] {
  return [
    fires(leader, 'election'),
    ...[...electors, ...others].map((voter) => receives(voter, 'RequestVote', leader, { term })),
    ...electors.map((voter) => receives(leader, 'Vote', voter, { term })),
  ];
}

/** A client asks for its one operation: client c1 for a, c2 for b, and so on. */
function asksFor(server: ProcessId, op: string): EventPattern {
  return asks(server, { op });
}

/** A follower gets an AppendEntries of a term, behind an index, with so many entries, and the leader its answer. */
function appends(leader: ProcessId, term: number, prevIndex: number, entries: readonly object[], follower: ProcessId) {
  const index = prevIndex + entries.length;
  return [
    receives(follower, 'AppendEntries', leader, { term, prevIndex, entries }),
    receives(leader, 'Appended', follower, { term, success: true, index }),
  ];
}

/** A follower whose log does not match at an index refuses, and the leader goes back by one. */
function refuses(leader: ProcessId, term: number, prevIndex: number, follower: ProcessId): EventPattern[] {
  return [
    receives(follower, 'AppendEntries', leader, { term, prevIndex }),
    receives(leader, 'Appended', follower, { term, success: false, index: prevIndex }),
  ];
}

/** The entry that holds an operation of a client: a of c1, b of c2, and so on. */
function entry(term: number, op: string) {
  return { term, command: { client: `c${op.charCodeAt(0) - 'a'.charCodeAt(0) + 1}`, seq: 1, op } };
}

/** Nothing is scheduled: who does what, the scripts say. (A mutant's own parameters are for the explorer.) */
const free = { schedule: 'any', clients: 'roam', network: 'bag' };
const fiveServers = { ...free, nodes: 5, elections: 5, commands: 5 };
const [a, b] = [entry(1, 'a'), entry(1, 'b')];
const [c, d, e] = [entry(2, 'c'), entry(3, 'd'), entry(4, 'e')];

/** Entries 1 and 2 of term 1 are committed on all five servers. */
const beginning = [
  ...elects('n2', 1, ['n1', 'n3'], ['n4', 'n5']),
  asksFor('n2', 'a'),
  asksFor('n2', 'b'),
  ...['n1', 'n3', 'n4', 'n5'].flatMap((follower) => appends('n2', 1, 0, [a, b], follower)),
];

/** Term 2: entry 3 reaches n1 and n2. Term 3: n5 has another entry 3. Term 4: n1 brings its entry 3 to n3 as well. */
const entryThreeOnAMajority = [
  ...beginning,
  ...elects('n1', 2, ['n2', 'n3'], ['n5']),
  asksFor('n1', 'c'),
  receives('n2', 'AppendEntries', 'n1', { term: 2, entries: [c] }),
  ...elects('n5', 3, ['n3', 'n4'], ['n1']),
  asksFor('n5', 'd'),
  ...elects('n1', 4, ['n2', 'n3'], ['n5']),
  ...appends('n1', 4, 3, [], 'n2'),
  ...refuses('n1', 4, 3, 'n3'),
  ...appends('n1', 4, 2, [c], 'n3'),
];

/** Term 5: n5 is elected, and overwrites entry 3. */
const entryThreeOverwritten = [
  ...elects('n5', 5, ['n2', 'n3'], ['n4']),
  ...['n2', 'n3'].flatMap((follower) => [...refuses('n5', 5, 3, follower), ...appends('n5', 5, 2, [d], follower)]),
];

/** n1 leads in term 1, and its entry is known to itself alone when n3 is elected. */
const staleLeader = [
  ...elects('n1', 1, ['n2'], ['n3']),
  asksFor('n1', 'a'),
  ...elects('n3', 2, ['n2']),
  asksFor('n3', 'b'),
  ...appends('n3', 2, 0, [entry(2, 'b')], 'n2'),
];

/** An operation is executed at n1, but the answer is lost with it; its client asks again, and is redirected. */
const redirectAndRetry = [
  ...elects('n1', 1, ['n2']),
  asksFor('n1', 'a'),
  ...appends('n1', 1, 0, [a], 'n2'),
  crashes('n1'),
  ...elects('n2', 2, ['n3']),
  receives('n3', 'AppendEntries', 'n2', { term: 2, prevIndex: 1 }),
  asksFor('n3', 'a'),
  asksFor('n2', 'a'),
  receives('n2', 'Appended', 'n3', { success: false }),
  ...appends('n2', 2, 0, [a, entry(2, 'a')], 'n3'),
];

export const scenarios: Readonly<Record<string, Scenario>> = {
  'split-vote': {
    help: 'Three servers stand for election at once and vote for themselves; the one that tries again first is elected.',
    source: 'paper, section 5.2; lecture on Paxos and Raft, slides 26 and 27',
    parameters: { elections: 4 },
    script: [fires('n1', 'election'), fires('n2', 'election'), fires('n3', 'election'), ...elects('n1', 2, ['n2'])],
    expect: { 'election safety': 'holds', 'an election is split': 'reached', 'a leader is elected': 'reached' },
  },

  'slow-follower': {
    help: 'One answer makes a majority of three: an entry commits, and its client is answered, without the slow server.',
    source: 'lecture on Paxos and Raft, slides 29 and 30',
    script: [...elects('n1', 1, ['n2']), asksFor('n1', 'a'), ...appends('n1', 1, 0, [a], 'n2')],
    expect: {
      'every client has its result': 'reached',
      'every log is the same': 'not reached',
      'state machine safety': 'holds',
    },
  },

  'coherent-logs': {
    help: 'The two logs of the slide share their first five entries, as log matching asks; a new leader replaces the sixth.',
    source: 'lecture on Paxos and Raft, slides 31 and 32',
    parameters: { nodes: 2, logs: 'slide-31', commands: 1 },
    script: [
      ...elects('n2', 5, ['n1']),
      ...refuses('n2', 5, 6, 'n1'),
      receives('n1', 'AppendEntries', 'n2', { term: 5, prevIndex: 5 }),
    ],
    expect: { 'log matching': 'holds', 'every log is the same': 'reached' },
  },

  'commit-rule-case-1': {
    help: 'An entry of the current term on a majority is committed: n5, which lacks it, cannot be elected.',
    source: 'lecture on Paxos and Raft, slide 36',
    parameters: fiveServers,
    script: [
      ...beginning,
      ...elects('n1', 2, ['n2', 'n3'], ['n5']),
      asksFor('n1', 'c'),
      ...appends('n1', 2, 2, [c], 'n2'),
      ...appends('n1', 2, 2, [c], 'n3'),
      fires('n5', 'election'),
      ...['n2', 'n3', 'n4'].map((voter) => receives(voter, 'RequestVote', 'n5')),
      receives('n5', 'Vote', 'n4'),
    ],
    expect: { 'leader completeness': 'holds', 'state machine safety': 'holds' },
  },

  'commit-rule-case-2': {
    help: 'Entry 3, of term 2, is on a majority in term 4 and taken for committed; n5 is elected in term 5 and overwrites it.',
    source: 'lecture on Paxos and Raft, slide 37 ("how?"); paper, Figure 8 (a) to (d)',
    parameters: fiveServers,
    mutant: 'commit-old-term',
    script: [...entryThreeOnAMajority, ...entryThreeOverwritten],
    expect: { 'leader completeness': 'violated', 'state machine safety': 'violated', 'log matching': 'holds' },
  },

  'commit-rule-overwritten': {
    help: 'The same run under the correct rule: entry 3 is not committed in term 4, so that it may be overwritten.',
    source: 'lecture on Paxos and Raft, slides 37 and 38; paper, Figure 8 (a) to (d)',
    parameters: fiveServers,
    script: [...entryThreeOnAMajority, ...entryThreeOverwritten],
    expect: {
      'leader completeness': 'holds',
      'state machine safety': 'holds',
      'an entry of an earlier term is committed': 'not reached',
    },
  },

  'commit-rule': {
    help: 'With an entry of term 4 on a majority, entries 3 and 4 commit together, and n5 cannot be elected any more.',
    source: 'lecture on Paxos and Raft, slide 38; paper, Figure 8 (e)',
    parameters: fiveServers,
    script: [
      ...entryThreeOnAMajority,
      asksFor('n1', 'e'),
      ...appends('n1', 4, 3, [e], 'n2'),
      ...appends('n1', 4, 3, [e], 'n3'),
      fires('n5', 'election'),
      ...['n2', 'n3', 'n4'].map((voter) => receives(voter, 'RequestVote', 'n5', { term: 5 })),
      receives('n5', 'Vote', 'n4', { term: 5 }),
    ],
    expect: {
      'leader completeness': 'holds',
      'state machine safety': 'holds',
      'an entry of an earlier term is committed': 'reached',
    },
  },

  'commit-rule-three-servers': {
    help: 'Three servers and 21 events are enough for the wrong rule to lose a committed entry.',
    source: 'paper, section 5.4.2, with as few servers as can be',
    parameters: { ...free, elections: 4, commands: 2 },
    mutant: 'commit-old-term',
    script: [
      ...elects('n1', 1, ['n2'], ['n3']),
      asksFor('n1', 'a'),
      ...elects('n3', 2, ['n2'], ['n1']),
      asksFor('n3', 'b'),
      ...elects('n1', 3, ['n2'], ['n3']),
      ...refuses('n1', 3, 1, 'n2'),
      ...appends('n1', 3, 0, [a], 'n2'),
      ...elects('n3', 4, ['n2']),
    ],
    expect: { 'leader completeness': 'violated', 'election safety': 'holds' },
  },

  'log-repair': {
    help: 'A new leader finds by nextIndex where each log agrees with its own (0 to 7 refusals), and makes all the same.',
    source: 'paper, Figure 7; lecture on Paxos and Raft, slides 39 to 41',
    parameters: { nodes: 7, logs: 'figure-7', commands: 1, elections: 1 },
    script: [
      ...elects('n1', 8, ['n2', 'n3', 'n6'], ['n7']),
      ...walksBack('n2', 1),
      ...walksBack('n3', 6),
      ...walksBack('n4', 0),
      ...walksBack('n5', 0),
      ...walksBack('n6', 5),
      ...walksBack('n7', 7),
      asksFor('n1', 'a'),
      ...['n2', 'n3', 'n4', 'n5', 'n6', 'n7'].map((follower) =>
        receives(follower, 'AppendEntries', 'n1', { prevIndex: 10, entries: [entry(8, 'a')] }),
      ),
    ],
    expect: { 'log matching': 'holds', 'leader append-only': 'holds', 'every log is the same': 'reached' },
  },

  'stale-leader': {
    help: 'A leader that was cut off goes on in its old term: it is refused, steps down, and its own entry is overwritten.',
    source: 'lecture on Paxos and Raft, slide 42',
    parameters: { elections: 2, commands: 2 },
    script: [
      ...staleLeader,
      receives('n2', 'AppendEntries', 'n1', { entries: [a] }),
      receives('n1', 'Appended', 'n2', { term: 2, index: null }),
      receives('n1', 'AppendEntries', 'n3', { entries: [entry(2, 'b')] }),
      receives('n3', 'AppendEntries', 'n1', { entries: [a] }),
    ],
    expect: {
      'two leaders at once': 'reached',
      'logs conflict': 'reached',
      'every log is the same': 'reached',
      'leader completeness': 'holds',
      'state machine safety': 'holds',
    },
  },

  'redirect-and-retry': {
    help: 'A leader executes an operation and crashes; its client asks again, is redirected, and gets the same result.',
    source: 'lecture on Paxos and Raft, slide 43; paper, section 8',
    parameters: { retries: 2, crashes: 1 },
    script: redirectAndRetry,
    expect: { 'exactly once': 'holds', linearizable: 'holds', 'every client has its result': 'reached' },
  },

  'redirect-and-retry-without-sessions': {
    help: 'The same, when the state machine executes whatever is in the log: the operation takes effect twice.',
    source: 'lecture on Paxos and Raft, slide 43, with its rule broken',
    parameters: { ...free, retries: 2, crashes: 1 },
    mutant: 'no-session',
    script: redirectAndRetry,
    expect: { 'exactly once': 'violated', 'state machine safety': 'holds' },
  },
};

/** The leader of Figure 7 learns of a follower's refusals, one for each index at which the logs differ; then they agree. */
function walksBack(follower: ProcessId, refusals: number): EventPattern[] {
  return [
    ...Array.from({ length: refusals }, (_, at) => refuses('n1', 8, 10 - at, follower)).flat(),
    receives(follower, 'AppendEntries', 'n1', { prevIndex: 10 - refusals }),
    receives('n1', 'Appended', follower, { success: true, index: 10 }),
  ];
}
