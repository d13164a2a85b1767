/**
 * A replicated state machine over the stack of Omni-Paxos: clients' operations are decided in one order by all processes, and
 * executed in that order, each once.
 *
 * Sources: Schneider, "Implementing Fault-Tolerant Services Using the State Machine Approach" (1990); for the sessions of
 * clients, Ongaro and Ousterhout, "In Search of an Understandable Consensus Algorithm" (2014), section 8, as in model/raft.
 * Faults: those of the stack. A client may ask any process, several, and again.
 * A command of the log is a text that says whose operation it is. Only the process that leads answers; another one says who
 * does. Reads go through the log like all operations.
 * State machine and sessions are not durable: a process that recovers executes again what it knows to be decided.
 * Left out: snapshots, so that the log grows without end.
 */

import { type HashTrie, valueAt, withValue } from '../../spec/hash-trie.ts';
import {
  indications as electionIndications,
  messages as electionMessages,
} from '../ballot-leader-election/ballot-leader-election.ts';
import {
  canonical,
  type Draft,
  freeze,
  fromCanonical,
  type Process,
  type ProcessId,
  partOf,
  protocol,
  snapshot,
  type Tagged,
  undrafted,
  z,
} from '../contract/index.ts';
import { entriesOf } from '../kernels/log.ts';
import type { StateMachine } from '../kernels/state-machine.ts';
import {
  omniPaxosStack,
  type Rules as StackRules,
  type State as StackState,
  soundRules as soundStack,
} from '../omni-paxos-stack/omni-paxos-stack.ts';
import { indications as paxosIndications, messages as paxosMessages } from '../sequence-paxos/sequence-paxos.ts';

export interface State {
  readonly stack: StackState;
  /** The state of the replicated state machine. */
  readonly machine: unknown;
  /** Part of the state machine: of each client, its latest operation and the result. */
  readonly sessions: HashTrie<Session>;
}

export interface Session {
  readonly seq: number;
  readonly result: unknown;
}

const seq = z.int().min(1);

/** From a client: execute an operation, exactly once however often this number is asked for. */
export const requests = ({ op }: StateMachine) => ({ execute: { seq, op } });

export const responses = ({ result }: StateMachine) => ({
  /** The operation has been executed, with this result. */
  executed: { seq, result },
  /** Not the leader; this one is. */
  redirect: { seq, leader: z.string() },
});

export type Response = Tagged<ReturnType<typeof responses>>;

type Self = Pick<Process<never, never, Response>, 'self' | 'respond'>;

export const soundRules = {
  stack: soundStack as StackRules,
  /** An operation is executed if it is newer than all that its client's session has seen. */
  isNew: (session: Session | undefined, number: number): boolean => number > (session?.seq ?? 0),
  /** A process that recovers executes what it knows to be decided. */
  executesAgain: true,
};

export type Rules = typeof soundRules;

export const omniPaxosService = (rules: Rules, machine: StateMachine) => {
  const below = omniPaxosStack(rules.stack);
  const stack = partOf(
    below,
    (whole: Draft<State>) => whole.stack,
    (process, whole) => ({
      indicate(indication) {
        process.indicate(indication);
        if (indication.type !== 'decide') return;
        const { client, number } = execute(whole, String(indication.command), machine, rules);
        if (whole.stack.paxos.role.name === 'leader') answer(whole, client, number, process);
      },
    }),
  );

  return protocol({
    name: 'omni-paxos-service',
    version: 2,
    messages: { ...electionMessages, ...paxosMessages },
    requests: requests(machine),
    responses: responses(machine),
    indications: { ...electionIndications, ...paxosIndications },
    timers: ['heartbeat'],
    durable: {
      keep: (state: State) => below.durable.keep(state.stack),
      restore: (fresh: State, kept): State => ({ ...fresh, stack: below.durable.restore(fresh.stack, kept) }),
    },

    init: (identity): State => ({
      stack: below.init(identity),
      machine: machine.specification.initial,
      sessions: new Map(),
    }),

    start: stack.start,
    receive: stack.receive,
    timeout: { heartbeat: stack.timeout('heartbeat') },
    linkUp: stack.linkUp,

    request: {
      /** Who leads proposes; who follows says whom; who knows nobody is silent, and the client asks somebody else. */
      execute(state, { seq: number, op }, process) {
        const { client, self, respond } = process;
        const leader = leaderOf(state, self);
        if (leader === null) return;
        if (leader !== self) return respond(client, { type: 'redirect', seq: number, leader });
        if (!rules.isNew(valueAt(undrafted(state, 'sessions'), client), number))
          return answer(state, client, number, process);
        stack.request('propose')(state, { command: commandOf(client, number, op) }, process);
      },
    },

    recover(state, process) {
      const { log, decided } = state.stack.paxos;
      if (rules.executesAgain)
        for (const command of entriesOf(log, 0, decided)) execute(state, command, machine, rules);
      stack.recover(state, process);
    },
  });
};

/** The process that leads the log, as far as this one knows. */
export function leaderOf({ stack }: State | Draft<State>, self: ProcessId): ProcessId | null {
  const { promised, role } = stack.paxos;
  if (role.name === 'leader') return self;
  return promised === null || promised.proposer === self ? null : promised.proposer;
}

/** The operation of a client as a command of the log: the same text for equal operations. */
export function commandOf(client: string, number: number, op: unknown): string {
  return canonical([client, number, op]);
}

/** Whose operation a command is. */
export function partsOf(command: string): { readonly client: string; readonly number: number; readonly op: unknown } {
  const [client, number, op] = fromCanonical(command) as [string, number, unknown];
  return { client, number, op };
}

/** The state machine takes a decided command. One that its client's session has seen is not executed again. */
function execute(state: Draft<State>, command: string, machine: StateMachine, rules: Rules) {
  const { client, number, op } = partsOf(command);
  const sessions: HashTrie<Session> = undrafted(state, 'sessions');
  if (rules.isNew(valueAt(sessions, client), number)) {
    const { state: changed, result } = machine.specification.apply(undrafted(state, 'machine'), op);
    // Frozen here, so that the end of the step need not look for drafts in what may be large.
    state.machine = freeze(changed, true);
    const session = snapshot({ seq: number, result }) as Session;
    state.sessions = withValue(sessions, client, session) as Draft<State>['sessions'];
  }
  return { client, number };
}

/** The result as the session keeps it; nothing for an operation that its client has gone beyond. */
function answer(state: Draft<State>, client: string, number: number, { respond }: Self): void {
  const session = valueAt<Session>(undrafted(state, 'sessions'), client);
  if (session?.seq === number) respond(client, { type: 'executed', seq: number, result: session.result });
}
