/** How a server takes over from a leader that it no longer hears from. */

import { fires, receives, type Scenario } from '../contract/index.ts';

export const scenarios: Readonly<Record<string, Scenario>> = {
  takeover: {
    help: 'n2 has elected n3, misses it for a round, bids above it, and in the round after that elects itself.',
    source: 'lecture on reconfiguration (KTH), recap "Quorum-connected Leader Election"',
    parameters: { rounds: 3 },
    script: [
      receives('n3', 'HBRequest', 'n2', { round: 1 }),
      receives('n2', 'HBRequest', 'n3'),
      receives('n2', 'HBReply', 'n3', { round: 1, ballot: { round: 1, proposer: 'n3' } }),
      fires('n2', 'heartbeat'),
      receives('n1', 'HBRequest', 'n2', { round: 1 }),
      receives('n1', 'HBRequest', 'n2', { round: 2 }),
      receives('n2', 'HBRequest', 'n1'),
      receives('n2', 'HBReply', 'n1', { round: 1 }),
      receives('n2', 'HBReply', 'n1', { round: 2 }),
      fires('n2', 'heartbeat'),
      receives('n1', 'HBReply', 'n2'),
      receives('n1', 'HBRequest', 'n2', { round: 3 }),
      receives('n2', 'HBReply', 'n1', { round: 3 }),
      fires('n2', 'heartbeat'),
    ],
    expect: {
      'a process bids above a leader that it misses': 'reached',
      'a process leads': 'reached',
      'LE3 increasing ballots': 'holds',
    },
  },
};
