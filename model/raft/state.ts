/** What Raft's servers say and know: messages, state, options (Figure 2, the boxes "State" and the RPCs' arguments). */

import type { HashTrie } from '../../spec/hash-trie.ts';
import { type Process, type ProcessId, type Tagged, z } from '../contract/index.ts';
import type { Log } from '../kernels/log.ts';
import type { StateMachine } from '../kernels/state-machine.ts';
import type { Rules } from './rules.ts';

const term = z.int().min(0);
const index = z.int().min(0);

const seq = z.int().min(1);

/** A client's operation. The pair of client and number is the unique request id that the lecture asks for (slide 43). */
export interface Command {
  readonly client: string;
  readonly seq: number;
  /** The state machine's; nobody else looks at it. */
  readonly op: unknown;
}

/** An entry of the log; without a command it is a new leader's no-op. */
export interface Entry {
  readonly term: number;
  readonly command: Command | null;
}

const entryOf = ({ op }: StateMachine): z.ZodType<Entry> =>
  z.strictObject({ term: z.int().min(1), command: z.strictObject({ client: z.string(), seq, op }).nullable() });

/** Every message has the term of its sender. */
export const messages = (machine: StateMachine) => ({
  /** Candidate to all: asks for a vote in its term; says where its log ends. */
  RequestVote: { term, lastIndex: index, lastTerm: term },
  /** Voter to candidate: the vote; or, not granted, a higher term. */
  Vote: { term, granted: z.boolean() },
  /** A server that may become a candidate, to all: would they vote for it? (Option pre-vote.) */
  RequestPreVote: { term, lastIndex: index, lastTerm: term },
  /** The answer. */
  PreVote: { term, granted: z.boolean() },
  /** Leader to follower: entries behind `prevIndex`; without entries, a heartbeat. */
  AppendEntries: { term, prevIndex: index, prevTerm: term, entries: z.array(entryOf(machine)), leaderCommit: index },
  /**
   * Follower to leader: its log agrees with the leader's up to `index`; or, without success, does not at `index`; or, with
   * none, the leader's term is over.
   */
  Appended: { term, success: z.boolean(), index: index.nullable() },
});

/** From a client: execute an operation, exactly once however often this number is asked for. */
export const requests = ({ op }: StateMachine) => ({ execute: { seq, op } });

export const responses = ({ result }: StateMachine) => ({
  /** The operation has been executed, with this result. */
  executed: { seq, result },
  /** Not the leader; this one is. */
  redirect: { seq, leader: z.string() },
});

export const indications = (machine: StateMachine) => ({
  /** This server leads in its term. */
  lead: { term },
  /** An entry is committed, and handed to the state machine. */
  apply: { index, entry: entryOf(machine) },
});

export type Message = Tagged<ReturnType<typeof messages>>;
export type Response = Tagged<ReturnType<typeof responses>>;
export type Indication = Tagged<ReturnType<typeof indications>>;

export interface State {
  /** Durable: the latest term that this server has seen. */
  readonly currentTerm: number;
  /** Durable: the candidate that has its vote in this term. */
  readonly votedFor: ProcessId | null;
  /** Durable. */
  readonly log: Log<Entry>;
  /** The highest index known to be committed; all up to there has been applied (so this is lastApplied, too). */
  readonly commitIndex: number;
  readonly role: Role;
  /** The state of the replicated state machine. */
  readonly machine: unknown;
  /** Part of the state machine: of each client, its latest operation and the result. */
  readonly sessions: HashTrie<Session>;
}

export type Role = Follower | PreCandidate | Candidate | Leading;

export interface Follower {
  readonly kind: 'follower';
  /** The leader that it has heard from in this term, until its election timeout. */
  readonly leader: ProcessId | null;
}

/** Asks whether it would be elected, before it raises its term. */
export interface PreCandidate {
  readonly kind: 'preCandidate';
  readonly votes: ReadonlySet<ProcessId>;
}

export interface Candidate {
  readonly kind: 'candidate';
  readonly votes: ReadonlySet<ProcessId>;
}

export interface Leading {
  readonly kind: 'leader';
  /** Of each follower, the index of the next entry to send to it. */
  readonly nextIndex: Readonly<Record<ProcessId, number>>;
  /** Of each follower, the highest index at which its log is known to agree. */
  readonly matchIndex: Readonly<Record<ProcessId, number>>;
  /** Who has answered since the last check (only with the option check-quorum). */
  readonly heard: ReadonlySet<ProcessId>;
  /** Of each follower to which entries are on their way, the index of the last of them (only with the option batch). */
  readonly awaited: Readonly<Record<ProcessId, number>>;
  /** The log as far as it has written it, if that is not all of it (only with the option parallelWrite). */
  readonly written?: Log<Entry>;
}

export interface Session {
  readonly seq: number;
  readonly result: unknown;
}

/** What a cluster may choose; none of it matters for safety. */
export interface Options {
  /** A server asks whether it would be elected before it raises its term, so that it does not disturb for nothing. */
  readonly preVote: boolean;
  /** A leader that a majority does not answer steps down; who hears a leader does not vote. */
  readonly checkQuorum: boolean;
  /** A new leader appends an entry without a command, so that what is in its log commits without waiting for a client. */
  readonly noop: boolean;
  /** Heartbeats never carry entries; what a follower lacks is sent when it answers. Otherwise they carry it themselves. */
  readonly emptyHeartbeats: boolean;
  /** A leader does not append a request that is in its log already (lecture, slide 43). */
  readonly scanLog: boolean;
  /**
   * Not 0: a leader sends a follower at most so many entries at once, and the next ones when these are answered, or at the
   * next heartbeat; what comes in between is sent together.
   */
  readonly batch: number;
  /** A follower whose log does not match says from where on it may; otherwise the leader goes back entry by entry. */
  readonly skipBack: boolean;
  /** A leader sends entries before it has written them, and counts itself when it has. */
  readonly parallelWrite: boolean;
}

/** The protocol's fixed part. */
export interface Config {
  readonly rules: Rules;
  readonly options: Options;
  readonly machine: StateMachine;
  /** The logs that servers are born with, where a run is to begin amid things; their terms have been. */
  readonly logs?: Readonly<Record<ProcessId, readonly Entry[]>>;
}

/** The fields of a message of a kind. */
export type Of<Kind extends Message['type']> = Omit<Extract<Message, { type: Kind }>, 'type'>;

export type Timer = 'election' | 'heartbeat' | 'write';

export type Self = Process<Message, Timer, Response, Indication>;

/** A server handling a message. */
export type Receiver = Self & { readonly from: ProcessId };

/** The fields that a crash must leave. */
export type DurableField = 'currentTerm' | 'votedFor' | 'log';
