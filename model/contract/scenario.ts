/**
 * Scenarios: runs that a lecture or a paper tells, scripted. A script names each event only as far as is needed to tell it
 * from the others that are possible there; running it makes a full trace of it.
 */

import type { ParameterValue } from './parameter.ts';
import type { ProcessId } from './protocol.ts';
import type { TraceEvent } from './trace.ts';

/** What is said of an event: every field given must be as given, nested fields too. */
export type EventPattern = { readonly type: TraceEvent['type'] } & Readonly<Record<string, unknown>>;

export interface Scenario {
  /** What it shows, in a sentence. */
  readonly help: string;
  /** Where it is told: the paper's section or figure, the lecture's slide. */
  readonly source: string;
  readonly parameters?: Readonly<Record<string, ParameterValue>>;
  readonly mutant?: string;
  readonly script: readonly EventPattern[];
  /** What the properties say at its end: `holds`, `violated` somewhere along it, or (for `sometimes`) `reached`. */
  readonly expect: Readonly<Record<string, 'holds' | 'violated' | 'reached' | 'not reached'>>;
}

/** A client's request reaches a process. */
export function asks(process: ProcessId, request: Readonly<Record<string, unknown>>): EventPattern {
  return { type: 'request', process, request };
}

/** A process receives a message of a kind from another; `fields` tell it from others of the kind. */
export function receives(
  process: ProcessId,
  kind: string,
  from: ProcessId,
  fields: Readonly<Record<string, unknown>> = {},
): EventPattern {
  return { type: 'receive', process, from, message: { type: kind, ...fields } };
}

export function fires(process: ProcessId, timer: string): EventPattern {
  return { type: 'timeout', process, timer };
}

export function crashes(process: ProcessId): EventPattern {
  return { type: 'crash', process };
}

export function recovers(process: ProcessId): EventPattern {
  return { type: 'recover', process };
}

/** The session between two processes, in the system's order, is lost. */
export function cuts(process: ProcessId, peer: ProcessId): EventPattern {
  return { type: 'cut', process, peer };
}

/** There is a new session between two processes, in the system's order. */
export function connects(process: ProcessId, peer: ProcessId): EventPattern {
  return { type: 'connect', process, peer };
}

/** A process learns that its session with a peer is lost. */
export function losesLink(process: ProcessId, peer: ProcessId): EventPattern {
  return { type: 'linkDown', process, peer };
}

/** A process learns of a new session with a peer. */
export function gainsLink(process: ProcessId, peer: ProcessId): EventPattern {
  return { type: 'linkUp', process, peer };
}
