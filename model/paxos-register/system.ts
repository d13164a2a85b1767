/**
 * What is checked of Paxos as a register: that its clients cannot tell it from a register at one place.
 *
 * Source: examples/paxos.rs of Stateright (0.30): servers first, then clients, on a network that delivers each message at
 * most once; the history is that of its linearizability tester.
 */

import type { AtomicObject } from '../../spec/atomic-object.ts';
import { type ClientOrder, clientOrder, complete, invoke } from '../../spec/client-order.ts';
import { linearizable } from '../../spec/linearizability.ts';
import { atomicRegister, type RegisterOp, type RegisterResult, register } from '../../spec/register.ts';
import {
  always,
  type HistoryVariable,
  integer,
  type ObservedStep,
  type ProcessId,
  refines,
  type Snapshot,
  sometimes,
  system,
} from '../contract/index.ts';
import { compareBallots } from '../kernels/ballot.ts';
import { majority } from '../kernels/quorum.ts';
import { type Client, client } from './client.ts';
import type { Message } from './messages.ts';
import { type Rules, type Server, server, soundRules } from './server.ts';

type State = Server | Client;

/** A register that holds null before the first write. */
const specification = register<string | null>(null);

type Op = RegisterOp<string | null>;
type Result = RegisterResult<string | null>;
type History = ClientOrder<Op, Result>;

/** What a step of a client means to the register: its operation returns, it invokes one, or first this, then that. */
interface Observation {
  readonly client: ProcessId;
  readonly returned: { readonly result: Result } | null;
  readonly invoked: Op | null;
}

const history: HistoryVariable<State, History> = {
  initial: {},

  observe({ process, event, before, after, effects }: ObservedStep<State>): Observation | null {
    if (after.role !== 'client' || (before?.role === 'client' && before.awaiting === after.awaiting)) return null;
    const sent = effects.flatMap((effect) => (effect.type === 'send' ? [operationOf(effect.message as Message)] : []));
    const returned = event.type === 'receive' ? { result: resultOf(event.message as Message) } : null;
    return { client: process, returned, invoked: sent[0] ?? null };
  },

  next(clients, { client, returned, invoked }: Observation): History {
    const completed = returned === null ? clients : complete(clients, client, returned.result);
    return invoked === null ? completed : invoke(completed, client, invoked);
  },
};

function operationOf(request: Message): Op {
  return request.type === 'Put' ? { type: 'write', value: request.value } : { type: 'read' };
}

function resultOf(answer: Message): Result {
  return answer.type === 'GetOk' ? answer.value : null;
}

/** What properties see of a process: of a server, the value that it knows to be decided; null while it knows none. */
type View = string | null;

function view(state: State): View {
  return state.role === 'server' && state.decided ? (state.accepted?.proposal.value ?? null) : null;
}

type Seen = Snapshot<View, History>;

/**
 * The register that the servers are together. It is written when the first of them knows a value to be decided: that is when
 * the client's write takes effect. From then on its value is what any of them would answer, so that a read may as well take
 * effect when it returns.
 */
function registerIn({ views, history }: Seen): AtomicObject<string | null, Op, Result> {
  const decided = Object.values(views).filter((value) => value !== null);
  const clients = Object.entries(history).map(([client, { completed, inFlight }]) => {
    const results = completed.map(({ result }) => result);
    if (inFlight === null) return [client, { results, invoked: null }] as const;
    const { op } = inFlight;
    const written = op.type === 'write' && decided.some((value) => value === op.value);
    return [client, { results, invoked: { op, effect: written ? { result: null } : null } }] as const;
  });
  return { state: decided[0] ?? null, clients: Object.fromEntries(clients) };
}

const VALUES = ['A', 'B', 'C', 'D', 'E', 'F'];

export const paxosRegisterSystem = system({
  name: 'paxos-register',
  summary: 'Paxos as a register: clients that write and read, linearizable whatever the servers do',
  parameters: {
    servers: integer({ default: 3, min: 1, max: 7, help: 'servers' }),
    clients: integer({ default: 2, min: 1, max: 6, help: 'clients, each of which writes once and then reads once' }),
  },
  rules: soundRules,
  mutants: {
    'minority-promises': {
      help: 'One promise less than a majority ends phase 1.',
      rules: { promisesNeeded: (n) => majority(n) - 1 },
      breaks: 'linearizable',
    },
    'minority-votes': {
      help: 'One vote less than a majority decides.',
      rules: { votesNeeded: (n) => majority(n) - 1 },
      breaks: 'linearizable',
    },
    'repeated-promise': {
      help: 'A server promises any ballot, also below what it has promised before.',
      rules: { mayPromise: () => true },
      breaks: 'linearizable',
    },
    'ignore-promise': {
      help: 'A server accepts below its promise.',
      rules: { mayAccept: () => true },
      breaks: 'linearizable',
    },
    'own-value': {
      help: 'A proposer prefers its own value to one that may have been decided.',
      rules: { choose: (_votes, own) => own },
      breaks: 'linearizable',
    },
    'lowest-vote': {
      help: 'A proposer adopts the lowest accepted proposal that is reported to it, not the highest.',
      rules: {
        choose: (votes, own) => votes.toSorted((a, b) => compareBallots(a.ballot, b.ballot))[0]?.proposal ?? own,
      },
      breaks: 'linearizable',
      parameters: { clients: 3 },
    },
    'early-acknowledgement': {
      help: 'A server that has counted the votes acknowledges the write, and learns of the decision no more.',
      rules: { learners: (servers, self) => servers.filter((server) => server !== self) },
      breaks: 'refines an atomic register',
    },
    'undecided-answer': {
      help: 'A server answers a Get before it knows the decision, with what it has.',
      rules: { mayAnswer: () => true },
      breaks: 'linearizable',
    },
  },

  build({ servers, clients }, rules: Rules) {
    const serverId = (index: number) => `s${(index % servers) + 1}`;
    const host = server(rules);
    const workloads = VALUES.slice(0, clients).map((value, index) => {
      return { value, putAt: serverId(index), getAt: serverId(index + 1) };
    });
    return {
      processes: [
        ...Array.from({ length: servers }, (_, index) => ({ id: serverId(index), protocol: host })),
        ...workloads.map((workload, index) => ({ id: `c${index + 1}`, protocol: client(workload) })),
      ],
      network: 'bag',
      view,
      history,
      // Servers at which no client writes or reads. Those that propose are told apart by the order of their ballots.
      symmetry: [Array.from({ length: servers }, (_, index) => serverId(index)).slice(clients + 1)],
      properties: [
        always('linearizable', ({ history }: Seen) => linearizable(specification, clientOrder(history))),
        refines(atomicRegister<string | null>(null), registerIn),
        sometimes('a value is read', ({ history }: Seen) =>
          Object.values(history).some(({ completed }) =>
            completed.some(({ op, result }) => op.type === 'read' && result !== null),
          ),
        ),
      ],
    };
  },
});
