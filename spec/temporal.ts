/**
 * Temporal properties: what must happen in the end. They speak of infinite runs, and so of what may be put off for ever;
 * which actions may not is said by the fairness that a system states.
 *
 * A run that comes to an end goes on by doing nothing for ever (it *stutters*), as in TLA+ (Lamport, The temporal logic of
 * actions, TOPLAS 1994). `X` is what a property reads, as in property.ts.
 */

/** <>P: in every fair run there is a state in which it holds. */
export interface Eventually<in X> {
  readonly kind: 'eventually';
  readonly name: string;
  check(state: X): boolean;
}

/** P ~> Q, that is [](P => <>Q): in every fair run, whenever `from` holds, `to` holds then or later. */
export interface LeadsTo<in X> {
  readonly kind: 'leadsTo';
  readonly name: string;
  from(state: X): boolean;
  to(state: X): boolean;
}

/** <>[]P: in every fair run it holds from some state on for ever. */
export interface EventuallyAlways<in X> {
  readonly kind: 'eventuallyAlways';
  readonly name: string;
  check(state: X): boolean;
}

export type TemporalProperty<X> = Eventually<X> | LeadsTo<X> | EventuallyAlways<X>;

export function eventually<X>(name: string, check: (state: X) => boolean): Eventually<X> {
  return { kind: 'eventually', name, check };
}

export function leadsTo<X>(name: string, from: (state: X) => boolean, to: (state: X) => boolean): LeadsTo<X> {
  return { kind: 'leadsTo', name, from, to };
}

export function eventuallyAlways<X>(name: string, check: (state: X) => boolean): EventuallyAlways<X> {
  return { kind: 'eventuallyAlways', name, check };
}
