/** The run of the whole stack: from the first heartbeat to a decision. */

import { asks, fires, receives, type Scenario } from '../contract/index.ts';

export const scenarios: Readonly<Record<string, Scenario>> = {
  'elect-and-decide': {
    help: 'n3 hears from n1, elects itself, prepares, and decides a command, all over one session.',
    source: 'lecture on reconfiguration (KTH), slide "Summary": the Omni-Paxos stack',
    parameters: { candidates: 1 },
    script: [
      receives('n1', 'HBRequest', 'n3', { round: 1 }),
      receives('n3', 'HBRequest', 'n1'),
      receives('n3', 'HBReply', 'n1', { round: 1 }),
      fires('n3', 'heartbeat'),
      asks('n3', { type: 'propose', command: 'a' }),
      receives('n1', 'HBReply', 'n3'),
      receives('n1', 'Prepare', 'n3'),
      receives('n3', 'Promise', 'n1'),
      receives('n1', 'HBRequest', 'n3', { round: 2 }),
      receives('n3', 'HBReply', 'n1', { round: 2 }),
      receives('n1', 'AcceptSync', 'n3', { suffix: ['a'] }),
      receives('n3', 'Accepted', 'n1'),
      receives('n1', 'Decide', 'n3'),
    ],
    expect: {
      'an elected process leads the log': 'reached',
      'a command is decided': 'reached',
      'SC2 uniform agreement': 'holds',
      'one leader for each ballot': 'holds',
    },
  },
};
