/**
 * The properties of Raft for runs of any length, told step by step. Where a property speaks of the logs and leaders of one
 * state, a monitor speaks of all that there ever were: Raft has that, too, and it implies the property.
 *
 * Logs are compared by the names of their prefixes (kernels/prefix-names.ts). A step names the entries that it has put in, and
 * no others.
 */

import { canonical, equal, type Monitor, type ObservedStep, type ProcessId, type Verdict } from '../contract/index.ts';
import { entryAt, lengthOf, sharedLength } from '../kernels/log.ts';
import { EMPTY, PrefixNames } from '../kernels/prefix-names.ts';
import { decidedBy } from './history.ts';
import type { Entry, Indication, State } from './state.ts';

type Step = ObservedStep<State>;

/** The prefixes of each server's log, by name. */
class Prefixes {
  readonly #names = new PrefixNames<Entry | undefined>(equal);
  /** Of each server: the name of its log's prefix of each length. */
  readonly #logs = new Map<ProcessId, number[]>();

  /** Takes note of a step. Returns the indexes whose entries are new in the server's log: from this one on. */
  follow({ process, event, before, after }: Step): number {
    const isNew = before === null || event.type === 'recover';
    const kept = isNew ? 0 : sharedLength(before.log, after.log);
    const names = this.#logs.get(process) ?? [EMPTY];
    names.length = kept + 1;
    const length = lengthOf(after.log);
    for (let index = kept + 1; index <= length; index++) {
      names.push(this.#names.of(names[index - 1] ?? EMPTY, entryAt(after.log, index)));
    }
    this.#logs.set(process, names);
    return kept + 1;
  }

  of(process: ProcessId): readonly number[] {
    return this.#logs.get(process) ?? [EMPTY];
  }
}

function textOf({ term, command }: Entry): string {
  if (command === null) return `${term}`;
  return `${term} ${command.seq} ${JSON.stringify(command.client)} ${canonical(command.op)}`;
}

/** Most steps have none, and then nothing is made. */
function indications({ effects }: Step): readonly Indication[] {
  let found: Indication[] = NONE;
  for (const effect of effects) {
    if (effect.type !== 'indicate') continue;
    if (found === NONE) found = [];
    found.push(effect.indication as Indication);
  }
  return found;
}

const NONE: Indication[] = [];

/** Election Safety. */
function electionSafety() {
  const leaders = new Map<number, ProcessId>();
  return (step: Step): Verdict => {
    for (const indication of indications(step)) {
      if (indication.type !== 'lead') continue;
      const first = leaders.get(indication.term) ?? step.process;
      leaders.set(indication.term, first);
      if (first !== step.process) return `${first} and ${step.process} were both elected in term ${indication.term}`;
    }
    return true;
  };
}

/** Leader Append-Only. */
function leaderAppendOnly() {
  return ({ process, event, before, after }: Step): Verdict => {
    if (before?.role.kind !== 'leader' || after.role.kind !== 'leader' || event.type === 'recover') return true;
    if (before.currentTerm !== after.currentTerm || before.log === after.log) return true;
    const kept = sharedLength(before.log, after.log);
    if (kept >= lengthOf(before.log)) return true;
    return `${process}, leading in term ${after.currentTerm}, overwrote or deleted its entry ${kept + 1}`;
  };
}

/** An entry that a log has had at some index. */
interface Known {
  readonly term: number;
  /** Of the prefix that ends there. */
  readonly name: number;
  readonly process: ProcessId;
}

/** Log Matching: an index and a term name an entry and all before it. */
function logMatching() {
  const prefixes = new Prefixes();
  /** By index; nearly always one. */
  const known: Known[][] = [];
  return (step: Step): Verdict => {
    const { process, before, after } = step;
    if (before !== null && before.log === after.log && step.event.type !== 'recover') return true;
    const [from, length] = [prefixes.follow(step), lengthOf(after.log)];
    for (let index = from; index <= length; index++) {
      const term = entryAt(after.log, index)?.term ?? 0;
      const name = prefixes.of(process)[index] ?? EMPTY;
      const others = known[index] ?? [];
      known[index] = others;
      const first = others.find((other) => other.term === term);
      if (first === undefined) others.push({ term, name, process });
      else if (first.name !== name) {
        const alike = `${first.process} and ${process} both have had an entry of term ${term} at index ${index}`;
        return `${alike}, but not the same log up to there`;
      }
    }
    return true;
  };
}

/** An entry that was committed: how far, and in which term. */
interface Committed {
  readonly index: number;
  readonly name: number;
  readonly term: number;
}

/** What was committed, as far as it matters to leaders to come. */
class Commitments {
  #length = 0;
  /**
   * Of each term the last entry that was committed in it, unless a later one was in no later term: who must have that one has
   * all before it. So indexes and terms grow, and there are no more of them than terms.
   */
  readonly #last: Committed[] = [];

