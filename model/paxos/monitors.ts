/** The properties of Paxos for runs of any length, told step by step. */

import type { Monitor, ObservedStep, ProcessId, Verdict } from '../contract/index.ts';
import { type Ballot, ballotName, compareBallots, sameBallot } from '../kernels/ballot.ts';
import { majority } from '../kernels/quorum.ts';
import type { State, Value, Vote } from './paxos.ts';

type Step = ObservedStep<State>;

/** A vote that the step has cast; null for none. */
function voteIn({ before, after }: Step): Vote | null {
  return before?.vote === after.vote ? null : after.vote;
}

function decisionsIn({ effects }: Step): Value[] {
  return effects.flatMap((effect) =>
    effect.type === 'indicate' ? [(effect.indication as { readonly type: 'decide'; readonly value: Value }).value] : [],
  );
}

/** No two processes decide differently. */
function agreement() {
  const deciders = new Map<Value, Set<ProcessId>>();
  return (step: Step): Verdict => {
    const { process } = step;
    for (const value of decisionsIn(step)) {
      deciders.set(value, (deciders.get(value) ?? new Set()).add(process));
      for (const [other, processes] of deciders) {
        const differing = [...processes].find((id) => id !== process);
        if (other !== value && differing !== undefined)
          return `${differing} decided ${other}, ${process} decided ${value}`;
      }
    }
    return true;
  };
}

/** No process decides twice. */
function integrity() {
  const decided = new Map<ProcessId, Value>();
  return (step: Step): Verdict => {
    for (const value of decisionsIn(step)) {
      const before = decided.get(step.process);
      if (before !== undefined) return `${step.process} decided ${before} and then ${value}`;
      decided.set(step.process, value);
    }
    return true;
  };
}

/** What was voted for, by ballot and value, with who has voted. */
class Votes {
  readonly #voters = new Map<string, Set<ProcessId>>();

  /** Counts a vote. Returns how many there are for this value at this ballot. */
  cast(process: ProcessId, ballot: Ballot, value: Value): number {
    const key = JSON.stringify([ballotName(ballot), value]);
    const voters = this.#voters.get(key) ?? new Set();
    this.#voters.set(key, voters.add(process));
    return voters.size;
  }
}

/** Paxos refines consensus: of all values that a majority has ever voted for at one ballot, there is one. */
function oneChosen(nodes: number) {
  const votes = new Votes();
  let chosen: Value | null = null;
  return (step: Step): Verdict => {
    const vote = voteIn(step);
    if (vote === null || votes.cast(step.process, vote.ballot, vote.value) < majority(nodes)) return true;
    chosen ??= vote.value;
    return chosen === vote.value || `chosen was ${chosen}, and is now ${chosen} and ${vote.value}`;
  };
}

/** Once a value is chosen at a ballot, every vote at that ballot or above is for it. */
function chosenStays(nodes: number) {
  const votes = new Votes();
  /** The lowest ballot at which a value was chosen. */
  let chosen: { readonly ballot: Ballot; readonly value: Value } | null = null;
  /** Of each value, the highest ballot at which anyone has voted for it. */
  const highest = new Map<Value, Ballot>();
  return (step: Step): Verdict => {
    const vote = voteIn(step);
    if (vote === null) return true;
    const { ballot, value } = vote;
    if (compareBallots(ballot, highest.get(value) ?? null) > 0) highest.set(value, ballot);
    const isChosen = votes.cast(step.process, ballot, value) >= majority(nodes);
    if (isChosen && (chosen === null || compareBallots(ballot, chosen.ballot) < 0)) chosen = vote;
    if (chosen === null) return true;
    for (const [other, at] of highest) {
      if (other === chosen.value || compareBallots(at, chosen.ballot) < 0) continue;
      return `${chosen.value} was chosen at ballot ${ballotName(chosen.ballot)}, but ${other} was voted for at ballot ${ballotName(at)}`;
    }
    return true;
  };
}

/** A ballot at which a value was chosen, or may still be. */
interface Open {
  readonly ballot: Ballot;
  readonly voters: Map<Value, Set<ProcessId>>;
}

/** What was promised, and the ballots at which something was chosen or may be: at each, fewer and fewer values. */
class Choosable {
  readonly #promised = new Map<ProcessId, Ballot>();
  #open: Open[] = [];

