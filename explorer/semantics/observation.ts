/** What is seen of states and steps: views, the history variable, and the functions of a model called with care. */

import { canonical, equal } from '../../model/contract/data.ts';
import { freeze } from '../../model/contract/draft.ts';
import { ModelError, messageOf } from '../../model/contract/errors.ts';
import type { ProcessId, Protocol } from '../../model/contract/protocol.ts';
import { type Effect, handlerName, type LocalState, type ProcessEvent } from '../../model/contract/step.ts';
import type { ObservedStep, ProcessInstance } from '../../model/contract/system.ts';
import type { Snapshot } from '../../spec/property.ts';

/** Whether anything of a step leaves the process: a message to another one, a response, an indication. */
export function isVisible(self: ProcessId, effects: readonly Effect[]): boolean {
  return effects.some(
    (effect) =>
      effect.type === 'respond' || effect.type === 'indicate' || (effect.type === 'send' && effect.to !== self),
  );
}

/**
 * The canonical text of a process between steps.
 *
 * @throws ModelError naming protocol, handler and event when its state is not plain data.
 */
export function localKey(protocol: Protocol, id: ProcessId, event: ProcessEvent, local: LocalState): string {
  return callModel(`${protocol.name}: the state of ${id} after handler ${handlerName(event)}`, () => canonical(local));
}

/** The history after a step. */
export function recordStep({ history }: ProcessInstance, record: unknown, observed: ObservedStep<object>): unknown {
  const observation = observe(history, observed);
  return observation === null ? record : foldHistory(history, record, observation);
}

/** What the history variable observes of a step; null for nothing. */
export function observe(history: ProcessInstance['history'], observed: ObservedStep<object>): unknown {
  return callModel(
    `history.observe of ${handlerName(observed.event)} at ${observed.process}`,
    () => history.observe(observed) ?? null,
  );
}

export function foldHistory(history: ProcessInstance['history'], record: unknown, observation: unknown): unknown {
  return callModel('history.next', () => freeze(history.next(record, observation as never), true));
}

export function viewOf(instance: ProcessInstance, id: ProcessId, state: object): unknown {
  return callModel(`view of ${id}`, () => freeze(instance.view(state, id), true));
}

export function snapshotOf(
  views: readonly (readonly [ProcessId, unknown])[],
  crashed: readonly ProcessId[],
  history: unknown,
): Snapshot<unknown, unknown> {
  return { views: Object.fromEntries(views), crashed, history };
}

/** Calls a function of the model; whatever it throws becomes a ModelError that says where. */
export function callModel<T>(where: string, call: () => T): T {
  try {
    return call();
  } catch (thrown) {
    if (thrown instanceof ModelError) throw thrown;
    throw new ModelError(`${where} failed: ${messageOf(thrown)}`);
  }
}

/** @throws ModelError when two evaluations of what should be one function of its arguments differ. */
export function mustAgree(where: string, first: unknown, second: unknown): void {
  if (equal(first, second)) return;
  throw new ModelError(
    `${where} is not a function of its arguments: called twice with the same ones it gave\n  ${canonical(first)}\nand then\n  ${canonical(second)}`,
  );
}
