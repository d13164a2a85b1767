/** What is checked of Multi-Paxos with a stable leader, and what happens when there are two. */

import {
  always,
  choice,
  integer,
  type ProcessId,
  type Snapshot,
  sometimes,
  system,
  type Verdict,
} from '../contract/index.ts';
import { majority } from '../kernels/quorum.ts';
import { broadcastHistory, type History } from '../multi-paxos/history.ts';
import { broadcastProperties } from '../multi-paxos/properties.ts';
import { type Rules, type State, soundRules, stableLeader } from '../multi-paxos/stable-leader.ts';
import { scenarios } from './scenarios.ts';

/** What properties see of a process. */
interface View {
  readonly estimates: State['estimates'];
  readonly delivered: number;
}

type Seen = Snapshot<View, History>;

const VALUES = ['A', 'B', 'C', 'D', 'E', 'F', 'G'];

export const stableLeaderSystem = system({
  name: 'multi-paxos-stable-leader',
  summary: 'Multi-Paxos, first stage: a stable leader, IMPOSE and ACK. Unsafe with leaders=2',
  parameters: {
    nodes: integer({ default: 3, min: 1, max: 7, help: 'replicas, the leader among them' }),
    commands: integer({ default: 2, min: 1, max: 7, help: 'how many commands are broadcast, by the leaders in turn' }),
    leaders: integer({ default: 1, min: 1, max: 7, help: 'how many processes believe to lead; 2 is unsafe' }),
    network: choice({ default: 'bag', options: ['bag', 'set', 'fifo'], help: 'how messages travel' }),
  },
  rules: soundRules,
  scenarios,
  mutants: {
    'same-seqno': {
      help: 'The leader gives every command the same sequence number.',
      rules: { inc: () => 1 },
      breaks: 'agreement',
    },
    'minority-acks': {
      help: 'A replica orders what one replica less than a majority has taken.',
      rules: { acksNeeded: (n) => majority(n) - 1 },
      breaks: 'a majority holds what is delivered',
    },
    'skip-gaps': {
      help: 'A replica delivers what is ordered, whatever comes before it.',
      rules: { nextToDeliver: (delivered, ordered) => Math.min(...ordered.filter((seqno) => seqno > delivered)) },
      breaks: 'gap-free delivery',
    },
  },

  build({ nodes, commands, leaders, network }, rules: Rules) {
    const ids = Array.from({ length: nodes }, (_, index) => `n${index + 1}`);
    const values = VALUES.slice(0, commands);
    const leaderOf = (index: number): ProcessId => ids[index % Math.min(leaders, nodes)] ?? '';
    return {
      processes: ids.map((id) => ({ id, protocol: stableLeader(rules) })),
      network,
      environment: {
        requests: values.map((value, index) => ({ to: leaderOf(index), request: { type: 'broadcast', value } })),
      },
      view: ({ estimates, delivered }: State): View => ({ estimates, delivered }),
      history: broadcastHistory<State>(() => 1),
      symmetry: [
        ids.filter((id) => values.every((_, index) => leaderOf(index) !== id)),
        ...ids.map((id) => values.filter((_, index) => leaderOf(index) === id)),
      ],
      properties: [
        ...broadcastProperties(values),
        always('a majority holds what is delivered', (seen: Seen) => heldByMajority(seen, nodes)),
        sometimes('every command is delivered everywhere', ({ views }: Seen) =>
          Object.values(views).every(({ delivered }) => delivered === values.length),
        ),
        ...(commands < 2 || network === 'fifo'
          ? []
          : [
              sometimes('a later command is taken before an earlier one is', ({ views }: Seen) =>
                Object.values(views).some(({ estimates }) => estimates[1] === undefined && estimates[2] !== undefined),
              ),
            ]),
      ],
      quiescence: ({ views }: Seen): Verdict =>
        Object.values(views).every(({ delivered }) => delivered === values.length) ||
        'not every command is delivered everywhere',
    };
  },
});

/** Whoever takes over must find what has been delivered, with any majority that it asks. */
function heldByMajority({ views, history }: Seen, n: number): Verdict {
  for (const [process, delivered] of Object.entries(history.delivered)) {
    for (const { seqno, value } of delivered) {
      const holders = Object.values(views).filter(({ estimates }) => estimates[seqno] === value).length;
      if (holders < majority(n)) return `${process} has delivered ${value}, which ${holders} of ${n} replicas hold`;
    }
  }
  return true;
}
