/** The semantics of a bare transition system: every successor that it lists is a transition, those to the same state too. */

import { actionState } from '../../model/contract/action.ts';
import { canonical } from '../../model/contract/data.ts';
import { freeze } from '../../model/contract/draft.ts';
import type { TransitionInstance } from '../../model/contract/system.ts';
import { callModel } from './observation.ts';
import type { Semantics } from './semantics.ts';

export function transitionSemantics(instance: TransitionInstance): Semantics<unknown> {
  const beyond = (state: unknown): string | null =>
    Object.entries(instance.bounds.local ?? {}).find(([, within]) => !callModel('bound', () => within(state)))?.[0] ??
    null;
  // Beside actions, states have Sets that know their members by content, and an order that does not tell how they came
  // to be.
  const asGiven = (state: unknown): unknown => (instance.actions === null ? state : actionState(state));
  return {
    initial: () =>
      callModel('initial', () => [...instance.initial()].map(asGiven)).map((state) => ({
        state: freeze(state, true),
        beyond: beyond(state),
        starts: [],
      })),
    successors: (state) =>
      callModel(`next of ${textOf(state)}`, () =>
        [...instance.next(state)].map(([action, after]) => [action, freeze(asGiven(after), true)] as const),
      ).map(([action, after]) => ({
        event: { type: 'action', action, state: after },
        state: after,
        beyond: beyond(after),
        effects: [],
      })),
    seen: (state) => state,
    key: (state) => callModel('a state', () => canonical(state)),
  };
}

function textOf(state: unknown): string {
  return callModel('a state', () => canonical(state));
}
