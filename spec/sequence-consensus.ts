/**
 * Sequence consensus: what must hold of the sequences that processes decide, each extending the last.
 *
 * Sources: Haridi, Kroll and Carbone, "Lecture Notes on Leader-based Sequence Paxos and Total-order Broadcast" (arXiv
 * 2008.13456), properties SC1 to SC3; the lecture on reconfiguration (KTH), slide "Correctness".
 * Left out: SC4, termination, which no single state can show; a system can ask at quiescence that everything is decided.
 */

import { same, show } from './plain.ts';
import type { Verdict } from './property.ts';
import type { Specification } from './refinement.ts';

export type Sequence<Command> = readonly Command[];

/**
 * What each process has decided, in order. Of sequences of which each strictly extends the one before, the last one says
 * it all: {@link withDecided} keeps no other, so that the history of a correct run is one sequence a process.
 */
export type DecidedSequences<Command> = Readonly<Record<string, readonly Sequence<Command>[]>>;

/** The history when a process's decided sequence is now this one. What it had decided already is no news. */
export function withDecided<Command>(
  decided: DecidedSequences<Command>,
  process: string,
  sequence: Sequence<Command>,
): DecidedSequences<Command> {
  const before = decided[process] ?? [];
  const last = before.at(-1) ?? [];
  if (same(last, sequence)) return decided;
  const kept = isPrefix(last, sequence) ? before.slice(0, -1) : before;
  return { ...decided, [process]: [...kept, sequence] };
}

/** SC1, validity: decided sequences consist of proposed commands, none of them twice (given that each is proposed once). */
export function sequenceValidity<Command>(decided: DecidedSequences<Command>, proposed: Iterable<Command>): Verdict {
  const proposals = [...proposed];
  for (const { process, sequence } of decisions(decided)) {
    const invented = sequence.find((command) => !proposals.some((proposal) => same(proposal, command)));
    if (invented !== undefined) return `${process} decided ${show(invented)}, which nobody proposed`;
    const again = sequence.find((command, index) => sequence.slice(0, index).some((other) => same(other, command)));
    if (again !== undefined) return `${process} decided ${show(again)} twice, in ${sequenceName(sequence)}`;
  }
  return true;
}

/** SC2, uniform agreement: of any two decided sequences one is a prefix of the other. */
export function sequenceAgreement<Command>(decided: DecidedSequences<Command>): Verdict {
  return prefixRelated(decisions(decided));
}

/** SC3, integrity: what a process decides later strictly extends what it has decided before. */
export function sequenceIntegrity<Command>(decided: DecidedSequences<Command>): Verdict {
  for (const [process, sequences] of Object.entries(decided)) {
    for (const [index, sequence] of sequences.entries()) {
      const before = sequences[index - 1] ?? [];
      if (isPrefix(before, sequence) && before.length < sequence.length) continue;
      return `${process} decided ${sequenceName(before)} and then ${sequenceName(sequence)}`;
    }
  }
  return true;
}

/** Agreement of any log protocol, on the decided (committed) sequence that each process has now. */
export function prefixAgreement<Command>(sequences: Readonly<Record<string, Sequence<Command>>>): Verdict {
  return prefixRelated(Object.entries(sequences).map(([process, sequence]) => ({ process, sequence })));
}

/**
 * Sequence consensus as a state machine: the longest of the sequences that are decided, all of which are its prefixes. At first
 * it is empty; a step extends it. A mapping gives null for a place at which nothing is decided although something is behind
 * it: with such a gap it is no sequence, and no step leads to it.
 *
 * Source: the sequence-consensus abstraction of the lecture notes, of which SC1 to SC3 are the properties; compare module
 * Consensus of the TLA+ examples, for a single value.
 */
export const sequenceConsensus: Specification<readonly Sequence<unknown>[]> = {
  name: 'sequence consensus',
  initial: (decided) => longest(decided).length === 0,
  step(before, after) {
    const gap = gapIn(after);
    if (gap !== null) return gap;
    const conflict = prefixRelated(after.map((sequence, index) => ({ process: `decision ${index + 1}`, sequence })));
    if (conflict !== true) return conflict;
    const [from, to] = [longest(before), longest(after)];
    return isPrefix(from, to) || `what is decided was ${sequenceName(from)} and is now ${sequenceName(to)}`;
  },
};

function gapIn(decided: readonly Sequence<unknown>[]): string | null {
  for (const sequence of decided) {
    const gap = sequence.indexOf(null);
    const behind = sequence.findIndex((command, place) => place > gap && command !== null);
    if (gap !== -1)
      return `${show(sequence[behind])} is decided in place ${behind + 1}, and nothing in place ${gap + 1}`;
  }
  return null;
}

function longest<Command>(sequences: readonly Sequence<Command>[]): Sequence<Command> {
  return sequences.reduce<Sequence<Command>>((best, one) => (one.length > best.length ? one : best), []);
}

/** Whether `b` is `a` or an extension of it. */
export function isPrefix<Command>(a: Sequence<Command>, b: Sequence<Command>): boolean {
  return a.length <= b.length && a.every((command, index) => same(command, b[index]));
}

/** Whether one is a prefix of the other. */
export function areComparable<Command>(a: Sequence<Command>, b: Sequence<Command>): boolean {
  return isPrefix(a, b) || isPrefix(b, a);
}

export function sequenceName<Command>(sequence: Sequence<Command>): string {
  return `⟨${sequence.map(show).join(', ')}⟩`;
}

interface Decision<Command> {
  readonly process: string;
  readonly sequence: Sequence<Command>;
}

function decisions<Command>(decided: DecidedSequences<Command>): Decision<Command>[] {
  return Object.entries(decided).flatMap(([process, sequences]) =>
    sequences.map((sequence) => ({ process, sequence })),
  );
}

function prefixRelated<Command>(all: readonly Decision<Command>[]): Verdict {
  for (const [index, one] of all.entries()) {
    const other = all.find((later, at) => at > index && !areComparable(one.sequence, later.sequence));
    if (other === undefined) continue;
    return `${one.process} decided ${sequenceName(one.sequence)}, ${other.process} decided ${sequenceName(other.sequence)}`;
  }
  return true;
}
