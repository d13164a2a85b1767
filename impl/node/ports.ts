/**
 * What a node is built on. Everything nondeterministic comes in through these, so that the same node runs over sockets and
 * disks, in a simulation, and under a scheduler that holds and releases.
 *
 * All calls back into the node come from a later turn, never from within the call that asked for them.
 */

import type { Patch } from '../../model/contract/patches.ts';
import type { AnyTagged, ProcessId } from '../../model/contract/protocol.ts';
import type { Cause, RecordedStep, RecordingHeader } from '../../model/contract/recording.ts';

/** The durable part of the state, on disk. */
export interface Store {
  /** What former incarnations have persisted; null when nothing ever was. */
  readonly recovered: { readonly kept: unknown } | null;
  /** Which incarnation of the node this is; grows with each opening of the store. */
  readonly incarnation: number;
  /**
   * Puts a change on disk and calls `done` when it is there to stay. The node asks for one change at a time.
   *
   * `done` with an error means that the change may or may not be there, and the store is not to be used any more.
   */
  commit(change: Change, done: (error: Error | null) => void): void;
}

export interface Change {
  /** What to add, in order. */
  readonly patches: readonly Patch[];
  /** The durable part as it is after them: for a snapshot, when one is due. */
  readonly kept: unknown;
}

/** The name of a session between two nodes, the same at both ends and never used again. */
export type Session = string;

/** A message on its way, with what the receiver records of it. */
export interface Frame {
  readonly message: AnyTagged;
  readonly cause: Cause;
}

/** What a transport tells a node. Per peer: linkUp, then frames of that session, then linkDown, and so on. */
export interface TransportEvents {
  linkUp(peer: ProcessId, session: Session): void;
  receive(peer: ProcessId, session: Session, frame: Frame): void;
  linkDown(peer: ProcessId, session: Session): void;
}

/** Sessions with peers. Within one, frames arrive in order and once, or not at all from some frame on. */
export interface Transport {
  /** Begins to connect and to listen. */
  open(events: TransportEvents): void;
  /** Sends over a session; into the void if it is over. It may wait for a {@link flush}, but not longer than this turn. */
  send(peer: ProcessId, session: Session, frame: Frame): void;
  /** What has been sent leaves now. */
  flush(): void;
  /** Stops reading from a peer, so that it feels the pressure; frames that were read already still come. */
  pause(peer: ProcessId): void;
  resume(peer: ProcessId): void;
}

/** The waits of a node's timers. */
export interface Timers {
  /** Begins the wait for a timer anew; `fire` is called once, unless the wait is begun anew or cleared before. */
  set(timer: string, fire: () => void): void;
  clear(timer: string): void;
}

/** Time and turns. */
export interface Clock {
  /** Wall clock, in milliseconds. */
  now(): number;
  /** Runs a function in a later turn, when what waits already has had its turn. */
  soon(run: () => void): void;
  /** Runs a function once after so many milliseconds. Returns how to prevent it. */
  after(ms: number, run: () => void): () => void;
}

/** Writes down what a node does. */
export interface Recorder {
  begin(header: RecordingHeader): void;
  /** A step that has been taken. It may wait for the next {@link write}. */
  step(step: RecordedStep): void;
  /** Writes the steps that wait and, when `persisted` is given, a mark: they must survive a kill of the process from now on. */
  write(persisted: number | null): void;
}
