/**
 * Why events were disabled at a process: the guards of its handlers, found out by running them.
 *
 * A handler is a function of its event and of what it reads of the state. If it returns without effect, then so it will
 * in every state in which the same reads find the same: in most of the states of a decided server, say. For each event
 * this keeps a decision tree: a question to the state that the handler asks next, a branch for each answer that it has
 * had, and at the end of a branch that the event is disabled. An event that is led there need not be tried.
 */

import type { Identity, Protocol } from '../../model/contract/protocol.ts';
import { type LocalState, type Outcome, type ProcessEvent, step } from '../../model/contract/step.ts';
import { answer, isTrackable, type Question, type Read, TrackedReads, withoutViews } from './tracked-reads.ts';

type Guard = Asking | 'disabled';

interface Asking extends Question {
  readonly answers: Map<string, Guard>;
}

/** What is known of the messages and requests that one process can get; they are told apart by their ids. */
export class GuardMemo {
  readonly #protocol: Protocol;
  readonly #identity: Identity;
  readonly #tracked = new TrackedReads();
  readonly #recorded: Protocol;
  readonly #guards = new Map<number, Guard>();
  /** Events of which nothing is to be learnt. */
  readonly #opaque = new Set<number>();

  constructor(protocol: Protocol, identity: Identity) {
    this.#protocol = protocol;
    this.#identity = identity;
    this.#recorded = this.#tracked.recorded(protocol);
  }

  /** Whether an event is known to be disabled in a state, for a reason that has been met before. */
  isDisabled(event: number, state: object): boolean {
    if (!isTrackable(state)) return false;
    let guard = this.#guards.get(event);
    while (typeof guard === 'object') guard = guard.answers.get(answer(state, guard));
    return guard === 'disabled';
  }

  /** Takes a step, and learns from it if the event is disabled. */
  step(event: number, local: LocalState, happened: ProcessEvent): Outcome {
    const outcome = this.#opaque.has(event) || !isTrackable(local.state) ? null : this.#learn(event, local, happened);
    return outcome ?? step(this.#protocol, this.#identity, local, happened);
  }

  /** Takes a step of a view of the state; null when it fails, which without the view it may not. */
  #learn(event: number, local: LocalState, happened: ProcessEvent): Outcome | null {
    const view = this.#tracked.view(local.state);
    try {
      const outcome = step(this.#recorded, this.#identity, { ...local, state: view }, happened);
      // An assignment of what was there already is no reason, since elsewhere it would change something; nor is arming
      // a timer that is armed.
      if (outcome.local.state !== view || outcome.effects.length > 0) return withoutViews(outcome);
    } catch {
      this.#opaque.add(event);
      return null;
    }
    if (!this.#insert(event, this.#tracked.reads())) {
      this.#guards.delete(event);
      this.#opaque.add(event);
    }
    return { local, effects: [] };
  }

  /** Makes a branch of the reads; false if they contradict the tree, as those of no pure handler do. */
  #insert(event: number, reads: readonly Read[]): boolean {
    let guard = this.#guards.get(event);
    let put = (next: Guard): unknown => this.#guards.set(event, next);
    for (const { path, asks, found } of reads) {
      const asking: Guard = guard ?? { path, asks, answers: new Map() };
      if (asking === 'disabled' || !isSame(asking, { path, asks })) return false;
      if (guard === undefined) put(asking);
      guard = asking.answers.get(found);
      put = (next) => asking.answers.set(found, next);
    }
    if (guard === undefined) put('disabled');
    return guard === undefined || guard === 'disabled';
  }
}

function isSame(a: Question, b: Question): boolean {
  return a.asks === b.asks && a.path.length === b.path.length && a.path.every((key, index) => key === b.path[index]);
}
