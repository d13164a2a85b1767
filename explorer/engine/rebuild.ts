/**
 * Rebuilds the run to a state that was found. The visited set keeps only the low word of each state's parent; the states
 * between are those low words, followed back, and then the run is executed again from the initial state along them.
 */

import { eventKey, type TraceEvent } from '../../model/contract/trace.ts';
import type { FoundRun } from '../exploration.ts';
import { type Expander, ROW_HI, ROW_LENGTH, ROW_LO } from './expander.ts';
import { Frontier } from './frontier.ts';
import { type Found, Tally } from './tally.ts';
import type { Sink, VisitedSet } from './visited-set.ts';

interface Fingerprint {
  readonly lo: number;
  readonly hi: number;
}

/** A state on the way, and how it was reached. */
interface Reached extends Fingerprint {
  readonly from: Reached | null;
  /** Null for an initial state. */
  readonly event: TraceEvent | null;
  readonly initial: number;
}

export function rebuild(expander: Expander, visited: VisitedSet, found: Found): FoundRun {
  const target = { lo: found.lo, hi: found.hi };
  const route =
    found.before === null
      ? candidates(visited, target, found.depth)
      : candidates(visited, found.before, found.depth - 1);
  if (found.before !== null) route.push([target]);
  const last = execute(expander, route);
  if (last === undefined)
    throw new Error(
      'a run that was found cannot be executed again: two states have one fingerprint, or the model is impure',
    );
  const events: TraceEvent[] = [];
  let at: Reached = last;
  for (; at.from !== null; at = at.from) if (at.event !== null) events.unshift(at.event);
  return { initial: at.initial, events };
}

/** The states that may be on the way to a state at a depth, level by level: one each, unless low words coincide. */
function candidates(visited: VisitedSet, target: Fingerprint, depth: number): Fingerprint[][] {
  const levels: Fingerprint[][] = [];
  let wanted = new Set([target.lo]);
  for (let level = depth; level >= 1; level--) {
    const parents = new Set<number>();
    const states: Fingerprint[] = [];
    for (const lo of wanted) {
      for (const { hi, parentLo } of visited.withLow(lo, level)) {
        if (level === depth && hi !== target.hi) continue;
        states.push({ lo, hi });
        parents.add(parentLo);
      }
    }
    levels.unshift(states);
    wanted = parents;
  }
  return levels;
}

/** Executes from the initial states along the levels; the state of the last level that is reached. */
function execute(expander: Expander, levels: readonly Fingerprint[][]): Reached | undefined {
  let rows = new Frontier();
  const begin = new Recorder(expander, levels[0] ?? []);
  begin.initial = true;
  expander.start({ sink: begin, next: rows, tally: new Tally(), depth: 1 });
  let reached = begin.reached;
  for (const level of levels.slice(1)) {
    const next = new Frontier();
    const recorder = new Recorder(expander, level);
    const tally = new Tally();
    for (const { buffer, end } of rows.drain()) {
      for (let at = 0; at < end; at += buffer[at + ROW_LENGTH] as number) {
        recorder.from = reached.find(({ lo, hi }) => lo === buffer[at + ROW_LO] && hi === buffer[at + ROW_HI]) ?? null;
        expander.expand(buffer, at, { sink: recorder, next, tally, depth: 0 });
      }
    }
    rows = next;
    reached = recorder.reached;
  }
  return reached[0];
}

/** Takes only the states that are wanted; an initial state is offered with its index as event; of several events that lead to one, the first in canonical order. */
class Recorder implements Sink {
  from: Reached | null = null;
  initial = false;
  reached: Reached[] = [];
  readonly #expander: Expander;
  readonly #wanted: readonly Fingerprint[];

  constructor(expander: Expander, wanted: readonly Fingerprint[]) {
    this.#expander = expander;
    this.#wanted = wanted;
  }

  offer(lo: number, hi: number, _parentLo: number, eventId: number): boolean {
    if (!this.#wanted.some((state) => state.lo === lo && state.hi === hi)) return false;
    const event = this.initial ? null : this.#expander.describe(eventId);
    const state = { lo, hi, from: this.from, event, initial: this.initial ? eventId : 0 };
    const known = this.reached.findIndex((other) => other.lo === lo && other.hi === hi);
    if (known < 0) {
      this.reached.push(state);
      return true;
    }
    const other = this.reached[known]?.event ?? null;
    const isSameParent = this.reached[known]?.from === this.from;
    if (isSameParent && event !== null && other !== null && eventKey(event) < eventKey(other))
      this.reached[known] = state;
    return false;
  }
}