  constructor(private readonly nodes: number) {}

  /** The ballot that is promised, if the promise is a new one. */
  promise(process: ProcessId, ballot: Ballot | null): Open | null {
    if (ballot === null || compareBallots(ballot, this.#promised.get(process) ?? null) <= 0) return null;
    this.#promised.set(process, ballot);
    return this.#heardOf(ballot);
  }

  vote(process: ProcessId, { ballot, value }: Vote): Open {
    const at = this.#heardOf(ballot);
    at.voters.set(value, (at.voters.get(value) ?? new Set()).add(process));
    return at;
  }

  /** A lower ballot at which another value was chosen, or may be. */
  threatTo({ ballot, value }: Vote): Open | undefined {
    return this.#open.find((at) => compareBallots(at.ballot, ballot) < 0 && this.isOpenTo(at, value));
  }

  /** Whether at a ballot a value other than this one was chosen, or may be. */
  isOpenTo(at: Open, value: Value | null): boolean {
    const free = this.#freeAt(at);
    const quorum = majority(this.nodes);
    return free >= quorum || [...at.voters].some(([other, voters]) => other !== value && voters.size + free >= quorum);
  }

  /** Ballots at which nothing may be chosen any more need not be remembered. */
  forgetClosed(): void {
    this.#open = this.#open.filter((at) => this.isOpenTo(at, null));
  }

  #heardOf(ballot: Ballot): Open {
    const known = this.#open.find((other) => sameBallot(other.ballot, ballot));
    if (known !== undefined) return known;
    const fresh: Open = { ballot, voters: new Map() };
    this.#open.push(fresh);
    return fresh;
  }

  /** How many have not voted at the ballot, and may. */
  #freeAt({ ballot, voters }: Open): number {
    const voted = new Set([...voters.values()].flatMap((some) => [...some]));
    const bound = [...this.#promised].filter(([id, at]) => !voted.has(id) && compareBallots(at, ballot) > 0);
    return this.nodes - bound.length - voted.size;
  }
}

/**
 * Every vote is safe at its ballot: at no lower one was another value chosen, nor may it still be (spec/voting.ts). What may
 * be chosen at a ballot only shrinks: so a vote is looked at when it is cast, and a ballot when it is heard of.
 */
function votesSafe(nodes: number) {
  const choosable = new Choosable(nodes);
  /** Of each value, the highest vote. */
  const highest = new Map<Value, Vote>();
  return (step: Step): Verdict => {
    const { process, after } = step;
    const vote = voteIn(step);
    const heard = [choosable.promise(process, after.promised)];
    if (vote !== null) {
      heard.push(choosable.vote(process, vote));
      if (compareBallots(vote.ballot, highest.get(vote.value)?.ballot ?? null) > 0) highest.set(vote.value, vote);
      const threat = choosable.threatTo(vote);
      if (threat !== undefined) return unsafe(vote, threat);
    }
    for (const at of heard) {
      if (at === null) continue;
      for (const cast of highest.values()) {
        if (compareBallots(at.ballot, cast.ballot) < 0 && choosable.isOpenTo(at, cast.value)) return unsafe(cast, at);
      }
    }
    choosable.forgetClosed();
    return true;
  };
}

function unsafe({ ballot, value }: Vote, at: Open): string {
  const vote = `${value} was voted for at ballot ${ballotName(ballot)}`;
  return `${vote}, though another value was or may still be chosen at ballot ${ballotName(at.ballot)}`;
}

/** A promise only grows; over crashes, too, for it is durable. */
function promiseGrows() {
  const last = new Map<ProcessId, Ballot>();
  return ({ process, after: { promised } }: Step): Verdict => {
    const then = last.get(process) ?? null;
    if (compareBallots(promised, then) < 0) return `${process} forgot its promise`;
    if (promised !== null) last.set(process, promised);
    return true;
  };
}

export function monitors(nodes: number): readonly Monitor<State>[] {
  return [
    { property: 'agreement', begin: agreement },
    { property: 'integrity', begin: integrity },
    { property: 'refines consensus', begin: () => oneChosen(nodes) },
    { property: 'votes are safe', begin: () => votesSafe(nodes) },
    { property: 'a chosen value stays chosen', begin: () => chosenStays(nodes) },
    { property: 'a promise only grows', begin: promiseGrows },
  ];
}
