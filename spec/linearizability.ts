/**
 * Linearizability: every operation of a concurrent history seems to take effect at once, at some moment between its
 * invocation and its return.
 *
 * Source: Herlihy and Wing, "Linearizability: a correctness condition for concurrent objects" (TOPLAS 1990). The search is
 * Wing and Gong's (1993) with the memory of Lowe, "Testing for linearizability" (2017): a set of operations together with
 * the state that it led to is tried once.
 * Differences: Lowe keeps the set as a bitset, and a linked list of calls and returns says which operation may be next.
 * Here operations stand in sequences, as clients make them, so that a number per sequence says which ones have taken
 * effect; and each says what must come before it, so that a history can do without times. The functions `realTime` and
 * `clientOrder` make such histories of recorded runs and of what clients have seen.
 * Pending operations are spent sparingly (see `choices` and `isNew`): without this, each one doubles the work.
 */

import { same, show, textOf } from './plain.ts';
import type { Verdict } from './property.ts';

/** An object used by one client at a time: what its operations do. States and results are plain data. */
export interface SequentialSpecification<State, Op, Result> {
  readonly initial: State;
  apply(state: State, op: Op): { readonly state: State; readonly result: Result };
  /** An operation and its result as a sentence names them. */
  describe?(op: Op, result: Result): string;
}

/** A concurrent history. */
export type History<Op, Result> = readonly Sequence<Op, Result>[];

/** Operations that were made one after the other. */
export interface Sequence<Op, Result> {
  readonly client: string;
  readonly completed: readonly Completed<Op, Result>[];
  /** Without an answer: it may have taken effect, or do so later, or never. */
  readonly pending: Invoked<Op> | null;
}

export interface Invoked<Op> {
  readonly op: Op;
  /** What comes before it besides its predecessors: so many first completed operations of other sequences. */
  readonly after: readonly { readonly sequence: number; readonly count: number }[];
}

export interface Completed<Op, Result> extends Invoked<Op> {
  readonly result: Result;
}

/** An operation in its place in a linearization. */
export interface Placed<Op, Result> {
  readonly client: string;
  readonly op: Op;
  readonly result: Result;
}

/** An operation that cannot be next, because another result would be right there. */
export interface Misplaced<Op, Result> extends Placed<Op, Result> {
  readonly expected: Result;
}

export interface Linearizable<Op, Result> {
  readonly linearizable: true;
  readonly order: readonly Placed<Op, Result>[];
}

export interface NotLinearizable<Op, Result> {
  readonly linearizable: false;
  /** An order of as many completed operations as can be explained. */
  readonly prefix: readonly Placed<Op, Result>[];
  /** The operations that could be next by the history's own order, none of which fits. */
  readonly misplaced: readonly Misplaced<Op, Result>[];
}

/** Finds an order of the history's operations that the specification explains, or shows how far one gets. */
export function linearize<State, Op, Result>(
  specification: SequentialSpecification<State, Op, Result>,
  history: History<Op, Result>,
): Linearizable<Op, Result> | NotLinearizable<Op, Result> {
  const position = start(specification, history);
  const visited: Visited = new Map();
  const path: Branch<State, Op, Result>[] = [{ taken: null, choices: choices(specification, history, position, null) }];
  let furthest: NotLinearizable<Op, Result> = { linearizable: false, prefix: [], misplaced: [] };
  let fewestLeft = Number.POSITIVE_INFINITY;

  for (let branch = path.at(-1); branch !== undefined; branch = path.at(-1)) {
    if (position.left === 0) return { linearizable: true, order: orderOf(path) };
    if (branch.choices.length === 0 && position.left < fewestLeft) {
      fewestLeft = position.left;
      furthest = { linearizable: false, prefix: orderOf(path), misplaced: misplaced(specification, history, position) };
    }
    const choice = branch.choices.shift();
    if (choice === undefined) {
      path.pop();
      if (branch.taken !== null) undo(position, branch.taken);
      continue;
    }
    take(position, choice);
    if (isNew(visited, position)) {
      path.push({ taken: choice, choices: choices(specification, history, position, choice) });
    } else {
      undo(position, choice);
    }
  }
  return furthest;
}

/** Whether the history is linearizable; otherwise a sentence saying where the best order fails. */
export function linearizable<State, Op, Result>(
  specification: SequentialSpecification<State, Op, Result>,
  history: History<Op, Result>,
): Verdict {
  const outcome = linearize(specification, history);
  if (outcome.linearizable) return true;
  const describe = ({ client, op, result }: Placed<Op, Result>) =>
    `${client}'s ${specification.describe?.(op, result) ?? `${show(op)} -> ${show(result)}`}`;
  const before = outcome.prefix.slice(-MOST_SHOWN).map(describe);
  if (outcome.prefix.length > before.length) before.unshift(`${outcome.prefix.length - before.length} operations`);
  const where = before.length === 0 ? 'as the first operation' : `after ${before.join(', ')}`;
  const [first] = outcome.misplaced;
  if (first === undefined) return `nothing can come next ${where}: the operations wait for each other`;
  return `no order explains ${describe(first)}: ${where} it would be ${describe({ ...first, result: first.expected })}`;
}

