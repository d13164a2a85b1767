/**
 * Actions of a bare transition system, as TLA+ and PlusCal have them: each is a step that can be taken when its conditions
 * hold, and says what it changes. The engine takes an action once for all states that agree in what it reads.
 */

import { mutableCopy } from './content-set.ts';
import { canonical } from './data.ts';
import type { Draft } from './draft.ts';
import { ModelError, messageOf } from './errors.ts';

/**
 * A step: changes a draft of the state. It is disabled in states in which a condition given to {@link when} fails; a step
 * that changes nothing is a step. Sets of the draft know their members by content.
 */
export type Action<State> = (state: Draft<State>) => void;

/** Actions by name; what {@link each} gives stands for one action per choice of parameters. */
export type Actions<State> = Readonly<Record<string, Action<State> | Family<Draft<State>>>>;

/** An action for each choice of its parameters, on drafts of this type. */
export interface Family<Drafted> {
  readonly members: readonly { readonly parameters: readonly unknown[]; readonly action: (state: Drafted) => void }[];
}

export interface NamedAction<State = unknown> {
  /** With its parameters: `RMPrepare(rm1)`. */
  readonly name: string;
  readonly action: Action<State>;
}

class Disabled extends Error {}

/** The step that asks is possible only if the condition holds: PlusCal's `when`. */
export function when(condition: boolean): asserts condition {
  if (!condition) throw new Disabled('when() is for actions of a transition system');
}

/**
 * An action with parameters, once for each choice of them: `each([rms, ballots], (state, rm, ballot) => ...)`, as in
 * `\E rm \in RM, b \in Ballot`.
 */
export function each<Drafted, Parameters extends readonly unknown[]>(
  sets: { readonly [Index in keyof Parameters]: Iterable<Parameters[Index]> },
  action: (state: Drafted, ...parameters: Parameters) => void,
): Family<Drafted> {
  const choices = (sets as readonly Iterable<unknown>[]).reduce<readonly (readonly unknown[])[]>(
    (chosen, set) => chosen.flatMap((parameters) => [...set].map((parameter) => [...parameters, parameter])),
    [[]],
  );
  return {
    members: choices.map((parameters) => ({
      parameters,
      action: (state) => action(state, ...(parameters as unknown as Parameters)),
    })),
  };
}

/** The actions with their parameters, in the order in which they were given. */
export function namedActions<State>(actions: Actions<State>): NamedAction<State>[] {
  return Object.entries(actions).flatMap(([name, action]) => {
    if (typeof action === 'function') return [{ name, action }];
    return action.members.map((member) => ({
      name: `${name}(${member.parameters.map(parameterText).join(', ')})`,
      action: member.action,
    }));
  });
}

/** Takes an action on a draft: false if it is disabled, and then the draft may be half changed. */
export function takeAction<State>({ name, action }: NamedAction<State>, draft: Draft<State>): boolean {
  let returned: unknown;
  try {
    returned = action(draft);
  } catch (thrown) {
    if (thrown instanceof Disabled) return false;
    throw new ModelError(`action ${name} failed: ${messageOf(thrown)}`);
  }
  if (returned === undefined) return true;
  throw new ModelError(`action ${name} returned something: an action changes the state that it is given`);
}

/** What the actions lead to from a state, by name. */
export function* successorsOf<State>(
  actions: readonly NamedAction<State>[],
  state: State,
): Generator<readonly [action: string, state: State]> {
  for (const named of actions) {
    const draft = actionState(state) as Draft<State>;
    // A Set that an action has made itself knows its members by content from now on.
    if (takeAction(named, draft)) yield [named.name, actionState(draft) as State];
  }
}

/** A state as actions and properties get it, to be changed or frozen. */
export function actionState(state: unknown): unknown {
  if (typeof state === 'object' && state !== null) return mutableCopy(state);
  throw new ModelError(
    `the state ${canonical(state)} is not an object: actions change parts of a state; give the system 'next' instead`,
  );
}

function parameterText(parameter: unknown): string {
  return typeof parameter === 'string' ? parameter : canonical(parameter);
}
