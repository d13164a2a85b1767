/** What is checked of Multi-Paxos with a corrupted disk: when may the replica vote again? */

import {
  choice,
  flag,
  type HistoryVariable,
  integer,
  type ObservedStep,
  type ProcessId,
  type Snapshot,
  sometimes,
  system,
} from '../contract/index.ts';
import { corruptedDisk, type Rules, type State, soundRules } from './corrupted-disk.ts';
import { broadcastHistory, type History } from './history.ts';
import { broadcastProperties, delivers } from './properties.ts';
import { ledEpochs, requestsOf, workload } from './workload.ts';

/** What properties see of a process. */
interface View {
  readonly rebuilding: boolean;
}

type Seen = Snapshot<View, History>;

const remembered = broadcastHistory<State>(({ leading }) => leading?.epoch ?? null);

/** What a replica has delivered before its disk was corrupted counts as delivered by another one: it starts anew. */
const history: HistoryVariable<State, History> = {
  initial: remembered.initial,
  observe: (step: ObservedStep<State>) =>
    step.event.type === 'request' && step.event.request.type === 'corrupted'
      ? { corrupted: step.process }
      : remembered.observe(step),
  next: (record: History, observation: never) => {
    const { corrupted } = observation as { readonly corrupted?: ProcessId };
    return corrupted === undefined ? remembered.next(record, observation) : startingAnew(record, corrupted);
  },
};

function startingAnew(record: History, process: ProcessId): History {
  const { [process]: before, ...delivered } = record.delivered;
  return { ...record, delivered: before === undefined ? delivered : { ...delivered, [`${process}, before`]: before } };
}

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
    workload: workload(20),
    seqnos: integer({ default: 2, min: 1, max: 9, help: 'the highest sequence number that is explored' }),
    'hear-all': flag({
      default: true,
      help: 'also wait for the answers of all other replicas; false is safe with three',
    }),
    network: choice({ default: 'set', options: ['bag', 'set', 'fifo'], help: 'how messages travel' }),
  },
  rules: soundRules,
  mutants: {
    'vote-at-once': {
      help: 'The replica does not wait.',
      rules: { hasObserved: () => true, hasHeard: () => true },
      breaks: 'agreement',
      parameters: { workload: 11, seqnos: 1 },
    },
    'one-instance': {
      help: 'The replica waits for one complete instance, whatever it misses below (as the lecture has it).',
      rules: {
        hasObserved: (observed) => observed !== null,
        hasHeard: () => true,
      },
      breaks: 'agreement',
    },
  },

  build({ nodes, workload, seqnos, 'hear-all': hearAll, network }, given: Rules) {
    const rules = hearAll ? given : { ...given, hasHeard: () => true };
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
      ],
    };
  },
});
