/**
 * Fairness: what the world owes a system. Without any, everything may be put off for ever, and nothing ever *must* happen.
 *
 * Events are put into classes, and each class is owed something:
 * - *weakly* fair: if from some point on an event of the class is possible all the time, one happens;
 * - *strongly* fair: if events of the class are possible again and again, one happens, again and again.
 *
 * As in TLA+, a step that leads to the very same state counts neither as possible nor as happening. An event that the
 * process ignores, and one at a process that is down, is not possible; so what is owed of messages is owed between live
 * processes.
 */

import { UsageError } from './errors.ts';
import { UnknownName } from './parameter.ts';
import type { ProcessId } from './protocol.ts';
import type { ProcessInstance } from './system.ts';

/**
 * What may be owed: an event by its kind in a trace; or a `step`, whatever a process does by itself (it receives, a timer
 * fires, it learns of a session). Faults are never owed.
 */
export type FairKind =
  | 'receive'
  | 'timeout'
  | 'step'
  | 'request'
  | 'recover'
  | 'connect'
  | 'linkDown'
  | 'linkUp'
  | 'action';

/**
 * What a class is made of.
 * - `event`: each event is a class of its own: this message from this sender to this receiver, this timer of this process,
 *   this action of a bare system.
 * - `process`: the events of each process are a class.
 * - `all`: all of them together are one class.
 */
export type FairnessPer = 'event' | 'process' | 'all';

export interface Fairness {
  readonly strength: 'weak' | 'strong';
  readonly kind: FairKind;
  /** Only these: types of messages or requests, names of timers or actions. Null: all. */
  readonly names: readonly string[] | null;
  /** Only at these processes. Null: at all. */
  readonly processes: readonly ProcessId[] | null;
  readonly per: FairnessPer;
}

export interface FairnessOptions {
  readonly name?: string | readonly string[];
  readonly process?: ProcessId | readonly ProcessId[];
  /** Default: `event`. */
  readonly per?: FairnessPer;
}

/** What stays possible happens: `weaklyFair('receive')`, `weaklyFair('timeout', { name: 'retry', process: 'n1' })`. */
export function weaklyFair(kind: FairKind, options: FairnessOptions = {}): Fairness {
  return fairness('weak', kind, options);
}

/** What is possible again and again happens again and again. */
export function stronglyFair(kind: FairKind, options: FairnessOptions = {}): Fairness {
  return fairness('strong', kind, options);
}

function fairness(strength: 'weak' | 'strong', kind: FairKind, options: FairnessOptions): Fairness {
  const { name, process, per = 'event' } = options;
  return {
    strength,
    kind,
    names: name === undefined ? null : [name].flat(),
    processes: process === undefined ? null : [process].flat(),
    per,
  };
}

/** An event, as far as fairness tells events apart. */
export interface FairEvent {
  readonly kind: string;
  readonly process: ProcessId | null;
  readonly name: string | null;
}

const STEPS: readonly string[] = ['receive', 'timeout', 'linkDown', 'linkUp'];

/** Whether an event is among those that something is owed of. */
export function isOwed({ kind, names, processes }: Fairness, event: FairEvent): boolean {
  if (kind === 'step' ? !STEPS.includes(event.kind) : event.kind !== kind) return false;
  if (names !== null && (event.name === null || !names.includes(event.name))) return false;
  return processes === null || (event.process !== null && processes.includes(event.process));
}

/** In words: `weak fairness of each receive Vote at n1`. */
export function fairnessText({ strength, kind, names, processes, per }: Fairness): string {
  const which = per === 'event' ? 'each' : 'some';
  const what = names === null ? kind : `${kind} ${names.join(' or ')}`;
  const where = processes === null ? '' : ` at ${processes.join(', ')}`;
  return `${strength} fairness of ${which} ${what}${where}${per === 'process' ? ' of each process' : ''}`;
}

/**
 * Refuses fairness of what a system of processes does not have.
 *
 * @throws UsageError, UnknownName
 */
export function validateFairness(system: string, instance: ProcessInstance): void {
  const { processes, network } = instance;
  const ids = processes.map(({ id }) => id);
  const unknown = (what: string, given: string, known: readonly string[]) =>
    new UnknownName(what, given, [...new Set(known)], `for the fairness of system '${system}' to speak of`);
  const named: Partial<Record<FairKind, readonly string[]>> = {
    receive: processes.flatMap(({ protocol }) => Object.keys(protocol.handlers.receive)),
    request: processes.flatMap(({ protocol }) => Object.keys(protocol.handlers.request)),
    timeout: processes.flatMap(({ protocol }) => protocol.timers),
  };
  for (const owed of instance.fairness) {
    const refuse = (why: string): never => {
      throw new UsageError(`system '${system}': ${fairnessText(owed)}: ${why}`);
    };
    const { kind, names, processes: at } = owed;
    if (kind === 'action') refuse("actions are a bare system's; a system of processes has receive, timeout and others");
    if (['connect', 'linkDown', 'linkUp'].includes(kind) && network !== 'fifo')
      refuse(`there are no sessions in a ${network}: it needs the fifo network`);
    const known = named[kind];
    for (const name of names ?? []) {
      if (known === undefined) refuse(`a ${kind} has no name to choose by`);
      else if (!known.includes(name)) throw unknown(kind, name, known);
    }
    for (const id of at ?? []) if (!ids.includes(id)) throw unknown('process', id, ids);
  }
}

/**
 * The same for a bare system, of whose fairness only the kind is known before it is explored.
 *
 * @throws UsageError
 */
export function validateActionFairness(system: string, fairness: readonly Fairness[]): void {
  const other = fairness.find(
    ({ kind, per, processes }) => kind !== 'action' || per === 'process' || processes !== null,
  );
  if (other === undefined) return;
  throw new UsageError(
    `system '${system}': ${fairnessText(other)}: a bare system has no processes; what can be owed are its actions, ` +
      'by name or all of them',
  );
}
