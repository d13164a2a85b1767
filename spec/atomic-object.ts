/**
 * An atomic object: clients invoke operations and get results, and each operation takes effect at once, at some moment between
 * the two. As a state machine it says when that moment is, where linearizability (linearizability.ts) only says that there is
 * one: a history is linearizable exactly if some run of this machine has it.
 *
 * Source: Lynch, "Distributed Algorithms" (1996), section 13.1, the canonical wait-free atomic object automaton: its buffers of
 * invocations and responses are the clients here, its `perform` is the taking effect.
 * Difference: there, each step does one thing. Here an operation may take effect and return in one step, and a client that gets
 * a result may invoke its next operation in that step; so that what is atomic in an implementation may be one step here.
 */

import type { SequentialSpecification } from './linearizability.ts';
import { same, show } from './plain.ts';
import type { Specification } from './refinement.ts';

/** What is between a client and the object. */
export interface ObjectClient<Op, Result> {
  /** The results that it was given, in order. */
  readonly results: readonly Result[];
  /** The operation that it has invoked; null when it waits for none. */
  readonly invoked: Invocation<Op, Result> | null;
}

export interface Invocation<Op, Result> {
  readonly op: Op;
  /** What the operation will return, once it has taken effect; null before. */
  readonly effect: { readonly result: Result } | null;
}

export interface AtomicObject<State, Op, Result> {
  /** What the object holds. */
  readonly state: State;
  readonly clients: Readonly<Record<string, ObjectClient<Op, Result>>>;
}

/** An operation that takes effect. */
interface Effect<Op, Result> {
  readonly client: string;
  readonly op: Op;
  readonly result: Result;
}

/**
 * The atomic object that a sequential one becomes when several clients use it. At first it holds what that one does and no
 * operation has taken effect; in a step at most one does.
 */
export function atomicObject<State, Op, Result>(
  name: string,
  sequential: SequentialSpecification<State, Op, Result>,
): Specification<AtomicObject<State, Op, Result>> {
  const text = ({ client, op, result }: Effect<Op, Result>) =>
    `${client}'s ${sequential.describe?.(op, result) ?? `${show(op)} -> ${show(result)}`}`;
  return {
    name,
    initial: ({ state, clients }) =>
      same(state, sequential.initial) &&
      Object.values(clients).every(({ results, invoked }) => results.length === 0 && !invoked?.effect),
    step({ state: held, clients: before }, { state: holds, clients: after }) {
      const names = [...new Set([...Object.keys(before), ...Object.keys(after)])].sort();
      const moves = names.map((client) => effectsOf(client, before[client] ?? IDLE, after[client] ?? IDLE));
      const refused = moves.find((move) => typeof move === 'string');
      if (refused !== undefined) return refused;
      const effects = moves.flatMap((move) => (typeof move === 'string' ? [] : move));
      const [effect] = effects;
      if (effects.length > 1) return `${effects.map(text).join(' and ')} take effect at once`;
      if (effect === undefined) return same(held, holds) || `${show(held)} becomes ${show(holds)} by no operation`;
      const right = sequential.apply(held, effect.op);
      if (!same(right.result, effect.result))
        return `${text(effect)} takes effect where it would be ${text({ ...effect, result: right.result })}`;
      return same(right.state, holds) || `${text(effect)} leaves ${show(holds)}, and not ${show(right.state)}`;
    },
  };
}

const IDLE = { results: [], invoked: null };

/** Which operations of a client take effect in a step; a sentence when no client and object can do what it does. */
function effectsOf<Op, Result>(
  client: string,
  { results: had, invoked: before }: ObjectClient<Op, Result>,
  { results: has, invoked: after }: ObjectClient<Op, Result>,
): readonly Effect<Op, Result>[] | string {
  const [result, ...more] = has.slice(had.length);
  if (!same(had, has.slice(0, had.length)) || more.length > 0)
    return `${client} is given ${show(has)} after ${show(had)}`;
  const begun = (invocation: Invocation<Op, Result> | null) =>
    invocation?.effect ? [{ client, op: invocation.op, result: invocation.effect.result }] : [];
  if (has.length > had.length) {
    if (before === null) return `${client} is given ${show(result)} for nothing`;
    const { op, effect } = before;
    if (effect === null) return [{ client, op, result: result as Result }, ...begun(after)];
    return same(effect.result, result) ? begun(after) : `${client} is given ${show(result)} for ${show(effect.result)}`;
  }
  if (before === null) return begun(after);
  if (after === null || !same(before.op, after.op)) return `${client} gives up ${show(before.op)}`;
  if (before.effect === null) return begun(after);
  return same(before.effect, after.effect) ? [] : `what ${client}'s ${show(before.op)} has done is undone`;
}
