/** The runs of Paxos that the lecture tells. */

import { asks, receives, type Scenario } from '../contract/index.ts';

export const scenarios: Readonly<Record<string, Scenario>> = {
  'example-run': {
    help: 'Two proposers: the one that prepares later, at 1.n2, reaches a majority first; the earlier one is refused.',
    source: 'lecture on Paxos and Raft, slides "Example runs of Paxos" (ballots 1.1 and 1.2)',
    script: [
      asks('n1', { type: 'propose', value: 'a' }),
      asks('n2', { type: 'propose', value: 'b' }),
      receives('n3', 'Prepare', 'n2'),
      receives('n3', 'Prepare', 'n1'),
      receives('n1', 'Refused', 'n3'),
      receives('n2', 'Promise', 'n3'),
      receives('n3', 'Accept', 'n2'),
      receives('n2', 'Accepted', 'n3'),
      receives('n1', 'Decided', 'n2'),
    ],
    expect: { agreement: 'holds', 'votes are safe': 'holds', 'every value can be decided': 'reached' },
  },
  adopt: {
    help: 'A proposer that learns of a vote proposes its value, not its own.',
    source: 'lecture on Paxos and Raft, slide "Basic Paxos", phase 2',
    script: [
      asks('n1', { type: 'propose', value: 'a' }),
      receives('n2', 'Prepare', 'n1'),
      receives('n1', 'Promise', 'n2'),
      receives('n2', 'Accept', 'n1', { value: 'a' }),
      asks('n2', { type: 'propose', value: 'b' }),
      receives('n3', 'Prepare', 'n2'),
      receives('n2', 'Promise', 'n3'),
      receives('n3', 'Accept', 'n2', { value: 'a' }),
      receives('n2', 'Accepted', 'n3'),
      receives('n1', 'Accepted', 'n2'),
    ],
    expect: {
      agreement: 'holds',
      'a proposer adopts the value of another': 'reached',
      'a value is chosen twice': 'reached',
    },
  },
  'own-value-disagrees': {
    help: 'The same meeting when the second proposer insists on its own value: two values are decided.',
    source: 'lecture on Paxos and Raft, slide "Basic Paxos", phase 2, with its rule broken',
    mutant: 'own-value',
    script: [
      asks('n1', { type: 'propose', value: 'a' }),
      receives('n2', 'Prepare', 'n1'),
      receives('n1', 'Promise', 'n2'),
      receives('n2', 'Accept', 'n1', { value: 'a' }),
      receives('n1', 'Accepted', 'n2'),
      asks('n2', { type: 'propose', value: 'b' }),
      receives('n3', 'Prepare', 'n2'),
      receives('n2', 'Promise', 'n3'),
      receives('n3', 'Accept', 'n2', { value: 'b' }),
      receives('n2', 'Accepted', 'n3'),
    ],
    expect: { agreement: 'violated', 'votes are safe': 'violated', validity: 'holds' },
  },
};
