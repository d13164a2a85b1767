/**
 * Rebuilds the run to a state that was found. The visited set keeps only the low word of each state's parent; the states
 * between are those low words, followed back, and then the run is executed again from the initial state along them.
 */

import { eventKey, type TraceEvent } from '../../model/contract/trace.ts';
import type { FoundRun } from '../exploration.ts';
import { type Expander, ROW_LENGTH } from './expander.ts';
import { Frontier } from './frontier.ts';
import { type Found, Tally } from './tally.ts';
import type { Sink, VisitedSet } from './visited-set.ts';

interface Fingerprint {
  readonly lo: number;
  readonly hi: number;
}

/** A state on the way, and how it was reached; under a symmetry, the fingerprint of what stands for it. */
interface Reached extends Fingerprint {
  readonly row: Int32Array;
  readonly from: Reached | null;
  /** Null for an initial state. */
  readonly event: TraceEvent | null;
  readonly initial: number;
}

/**
 * @param isIt whether a run is what was found. Under a symmetry there may be several steps from what stands for one state to
 * what stands for another, and not all of them need violate a property.
 */
export function rebuild(
  expander: Expander,
  visited: VisitedSet,
  found: Found,
  isIt: (run: FoundRun) => boolean,
): FoundRun {
  const target = { lo: found.lo, hi: found.hi };
  const route =
    found.before === null
      ? candidates(visited, target, found.depth)
      : candidates(visited, found.before, found.depth - 1);
  if (found.before !== null) route.push([target]);
  for (const last of execute(expander, route)) {
    const run = runTo(last);
    if (isIt(run)) return run;
  }
  throw new Error(
    'a run that was found cannot be executed again: two states have one fingerprint, or the model is impure',
  );
}

function runTo(last: Reached): FoundRun {
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

/**
 * Executes from the initial states along the levels.
 *
 * @returns the ways to take the last step to the state of the last level, the first in canonical order first
 */
function execute(expander: Expander, levels: readonly Fingerprint[][]): Reached[] {
  let ways: Reached[] = [];
  for (const [index, level] of levels.entries()) {
    const from: readonly (Reached | null)[] = index === 0 ? [null] : firstOfEach(ways);
    ways = from.flatMap((reached) => waysFrom(expander, reached, level));
  }
  return ways;
}

/** The steps from a state that has been reached (null: the beginnings) to states that are wanted, by their events. */
function waysFrom(expander: Expander, from: Reached | null, wanted: readonly Fingerprint[]): Reached[] {
  const offered: Omit<Reached, 'row'>[] = [];
  const sink: Sink = {
    offer(lo, hi, _parentLo, eventId) {
      if (!wanted.some((state) => state.lo === lo && state.hi === hi)) return false;
      const event = from === null ? null : expander.describe(eventId);
      offered.push({ lo, hi, from, event, initial: from === null ? eventId : 0 });
      return true;
    },
  };
  const next = new Frontier();
  const work = { sink, next, tally: new Tally(), depth: 0, asReached: true, isComplete: true };
  if (from === null) expander.start(work);
  else expander.expand(from.row, 0, work);
  const rows: Int32Array[] = [];
  for (const { buffer, end } of next.drain())
    for (let at = 0; at < end; at += buffer[at + ROW_LENGTH] as number)
      rows.push(buffer.slice(at, at + (buffer[at + ROW_LENGTH] as number)));
  const ways = offered.map((way, index) => ({ ...way, row: rows[index] ?? new Int32Array() }));
  const order = (way: Reached) => (way.event === null ? '' : eventKey(way.event));
  return ways.sort((a, b) => (order(a) < order(b) ? -1 : order(a) > order(b) ? 1 : 0));
}

/** Of several ways to a state, the first. */
function firstOfEach(ways: readonly Reached[]): Reached[] {
  return ways.filter((way, index) => ways.findIndex(({ lo, hi }) => lo === way.lo && hi === way.hi) === index);
}
