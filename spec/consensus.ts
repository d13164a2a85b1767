/**
 * Consensus: what must hold of the values that processes decide.
 *
 * Sources: Cachin, Guerraoui and Rodrigues, "Introduction to Reliable and Secure Distributed Programming" (2nd edition,
 * 2011), modules 5.1 (consensus) and 5.2 (uniform consensus); the lecture on consensus (Kaiserslautern), slide
 * "Properties of consensus". The lecture's integrity is `integrity` and `validity` here; its own validity, of the case
 * that all correct processes propose one value, does not hold when a process that crashes had proposed another one.
 * Left out: termination, which no single state can show.
 */

import { same, show } from './plain.ts';
import type { Verdict } from './property.ts';
import type { Specification } from './refinement.ts';

/** What each process has decided, in order. To include what a crash made it forget, take it from a history variable. */
export type Decisions<Value> = Readonly<Record<string, readonly Value[]>>;

/**
 * Uniform agreement (module 5.2, UC4): no two processes decide differently, whether correct or faulty. Given only the
 * decisions of correct processes, it is the weaker agreement (module 5.1, C4).
 */
export function agreement<Value>(decisions: Decisions<Value>): Verdict {
  const all = Object.entries(decisions).flatMap(([process, values]) => values.map((value) => ({ process, value })));
  for (const [index, one] of all.entries()) {
    const other = all.find((later, at) => at > index && later.process !== one.process && !same(later.value, one.value));
    if (other === undefined) continue;
    return `${one.process} decided ${show(one.value)}, ${other.process} decided ${show(other.value)}`;
  }
  return true;
}

/** Validity (module 5.1, C2): what is decided was proposed by some process. */
export function validity<Value>(decisions: Decisions<Value>, proposed: Iterable<Value>): Verdict {
  const proposals = [...proposed];
  for (const [process, values] of Object.entries(decisions)) {
    const invented = values.find((value) => !proposals.some((proposal) => same(proposal, value)));
    if (invented !== undefined) return `${process} decided ${show(invented)}, which nobody proposed`;
  }
  return true;
}

/** Integrity (module 5.1, C3): no process decides twice. */
export function integrity<Value>(decisions: Decisions<Value>): Verdict {
  for (const [process, [first, second]] of Object.entries(decisions)) {
    if (first !== undefined && second !== undefined) {
      return `${process} decided ${show(first)} and then ${show(second)}`;
    }
  }
  return true;
}

/**
 * Consensus as a state machine: the set of values that are chosen; at first none is, and then one, for good.
 *
 * Source: Lamport, module Consensus of the TLA+ examples (specifications/Paxos).
 */
export const consensus: Specification<ReadonlySet<unknown>> = {
  name: 'consensus',
  initial: (chosen) => chosen.size === 0,
  step: (before, after) =>
    (before.size === 0 && after.size === 1) || `chosen was ${namesOf(before)}, and is now ${namesOf(after)}`,
};

function namesOf(values: ReadonlySet<unknown>): string {
  return values.size === 0 ? 'nothing' : [...values].map(show).sort().join(' and ');
}
