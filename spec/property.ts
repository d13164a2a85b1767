/**
 * Properties: what must hold, as plain functions of what can be seen of a state.
 *
 * `X` is what a property reads: of a system of processes its {@link Snapshot}, of a bare transition system its state.
 */

/** `true` when it holds; a sentence saying why not, or just `false`, when it does not. */
export type Verdict = boolean | string;

/** Holds in every reachable state (an invariant). */
export interface Always<in X> {
  readonly kind: 'always';
  readonly name: string;
  /** Whether it speaks of the very requests of the environment: then it says nothing of a run with other ones. */
  readonly ofWorkload: boolean;
  check(state: X): Verdict;
}

/** Holds of every step. A step that changes nothing of what the property reads is always allowed, as in TLA+. */
export interface AlwaysStep<in X> {
  readonly kind: 'alwaysStep';
  readonly name: string;
  check(before: X, after: X): Verdict;
  /** What must hold of the state that a run begins with. Default: nothing. */
  initial?(state: X): Verdict;
}

/** Holds in some reachable state: the witness that what should be possible is possible. */
export interface Sometimes<in X> {
  readonly kind: 'sometimes';
  readonly name: string;
  check(state: X): boolean;
}

export type Property<X> = Always<X> | AlwaysStep<X> | Sometimes<X>;

export function always<X>(name: string, check: (state: X) => Verdict, { ofWorkload = false } = {}): Always<X> {
  return { kind: 'always', name, check, ofWorkload };
}

export function alwaysStep<X>(name: string, check: (before: X, after: X) => Verdict): AlwaysStep<X> {
  return { kind: 'alwaysStep', name, check };
}

export function sometimes<X>(name: string, check: (state: X) => boolean): Sometimes<X> {
  return { kind: 'sometimes', name, check };
}

/**
 * What the properties of a system of processes read: a view of each live process, and the history.
 */
export interface Snapshot<out View, out History = null> {
  /** The views of the processes that are up, by process id, in the system's order. */
  readonly views: Readonly<Record<string, View>>;
  /** The processes that are down. */
  readonly crashed: readonly string[];
  /** What the history variable has recorded. */
  readonly history: History;
}
