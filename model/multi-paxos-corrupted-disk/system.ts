/** What is checked of Multi-Paxos with a corrupted disk: when may the replica vote again? */

import {
  choice,
  type HistoryVariable,
  integer,
  type ObservedStep,
  type ProcessId,
  type Snapshot,
  sometimes,
  system,
} from '../contract/index.ts';
import { corruptedDisk, type Rules, type State, soundRules } from '../multi-paxos/corrupted-disk.ts';
import { type History as Broadcasts, broadcastHistory } from '../multi-paxos/history.ts';
import { broadcastProperties, delivers } from '../multi-paxos/properties.ts';
import { ledEpochs, requestsOf, workload } from '../multi-paxos/workload.ts';
import { scenarios } from './scenarios.ts';

/** What properties see of a process. */
interface View {
  readonly rebuilding: boolean;
}

type Seen = Snapshot<View, History>;

interface History extends Broadcasts {
  /** Whose disk was corrupted. */
  readonly corrupted: readonly ProcessId[];
}

const broadcasts = broadcastHistory<State>(({ leading }) => leading?.epoch ?? null);

/** What is new in a step. */
interface Observation {
  readonly corrupted: ProcessId | null;
  readonly rest: unknown;
}

const history: HistoryVariable<State, History> = {
  initial: { ...broadcasts.initial, corrupted: [] },

  observe(step: ObservedStep<State>): Observation | null {
    const { event, process } = step;
    const corrupted = event.type === 'request' && event.request.type === 'corrupted' ? process : null;
    const rest = broadcasts.observe(step);
    return corrupted === null && rest === null ? null : { corrupted, rest };
  },

  next(past: History, { corrupted, rest }: Observation): History {
    const before = corrupted === null ? past : startingAnew(past, corrupted);
    return rest === null ? before : { ...before, ...broadcasts.next(before, rest as never) };
  },
};

/** What a replica has delivered before its disk was corrupted counts as delivered by another one: it delivers it again. */
function startingAnew({ delivered, corrupted, ...past }: History, process: ProcessId): History {
  const { [process]: before, ...others } = delivered;
  return {
    ...past,
    delivered: before === undefined ? delivered : { ...others, [`${process} before`]: before },
    corrupted: [...corrupted, process],
  };
}

/** For what the replica does not wait. */
const WAITS: Readonly<Record<'instance' | 'below' | 'all', Partial<Rules>>> = {
  instance: { hasObserved: (observed) => observed !== null, hasHeard: () => true },
  below: { hasHeard: () => true },
  all: {},
};

export const corruptedDiskSystem = system({
  name: 'multi-paxos-corrupted-disk',
  summary: 'Multi-Paxos with a replica that has lost its disk, and waits before it votes again',
  parameters: {
    nodes: integer({
      default: 3,
      min: 1,
      max: 7,
      help: 'replicas, of which some are leaders; the disk of the last fails',
    }),
    workload: workload(11),
    seqnos: integer({ default: 1, min: 1, max: 9, help: 'the highest sequence number that is explored' }),
    wait: choice({
      default: 'all',
      options: ['instance', 'below', 'all'],
      help: 'before it votes again: for an instance (the lecture), for all below it too, for all others too',
    }),
    network: choice({ default: 'bag', options: ['bag', 'set', 'fifo'], help: 'how messages travel' }),
  },
  rules: soundRules,
  scenarios,
  mutants: {
    'vote-at-once': {
      help: 'The replica does not wait.',
      rules: { hasObserved: () => true, hasHeard: () => true },
      breaks: 'agreement',
    },
  },

  build({ nodes, workload, seqnos, wait, network }, given: Rules) {
    const rules = { ...given, ...WAITS[wait] };
    const ids = Array.from({ length: nodes }, (_, index) => `n${index + 1}`);
    const epochs = ledEpochs(workload, ids);
    return {
      processes: ids.map((id) => ({ id, protocol: corruptedDisk(rules) })),
      network,
      environment: {
        requests: [...requestsOf(epochs), { to: ids.at(-1) ?? '', client: 'disk', request: { type: 'corrupted' } }],
      },
      bounds: {
        local: {
          [`sequence numbers up to ${seqnos}`]: ({ leading }: State) => leading === null || leading.seqno <= seqnos,
        },
      },
      view: ({ rebuilding }: State): View => ({ rebuilding: rebuilding !== null }),
      history,
      properties: [
        ...broadcastProperties(epochs.flatMap(({ commands }) => commands)),
        sometimes(
          'a command is delivered while a replica rebuilds',
          ({ views, history }: Seen) =>
            Object.values(views).some(({ rebuilding }) => rebuilding) && delivers(history, () => true),
        ),
        sometimes('a replica that has rebuilt votes again', ({ views, history }: Seen) =>
          history.corrupted.some((process) => views[process]?.rebuilding === false),
        ),
      ],
    };
  },
});
