/** The runs of Sequence Paxos that the lectures tell. */

import {
  asks,
  connects,
  crashes,
  cuts,
  type EventPattern,
  gainsLink,
  losesLink,
  receives,
  type Scenario,
} from '../contract/index.ts';

/** The oracle tells a process to lead in a round. */
function leads(proposer: string, round: number): EventPattern {
  return asks(proposer, { type: 'leader', ballot: { round, proposer } });
}

function proposes(leader: string, command: string): EventPattern {
  return asks(leader, { type: 'propose', command });
}

/** A follower promises and, unless the leader waits for others, is sent the end of the log. */
function promises(follower: string, leader: string): EventPattern[] {
  return [receives(follower, 'Prepare', leader), receives(leader, 'Promise', follower)];
}

const SAFE = { 'SC2 uniform agreement': 'holds', 'later rounds extend what is chosen': 'holds' } as const;

/**
 * Rounds 1 and 2 of the lecture's table; its C1, C2 and SS0 are a, b and c here. In round 1, C1 stays with its leader; in
 * round 2, C2 is chosen by r02 and r03. Then n1, which knows of C1 alone, is to lead round 3.
 */
const roundsOneAndTwo: readonly EventPattern[] = [
  leads('n1', 1),
  ...promises('n3', 'n1'),
  proposes('n1', 'a'),
  leads('n2', 2),
  ...promises('n3', 'n2'),
  proposes('n2', 'b'),
  receives('n3', 'AcceptSync', 'n2', { suffix: [] }),
  receives('n3', 'Accept', 'n2', { command: 'b' }),
  receives('n2', 'Accepted', 'n3', { length: 0 }),
  receives('n2', 'Accepted', 'n3', { length: 1 }),
  leads('n1', 3),
];

/** What the leader of round 1 had sent to n3 comes too late. */
const staleFromRoundOne: readonly EventPattern[] = [
  receives('n3', 'AcceptSync', 'n1', { suffix: [] }),
  receives('n3', 'Accept', 'n1', { command: 'a' }),
];