  /** Returns whether that was news. */
  add(committed: Committed): boolean {
    if (committed.index <= this.#length) return false;
    this.#length = committed.index;
    while ((this.#last.at(-1)?.term ?? -1) >= committed.term) this.#last.pop();
    this.#last.push(committed);
    return true;
  }

  /** The last entry that was committed before a term. */
  before(term: number): Committed | undefined {
    return this.#last.findLast((committed) => committed.term < term);
  }
}

/** Leader Completeness: who leads in a term has all that was committed in earlier ones. */
function leaderCompleteness() {
  const prefixes = new Prefixes();
  const commitments = new Commitments();
  const leading = new Map<ProcessId, number>();
  return (step: Step): Verdict => {
    const { process, before, after, event } = step;
    if (before === null || before.log !== after.log || event.type === 'recover') prefixes.follow(step);
    if (after.role.kind === 'leader') leading.set(process, after.currentTerm);
    else leading.delete(process);
    let isNews = before?.role.kind !== 'leader' && after.role.kind === 'leader';
    for (const indication of indications(step)) {
      if (indication.type !== 'apply') continue;
      const { index } = indication;
      const name = prefixes.of(process)[index] ?? EMPTY;
      if (commitments.add({ index, name, term: after.currentTerm })) isNews = true;
    }
    if (!isNews) return true;
    for (const [leader, term] of leading) {
      const due = commitments.before(term);
      // Equal prefixes: all before it is there, too.
      if (due === undefined || prefixes.of(leader)[due.index] === due.name) continue;
      return `entry ${due.index} was committed in term ${due.term}, but ${leader}, leader of term ${term}, does not have it`;
    }
    return true;
  };
}

/** State Machine Safety. */
function stateMachineSafety() {
  const applied: Entry[] = [];
  return (step: Step): Verdict => {
    for (const indication of indications(step)) {
      if (indication.type !== 'apply') continue;
      const { index, entry } = indication;
      const first = applied[index - 1] ?? entry;
      applied[index - 1] = first;
      if (!equal(first, entry)) return `at index ${index}, both ${textOf(first)} and ${textOf(entry)} were applied`;
    }
    return true;
  };
}

/**
 * The refinement of sequence consensus: what is decided is a sequence that only grows. Each server applies it from its
 * beginning, and again after each recovery, for how far it has come is volatile. The property looks at what has been applied
 * by anyone, and so does not see that one server leaves out what another has applied; this does.
 */
function refinesSequenceConsensus() {
  const decided: string[] = [];
  const applied = new Map<ProcessId, number>();
  return (step: Step): Verdict => {
    const { process, before, event } = step;
    if (before === null || event.type === 'recover') applied.set(process, 0);
    for (const indication of indications(step)) {
      if (indication.type !== 'apply') continue;
      const { index, entry } = indication;
      const last = applied.get(process) ?? 0;
      if (index !== last + 1) return `${process} applied entry ${index} after entry ${last}`;
      const command = decidedBy(entry);
      const known = decided[last] ?? command;
      decided[last] = known;
      applied.set(process, index);
      if (known !== command) return `${known} is decided in place ${index}, and ${process} applied ${command} there`;
    }
    return true;
  };
}

/** A term only grows, and a vote is kept; over crashes, too, for both are durable. */
function termsAndVotes() {
  const known = new Map<ProcessId, { readonly term: number; readonly votedFor: ProcessId | null }>();
  return ({ process, after: { currentTerm: term, votedFor } }: Step): Verdict => {
    const then = known.get(process);
    if (then?.term === term && then.votedFor === votedFor) return true;
    known.set(process, { term, votedFor });
    if (then === undefined || term > then.term) return true;
    if (term < then.term) return `${process} went back from term ${then.term} to ${term}`;
    if (then.votedFor === null) return true;
    return `${process} voted for ${then.votedFor} in term ${term}, and then for ${votedFor ?? 'nobody'}`;
  };
}

export const monitors: readonly Monitor<State>[] = [
  { property: 'election safety', begin: electionSafety },
  { property: 'leader append-only', begin: leaderAppendOnly },
  { property: 'log matching', begin: logMatching },
  { property: 'leader completeness', begin: leaderCompleteness },
  { property: 'state machine safety', begin: stateMachineSafety },
  { property: 'refines sequence consensus', begin: refinesSequenceConsensus },
  { property: 'a term only grows, a vote is kept', begin: termsAndVotes },
];
