/**
 * Refinement: what a system does, seen through a mapping of its states to abstract ones, is what an abstract specification
 * allows. Every initial state maps to an initial one, and every step to a step or to a stutter, which changes nothing.
 *
 * Source: Abadi and Lamport, "The Existence of Refinement Mappings" (1991). Where the state has forgotten what the abstract one
 * must remember, the mapping takes it from a history variable (section 3.1 there).
 */

import { same, show } from './plain.ts';
import type { AlwaysStep, Verdict } from './property.ts';

/** An abstract specification: where it may begin, and which steps it may take. */
export interface Specification<State> {
  readonly name: string;
  initial(state: State): Verdict;
  /** Whether it may go from one state to another one. */
  step(before: State, after: State): Verdict;
}

/** That the system refines the specification under the mapping. */
export function refines<X, State>(specification: Specification<State>, mapping: (state: X) => State): AlwaysStep<X> {
  const { name } = specification;
  return {
    kind: 'alwaysStep',
    name: `refines ${name}`,
    initial: (state) => because(specification.initial(mapping(state)), `${name} does not begin with this`),
    check(concreteBefore, concreteAfter) {
      const [before, after] = [mapping(concreteBefore), mapping(concreteAfter)];
      const step = `no step of ${name} leads from ${show(before)} to ${show(after)}`;
      return same(before, after) || because(specification.step(before, after), step);
    },
  };
}

function because(verdict: Verdict, otherwise: string): Verdict {
  return verdict === false ? otherwise : verdict;
}
