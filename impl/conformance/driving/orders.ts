/** What the scheduler tells a driven node, and what it hears. All of it is plain JSON, over the channel to a child process. */

import type { ParameterValue } from '../../../model/contract/parameter.ts';
import type { ProcessId } from '../../../model/contract/protocol.ts';

/** What a node is to run, and where. */
export interface Assignment {
  readonly system: string;
  readonly parameters: Readonly<Record<string, ParameterValue>>;
  readonly mutant: string | null;
  readonly node: ProcessId;
  /** Where each other node is reached, and the directory of this one's durable state. */
  readonly ports: Readonly<Record<ProcessId, number>>;
  readonly data: string;
}

export type Order =
  /** Listens, and opens the store. */
  | { readonly type: 'assign'; readonly assignment: Assignment }
  | { readonly type: 'start' }
  /** Hands on what is held at this place in the queue from a peer, and lets go of all before it that is of its session. */
  | { readonly type: 'release'; readonly peer: ProcessId; readonly at: number }
  /** Forgets the first so many that are held from a peer. */
  | { readonly type: 'discard'; readonly peer: ProcessId; readonly count: number }
  | { readonly type: 'fire'; readonly timer: string }
  /** The request as JSON of plain data. */
  | { readonly type: 'request'; readonly client: string; readonly request: unknown }
  /** Stops, and waits for the next assignment. */
  | { readonly type: 'end' };

/** The answer to an order, once all that it has caused is on disk and has left the node. */
export interface Answer {
  readonly type: 'answer';
  /** The port on which the node listens; 0 before it does. */
  readonly port: number;
  /** The canonical text of the process's state with its armed timers; null before its start. */
  readonly local: string | null;
  /** Canonical texts of what the step told clients and users, in order. */
  readonly told: readonly string[];
  /** To whom it has sent, once for each message. */
  readonly sentTo: readonly ProcessId[];
}

/** Something has arrived from a peer and is held. */
export interface Held {
  readonly type: 'held';
  readonly peer: ProcessId;
  readonly kind: 'linkUp' | 'linkDown' | 'message';
  readonly session: string;
  /** The canonical text of the message. */
  readonly message: string | null;
}

/** The order could not be carried out. */
export interface Failed {
  readonly type: 'failed';
  readonly why: string;
}

export type Word = Answer | Held | Failed;
