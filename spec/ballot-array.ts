/**
 * The ballot array: which sequence each process has accepted in each round, and the invariants of Sequence Paxos on it.
 *
 * Sources: the lecture on reconfigurable replicated state machines (KTH, Haridi), slides "Ballot Array of c0" and
 * "Configurations": if a sequence v is issued in round n, then v is an extension of all sequences chosen in rounds <= n;
 * the lecture on reconfiguration (KTH), slide "Correctness". It is the `votes` of single-decree Paxos with sequences as
 * values: a sequence is chosen in a round when a quorum has accepted it, or an extension of it, in that round.
 * Differences: sequences that were accepted stand for those that were issued, for an issued one is accepted by its leader
 * in the same step.
 */

import type { Verdict } from './property.ts';
import { areComparable, isPrefix, type Sequence, sequenceName } from './sequence-consensus.ts';
import { compareTexts } from './text-order.ts';
import type { BallotRules } from './voting.ts';

/** A cell of the array: a process has accepted a sequence in a round. */
export interface AcceptedIn<Round, Command> {
  readonly process: string;
  readonly round: Round;
  readonly sequence: Sequence<Command>;
}

export type BallotArray<Round, Command> = readonly AcceptedIn<Round, Command>[];

/**
 * The array when a process has accepted a sequence in a round. A cell keeps its longest sequence; of sequences that
 * contradict each other it keeps both. Cells are in the order of rounds, processes and lengths: equal pasts are equal.
 */
export function withAccepted<Round, Command>(
  array: BallotArray<Round, Command>,
  accepted: AcceptedIn<Round, Command>,
  { compare }: BallotRules<Round>,
): BallotArray<Round, Command> {
  const sameCell = (other: AcceptedIn<Round, Command>) =>
    other.process === accepted.process && compare(other.round, accepted.round) === 0;
  if (array.some((other) => sameCell(other) && isPrefix(accepted.sequence, other.sequence))) return array;
  const kept = array.filter((other) => !sameCell(other) || !isPrefix(other.sequence, accepted.sequence));
  return [...kept, accepted].sort(
    (a, b) =>
      compare(a.round, b.round) ||
      compareTexts(a.process, b.process) ||
      compareTexts(sequenceName(a.sequence), sequenceName(b.sequence)),
  );
}

/** The longest sequence chosen in each round in which one was chosen, in the order of rounds. */
export function chosenSequences<Round, Command>(
  array: BallotArray<Round, Command>,
  { quorum, compare }: BallotRules<Round>,
): { readonly round: Round; readonly sequence: Sequence<Command> }[] {
  const chosen: { round: Round; sequence: Sequence<Command> }[] = [];
  for (const { round, sequence } of prefixes(array)) {
    const extenders = array.filter((cell) => compare(cell.round, round) === 0 && isPrefix(sequence, cell.sequence));
    if (new Set(extenders.map(({ process }) => process)).size < quorum) continue;
    const shorter = chosen.find((other) => compare(other.round, round) === 0 && isPrefix(other.sequence, sequence));
    if (shorter !== undefined) shorter.sequence = sequence;
    else if (!chosen.some((other) => compare(other.round, round) === 0 && isPrefix(sequence, other.sequence)))
      chosen.push({ round, sequence });
  }
  return chosen.sort((a, b) => compare(a.round, b.round));
}

/** Log coherence: of two sequences accepted in the same round one is a prefix of the other. */
export function logCoherence<Round, Command>(
  array: BallotArray<Round, Command>,
  { compare, name }: BallotRules<Round>,
): Verdict {
  for (const [index, one] of array.entries()) {
    const other = array.find(
      (cell, at) => at > index && compare(cell.round, one.round) === 0 && !areComparable(cell.sequence, one.sequence),
    );
    if (other === undefined) continue;
    return `in round ${name(one.round)}, ${cellName(one)} and ${cellName(other)}`;
  }
  return true;
}

/** What is accepted in a round extends all that was chosen in lower rounds. */
export function extendsChosen<Round, Command>(array: BallotArray<Round, Command>, rules: BallotRules<Round>): Verdict {
  for (const { round, sequence } of chosenSequences(array, rules)) {
    const astray = array.find((cell) => rules.compare(cell.round, round) > 0 && !isPrefix(sequence, cell.sequence));
    if (astray === undefined) continue;
    return `${sequenceName(sequence)} was chosen in round ${rules.name(round)}, but in round ${rules.name(astray.round)} ${cellName(astray)}`;
  }
  return true;
}

function* prefixes<Round, Command>(array: BallotArray<Round, Command>) {
  for (const { round, sequence } of array) {
    for (let length = 0; length <= sequence.length; length++) yield { round, sequence: sequence.slice(0, length) };
  }
}

function cellName<Command>({ process, sequence }: { process: string; sequence: Sequence<Command> }): string {
  return `${process} accepted ${sequenceName(sequence)}`;
}
