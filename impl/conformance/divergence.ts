/** Divergences: where what was recorded stops being what the model does. */

import type { ProcessId } from '../../model/contract/protocol.ts';
import type { ProcessEvent } from '../../model/contract/step.ts';

/**
 * What a recorded run must keep to.
 * - `event`: only what can happen to the process then happens: timers that are armed, requests of the protocol, its peers.
 * - `effects`, `durable`: a step does what the transition function does.
 * - `recovery`: an incarnation begins with exactly what the one before has put on disk.
 * - `sessions`: a node learns of the end of a session before it learns of the next, and no session has been before.
 * - `sent`: what is received was sent, by a step that is on disk.
 * - `order`: over a session, what is received is what was sent, in order, once, without gaps.
 * - `causality`: no event comes before its own cause.
 * - `property`: the properties of the system hold along the run.
 * - `linearizability`: what the clients saw has an explanation.
 */
export type Rule =
  | 'event'
  | 'effects'
  | 'durable'
  | 'recovery'
  | 'sessions'
  | 'sent'
  | 'order'
  | 'causality'
  | 'property'
  | 'linearizability';

/** A line of a recording, and the step that it is of. */
export interface Place {
  readonly node: ProcessId;
  readonly file: string;
  /** Counted from 1. */
  readonly line: number;
  readonly incarnation: number;
  /** Null for a header. */
  readonly step: number | null;
}

/** One place in which two values differ: what the model has there, and what was recorded. */
export interface Difference {
  readonly path: string;
  readonly model: unknown;
  readonly recorded: unknown;
}

export interface Divergence {
  readonly rule: Rule;
  /** Null for what is not of one line: a history of clients. */
  readonly place: Place | null;
  /** What happened there; null for a header, or for the clients. */
  readonly event: ProcessEvent | null;
  /** What is wrong, in a sentence. */
  readonly message: string;
  readonly differences: readonly Difference[];
}

/** Thrown where a divergence is found; conformance catches it and reports it. */
export class Diverged extends Error {
  override readonly name = 'Diverged';

  constructor(readonly divergence: Divergence) {
    super(divergence.message);
  }
}

export function diverge(
  rule: Rule,
  place: Place | null,
  event: ProcessEvent | null,
  message: string,
  differences: readonly Difference[] = [],
): never {
  throw new Diverged({ rule, place, event, message, differences });
}
