/**
 * The properties of Sequence Paxos for runs of any length, told step by step, for all systems whose processes hold one of it
 * somewhere in their states. Sequences are compared by the names of their prefixes (kernels/prefix-names.ts).
 */

import type { Monitor, ObservedStep, ProcessId, Verdict } from '../contract/index.ts';
import { type Ballot, ballotName, compareBallots } from '../kernels/ballot.ts';
import { entryAt, lengthOf, sharedLength } from '../kernels/log.ts';
import { EMPTY, PrefixNames } from '../kernels/prefix-names.ts';
import { majority } from '../kernels/quorum.ts';
import type { Command, State } from './sequence-paxos.ts';

/** A step, as far as it is one of Sequence Paxos. */
interface Step {
  readonly process: ProcessId;
  /** Null for a process that starts or recovers. */
  readonly before: State | null;
  readonly after: State;
  /** How many first commands of the log it had before. */
  readonly kept: number;
}

type Judge = (step: Step) => Verdict;

/** The logs of all processes by name: of each, the name of its prefix of each length. */
class Logs {
  readonly #names = new PrefixNames<Command>();
  readonly #logs = new Map<ProcessId, number[]>();

  /** Takes note of a step, and gives the names of the log after it. */
  follow({ process, before, after, kept }: Step): readonly number[] {
    const names = this.#logs.get(process) ?? [EMPTY];
    this.#logs.set(process, names);
    if (before?.log === after.log) return names;
    names.length = 1 + kept;
    for (let length = names.length; length <= lengthOf(after.log); length++) {
      names.push(this.#names.of(names[length - 1] ?? EMPTY, entryAt(after.log, length) ?? ''));
    }
    return names;
  }
}

/** A sequence that has only ever grown: the names of its prefixes. */
class Growing {
  readonly #names: number[] = [EMPTY];

  get length(): number {
    return this.#names.length - 1;
  }

  /** Whether it is a prefix of the first `length` of these, or they of it; if they are longer, it grows to them. */
  meets(names: readonly number[], length: number): boolean {
    const shorter = Math.min(length, this.length);
    if (names[shorter] !== this.#names[shorter]) return false;
    for (let at = this.length + 1; at <= length; at++) this.#names.push(names[at] ?? EMPTY);
    return true;
  }

  nameAt(length: number): number | undefined {
    return this.#names[length];
  }
}

/** SC2, and the refinement of sequence consensus: of all sequences ever decided one is the longest, the others its prefixes. */
function oneSequence(conflict: string): Judge {
  const logs = new Logs();
  const decided = new Growing();
  return (step) => {
    const { process, before, after } = step;
    const names = logs.follow(step);
    if (before?.decided === after.decided && before.log === after.log) return true;
    return decided.meets(names, after.decided) || `${process} decided ${after.decided} commands: ${conflict}`;
  };
}

/** SC3: what a process decides later strictly extends what it has decided before, over crashes too. */
function integrity(): Judge {
  const logs = new Logs();
  const last = new Map<ProcessId, { readonly length: number; readonly name: number }>();
  return (step) => {
    const { process, after } = step;
    const names = logs.follow(step);
    const then = last.get(process) ?? { length: 0, name: EMPTY };
    const now = { length: after.decided, name: names[after.decided] ?? EMPTY };
    last.set(process, now);
    if (now.name === then.name) return true;
    if (now.length > then.length && names[then.length] === then.name) return true;
    return `${process} had decided ${then.length} commands, and then ${now.length}, which do not extend them`;
  };
}

/** A row of the ballot array: what was accepted in a round. */
interface Round {
  readonly round: Ballot;
  readonly accepted: Growing;
  /** Of each process the length and name of the longest sequence that it has accepted. */
  readonly cells: Map<ProcessId, { readonly length: number; readonly name: number }>;
  /** How much of it was chosen. */
  chosen: number;
}

/** The ballot array, in the order of rounds. */
class BallotArray {
  readonly #logs = new Logs();
  readonly rounds: Round[] = [];