/** A sentence names no more operations than this. */
const MOST_SHOWN = 4;

/** Where the search is. */
interface Position<State> {
  /** How many completed operations of each sequence have taken effect. */
  readonly done: number[];
  /** How many have yet to. */
  left: number;
  /** The sequences whose pending operation has taken effect, a bit each. */
  spent: bigint;
  at: Reached<State>;
}

/** A state and its text. */
interface Reached<State> {
  readonly state: State;
  readonly text: string;
}

/** An operation that may take effect next, and the states around it. */
interface Choice<State, Op, Result> {
  readonly sequence: number;
  readonly pending: boolean;
  readonly placed: Placed<Op, Result>;
  readonly before: Reached<State>;
  readonly after: Reached<State>;
}

interface Branch<State, Op, Result> {
  readonly taken: Choice<State, Op, Result> | null;
  /** What has not been tried yet. */
  readonly choices: Choice<State, Op, Result>[];
}

/** By what has been done and the state: the sets of pending operations with which this was visited. */
type Visited = Map<string, bigint[]>;

/**
 * Whether a position has to be tried. Not if it was reached before with the same or fewer pending operations spent:
 * whatever can follow here could follow there.
 */
function isNew<State>(visited: Visited, { done, spent, at }: Position<State>): boolean {
  const key = `${done.join(',')} ${at.text}`;
  const before = visited.get(key);
  if (before === undefined) visited.set(key, [spent]);
  else if (before.some((fewer) => (fewer & ~spent) === 0n)) return false;
  else before.push(spent);
  return true;
}

function start<State, Op, Result>(
  { initial }: SequentialSpecification<State, Op, Result>,
  history: History<Op, Result>,
): Position<State> {
  return {
    done: history.map(() => 0),
    left: history.reduce((sum, { completed }) => sum + completed.length, 0),
    spent: 0n,
    at: { state: initial, text: textOf(initial) },
  };
}

function take<State, Op, Result>(position: Position<State>, choice: Choice<State, Op, Result>): void {
  count(position, choice, 1);
  position.at = choice.after;
}

function undo<State, Op, Result>(position: Position<State>, choice: Choice<State, Op, Result>): void {
  count(position, choice, -1);
  position.at = choice.before;
}

function count<State, Op, Result>(
  position: Position<State>,
  { sequence, pending }: Choice<State, Op, Result>,
  by: 1 | -1,
): void {
  if (pending) {
    position.spent ^= 1n << BigInt(sequence);
  } else {
    position.done[sequence] = (position.done[sequence] ?? 0) + by;
    position.left -= by;
  }
}

/**
 * What may take effect next, pending operations last. A pending one that was just taken must have been taken for what
 * comes now: if that would give the same without it, an order that leaves it pending is as good.
 */
function choices<State, Op, Result>(
  specification: SequentialSpecification<State, Op, Result>,
  history: History<Op, Result>,
  position: Position<State>,
  taken: Choice<State, Op, Result> | null,
): Choice<State, Op, Result>[] {
  const apply = (op: Op, { state }: Reached<State>) => {
    const applied = specification.apply(state, op);
    return { result: applied.result, after: { state: applied.state, text: textOf(applied.state) } };
  };
  const found: Choice<State, Op, Result>[] = [];
  for (const { sequence, client, op, returned } of ready(history, position)) {
    const { result, after } = apply(op, position.at);
    if (returned !== null && !same(result, returned.result)) continue;
    if (taken?.pending) {
      const without = apply(op, taken.before);
      if (without.after.text === after.text && (returned === null || same(without.result, result))) continue;
    }
    found.push({ sequence, pending: returned === null, placed: { client, op, result }, before: position.at, after });
  }
  return found;
}

/** The next operations, where all that must come before them has taken effect; completed ones first. */
function* ready<State, Op, Result>(history: History<Op, Result>, { done, spent }: Position<State>) {
  for (const [sequence, { client, completed }] of history.entries()) {
    const next = completed[done[sequence] ?? 0];
    if (next !== undefined && isReady(next, done)) {
      yield { sequence, client, op: next.op, returned: { result: next.result } };
    }
  }
  for (const [sequence, { client, completed, pending }] of history.entries()) {
    if (pending === null || done[sequence] !== completed.length || !isReady(pending, done)) continue;
    if ((spent & (1n << BigInt(sequence))) === 0n) yield { sequence, client, op: pending.op, returned: null };
  }
}

function isReady<Op>({ after }: Invoked<Op>, done: readonly number[]): boolean {
  return after.every(({ sequence, count }) => (done[sequence] ?? 0) >= count);
}

function misplaced<State, Op, Result>(
  specification: SequentialSpecification<State, Op, Result>,
  history: History<Op, Result>,
  position: Position<State>,
): Misplaced<Op, Result>[] {
  return [...ready(history, position)].flatMap(({ client, op, returned }) => {
    if (returned === null) return [];
    return [{ client, op, result: returned.result, expected: specification.apply(position.at.state, op).result }];
  });
}

function orderOf<State, Op, Result>(path: readonly Branch<State, Op, Result>[]): Placed<Op, Result>[] {
  return path.flatMap(({ taken }) => (taken === null ? [] : [taken.placed]));
}