export const scenarios: Readonly<Record<string, Scenario>> = {
  'session-drop': {
    help: 'A session is lost with a command in flight; the follower asks, is prepared again, and misses nothing.',
    source: 'lecture on reconfiguration (KTH), recap "Handling crashes and session-drops"',
    parameters: { rounds: 'n1:ab', linkCuts: 1 },
    script: [
      leads('n1', 1),
      ...promises('n2', 'n1'),
      receives('n2', 'AcceptSync', 'n1'),
      proposes('n1', 'a'),
      cuts('n1', 'n2'),
      losesLink('n2', 'n1'),
      losesLink('n1', 'n2'),
      connects('n1', 'n2'),
      gainsLink('n1', 'n2'),
      proposes('n1', 'b'),
      gainsLink('n2', 'n1'),
      receives('n2', 'PrepareReq', 'n1'),
      receives('n2', 'Accept', 'n1', { command: 'b' }),
      receives('n1', 'PrepareReq', 'n2'),
      ...promises('n2', 'n1'),
      receives('n2', 'AcceptSync', 'n1', { suffix: ['a', 'b'] }),
      receives('n1', 'Accepted', 'n2', { length: 2 }),
      receives('n2', 'Decide', 'n1'),
    ],
    expect: { ...SAFE, 'a follower asks to be synchronised again': 'reached', 'a command is decided': 'reached' },
  },
  'session-drop-unnoticed': {
    help: 'The same drop when nobody asks: the follower accepts b where the leader has a.',
    source: 'lecture on reconfiguration (KTH), recap "Handling crashes and session-drops", with its rule broken',
    parameters: { rounds: 'n1:ab', linkCuts: 1 },
    mutant: 'no-prepare-req',
    script: [
      leads('n1', 1),
      ...promises('n2', 'n1'),
      receives('n2', 'AcceptSync', 'n1'),
      proposes('n1', 'a'),
      cuts('n1', 'n2'),
      losesLink('n2', 'n1'),
      losesLink('n1', 'n2'),
      connects('n1', 'n2'),
      gainsLink('n1', 'n2'),
      proposes('n1', 'b'),
      gainsLink('n2', 'n1'),
      receives('n2', 'Accept', 'n1', { command: 'b' }),
      receives('n1', 'Accepted', 'n2', { length: 1 }),
      receives('n2', 'Decide', 'n1', { length: 1 }),
    ],
    expect: { 'SC2 uniform agreement': 'violated', 'log coherence': 'violated', 'SC1 validity': 'holds' },
  },
  'leader-change': {
    help: 'A command is decided; the next leader, whom its decision has not reached, takes it over and decides more.',
    source: 'lecture on reconfiguration (KTH), slide "Correctness"',
    script: [
      leads('n1', 1),
      ...promises('n3', 'n1'),
      proposes('n1', 'a'),
      receives('n3', 'AcceptSync', 'n1'),
      receives('n3', 'Accept', 'n1'),
      receives('n1', 'Accepted', 'n3', { length: 0 }),
      receives('n1', 'Accepted', 'n3', { length: 1 }),
      leads('n2', 2),
      receives('n3', 'Decide', 'n1'),
      receives('n3', 'Prepare', 'n2'),
      receives('n2', 'Prepare', 'n1'),
      receives('n2', 'Promise', 'n3', { suffix: ['a'] }),
      receives('n3', 'AcceptSync', 'n2', { suffix: [], at: 1 }),
      proposes('n2', 'b'),
      receives('n3', 'Accept', 'n2'),
      receives('n2', 'Accepted', 'n3', { length: 1 }),
      receives('n2', 'Accepted', 'n3', { length: 2 }),
    ],
    expect: { ...SAFE, 'a command is decided after a change of leader': 'reached' },
  },
  'foreign-entries': {
    help: 'A new leader adopts a command that its old leader had only begun to spread, and it is decided.',
    source:
      'lecture on reconfiguration (KTH), slide "Raft and Sequence Paxos": any server can lead, and is synchronised',
    script: [
      leads('n1', 1),
      ...promises('n3', 'n1'),
      proposes('n1', 'a'),
      leads('n2', 2),
      receives('n1', 'Prepare', 'n2'),
      receives('n2', 'Prepare', 'n1'),
      receives('n2', 'Promise', 'n1', { suffix: ['a'] }),
      receives('n1', 'AcceptSync', 'n2', { suffix: ['a'] }),
      receives('n2', 'Accepted', 'n1', { length: 1 }),
    ],
    expect: {
      ...SAFE,
      'a new leader adopts the command of another': 'reached',
      'a command is decided': 'reached',
    },
  },
  'ballot-array-c0': {
    help: 'C1 stays where it was proposed; C2 is chosen in round 2; round 3 gives C1 up for C2 and extends it with SS0.',
    source:
      'lecture on reconfigurable replicated state machines (KTH, Haridi), "Ballot Array of c0", "Final Sequence in c0"',
    parameters: { rounds: 'n1:a n2:b n1:c n2' },
    script: [
      ...roundsOneAndTwo,
      receives('n2', 'Prepare', 'n1', { ballot: { round: 1 } }),
      receives('n1', 'Prepare', 'n2', { ballot: { round: 2 } }),
      ...promises('n2', 'n1'),
      proposes('n1', 'c'),
      receives('n2', 'AcceptSync', 'n1', { suffix: [], at: 1 }),
      receives('n2', 'Accept', 'n1', { command: 'c' }),
      ...staleFromRoundOne,
      ...promises('n3', 'n1'),
      receives('n3', 'AcceptSync', 'n1', { suffix: ['b', 'c'], at: 0 }),
      leads('n2', 4),
      receives('n3', 'Decide', 'n2'),
      ...promises('n3', 'n2'),
      receives('n3', 'AcceptSync', 'n2'),
      receives('n1', 'Accepted', 'n2', { length: 1 }),
      receives('n1', 'Accepted', 'n2', { length: 2 }),
      receives('n1', 'Prepare', 'n2', { ballot: { round: 4 } }),
      receives('n2', 'Decide', 'n1', { length: 1 }),
      receives('n2', 'Decide', 'n1', { length: 2 }),
      receives('n2', 'Promise', 'n1'),
      receives('n1', 'AcceptSync', 'n2'),
    ],
    expect: { ...SAFE, 'an accepted sequence that was not chosen is overwritten': 'reached' },
  },
  'ballot-array-c0-crash': {
    help: 'The final sequence is chosen by r01 and r03, and r01 crashes: whoever leads next proposes it.',
    source:
      'lecture on reconfigurable replicated state machines (KTH, Haridi), "Final Sequence in c0", with the crash of p1',
    parameters: { rounds: 'n1:a n2:b n1:c n2', crashes: 1 },
    script: [
      ...roundsOneAndTwo,
      ...staleFromRoundOne,
      ...promises('n3', 'n1'),
      proposes('n1', 'c'),
      receives('n3', 'AcceptSync', 'n1', { suffix: ['b'], at: 0 }),
      receives('n3', 'Accept', 'n1', { command: 'c' }),
      crashes('n1'),
      leads('n2', 4),
      receives('n3', 'Decide', 'n2'),
      receives('n3', 'Prepare', 'n2'),
      receives('n2', 'Promise', 'n3', { suffix: ['c'] }),
      receives('n3', 'AcceptSync', 'n2', { suffix: ['b', 'c'], at: 0 }),
      receives('n2', 'Accepted', 'n3', { length: 2 }),
    ],
    expect: { ...SAFE, 'an accepted sequence that was not chosen is overwritten': 'reached' },
  },
};