  /** What the step has accepted: the names of the log and its place in the array; null for nothing new. */
  accept(step: Step): { readonly names: readonly number[]; readonly at: number } | null {
    const { before, after } = step;
    const names = this.#logs.follow(step);
    if (after.acceptedRound === null) return null;
    if (before?.log === after.log && before.acceptedRound === after.acceptedRound) return null;
    return { names, at: this.#placeOf(after.acceptedRound) };
  }

  #placeOf(round: Ballot): number {
    const { rounds } = this;
    let at = rounds.length;
    while (at > 0 && compareBallots(rounds[at - 1]?.round ?? null, round) > 0) at -= 1;
    if (at > 0 && compareBallots(rounds[at - 1]?.round ?? null, round) === 0) return at - 1;
    rounds.splice(at, 0, { round, accepted: new Growing(), cells: new Map(), chosen: 0 });
    return at;
  }
}

/** Log coherence: of two sequences accepted in the same round one is a prefix of the other. */
function coherence(): Judge {
  const array = new BallotArray();
  return (step) => {
    const found = array.accept(step);
    const row = found === null ? undefined : array.rounds[found.at];
    if (found === null || row === undefined || row.accepted.meets(found.names, lengthOf(step.after.log))) return true;
    return `in round ${ballotName(row.round)}, ${step.process} accepted what no other has accepted there`;
  };
}

/**
 * What is accepted in a round extends all that was chosen in lower ones. As long as that holds, what was chosen in a round
 * extends what was chosen in all lower ones: so the next lower round in which anything was chosen stands for them all.
 */
function extendsChosen(nodes: number): Judge {
  const array = new BallotArray();
  return (step) => {
    const found = array.accept(step);
    const row = found === null ? undefined : array.rounds[found.at];
    if (found === null || row === undefined) return true;
    const { process, after } = step;
    const length = lengthOf(after.log);
    row.accepted.meets(found.names, length);
    if (length >= (row.cells.get(process)?.length ?? 0))
      row.cells.set(process, { length, name: found.names[length] ?? EMPTY });

    const below = array.rounds.slice(0, found.at).findLast(({ chosen }) => chosen > 0);
    if (below !== undefined && found.names[below.chosen] !== below.accepted.nameAt(below.chosen))
      return astray(process, row, below);

    row.chosen = Math.max(row.chosen, acceptedBy(majority(nodes), row));
    for (const above of array.rounds.slice(found.at + 1)) {
      const chosen = row.accepted.nameAt(row.chosen);
      for (const [other, cell] of above.cells) {
        if (cell.length < row.chosen || above.accepted.nameAt(row.chosen) !== chosen) return astray(other, above, row);
      }
    }
    return true;
  };
}

/** The greatest length that so many processes have accepted in a round. */
function acceptedBy(quorum: number, { cells }: Round): number {
  const lengths = [...cells.values()].map(({ length }) => length);
  return lengths.sort((a, b) => b - a)[quorum - 1] ?? 0;
}

function astray(process: ProcessId, accepted: Round, chosen: Round): string {
  const what = `${chosen.chosen} commands were chosen in round ${ballotName(chosen.round)}`;
  return `${what}, but in round ${ballotName(accepted.round)} ${process} accepted a sequence that does not extend them`;
}

/** Of each process by itself: what it has accepted it has promised, and what it has decided it has accepted. */
function order(): Judge {
  return ({ process, after: { acceptedRound, promised, decided, log } }) =>
    (compareBallots(acceptedRound, promised) <= 0 && decided <= lengthOf(log)) ||
    `${process} has accepted or decided too much`;
}

/** Promise, accepted round and decided length only grow; over crashes, too, for they are durable. */
function growth(): Judge {
  const last = new Map<ProcessId, State>();
  return ({ process, after }) => {
    const then = last.get(process);
    last.set(process, after);
    if (then === undefined || then === after) return true;
    const isBehind =
      compareBallots(after.promised, then.promised) < 0 ||
      compareBallots(after.acceptedRound, then.acceptedRound) < 0 ||
      after.decided < then.decided;
    return isBehind ? `${process} went back` : true;
  };
}

/** The monitors of a system whose processes hold, somewhere in their states, one of Sequence Paxos. */
export function sequenceMonitors<Whole>(nodes: number, paxosOf: (whole: Whole) => State): Monitor<Whole>[] {
  // Monitors are told the same step one after the other: what they all look at is found once.
  const known = new WeakMap<ObservedStep<Whole>, Step>();
  const stepOf = (observed: ObservedStep<Whole>): Step => {
    const found = known.get(observed);
    if (found !== undefined) return found;
    const { process, event } = observed;
    const isNew = observed.before === null || event.type === 'recover';
    const [before, after] = [isNew ? null : paxosOf(observed.before), paxosOf(observed.after)];
    const kept = before === null ? 0 : sharedLength(before.log, after.log);
    const step = { process, before, after, kept };
    known.set(observed, step);
    return step;
  };
  const of = (property: string, begin: () => Judge): Monitor<Whole> => ({
    property,
    begin() {
      const judge = begin();
      return (observed) => judge(stepOf(observed));
    },
  });
  return [
    of('SC2 uniform agreement', () => oneSequence('another process has decided others')),
    of('SC3 integrity', integrity),
    of('refines sequence consensus', () => oneSequence('they do not extend the sequence that is decided')),
    of('log coherence', coherence),
    of('later rounds extend what is chosen', () => extendsChosen(nodes)),
    of('accepted is promised, decided is accepted', order),
    of('promise, accepted round and decided length only grow', growth),
  ];
}
