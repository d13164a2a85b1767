/**
 * The recordings of all nodes as one run: an order of their steps in which every event comes after its cause. Of several
 * events that could be next, the one that was recorded first by the wall clock is: clocks help to tell the run as it was, and
 * decide nothing.
 */

import { UsageError } from '../../model/contract/errors.ts';
import type { ProcessId } from '../../model/contract/protocol.ts';
import { diverge } from './divergence.ts';
import type { Occurrence, ReplayedStep } from './node-replay.ts';
import { type Join, Sessions, type Wait } from './sessions.ts';

/** A node's occurrences, and the one that is next. */
interface Track {
  readonly node: ProcessId;
  readonly rest: Iterator<Occurrence>;
  next: Occurrence | null;
}

/**
 * @param joins of each node, the sessions that it joins, in order
 * @throws Diverged where the steps cannot be put in such an order, or are not what the sessions between the nodes allow.
 */
export function* causalMerge(
  nodes: ReadonlyMap<ProcessId, Iterator<Occurrence>>,
  joins: ReadonlyMap<ProcessId, readonly Join[]>,
): Generator<Occurrence> {
  const sessions = new Sessions(joins);
  const tracks = [...nodes].map(([node, rest]): Track => ({ node, rest, next: following(rest) }));
  // A first start waits for nothing and nobody has heard of it: the model has all of them before everything else.
  for (const track of tracks) {
    if (track.next?.kind === 'step' && track.next.before === null) yield taken(track, track.next, sessions);
  }
  for (;;) {
    const track = earliest(tracks, sessions);
    if (track?.next == null) break;
    yield taken(track, track.next, sessions);
  }
  const stuck = tracks.find(({ next }) => next !== null);
  if (stuck !== undefined) explainStuck(tracks, sessions);
}

function taken(track: Track, occurrence: Occurrence, sessions: Sessions): Occurrence {
  if (occurrence.kind === 'end') sessions.end(occurrence);
  else sessions.take(occurrence);
  track.next = following(track.rest);
  return occurrence;
}

function earliest(tracks: readonly Track[], sessions: Sessions): Track | undefined {
  let found: Track | undefined;
  let at = Number.POSITIVE_INFINITY;
  for (const track of tracks) {
    const { next } = track;
    if (next === null) continue;
    // An end frees others, and needs nothing.
    if (next.kind === 'end') return track;
    if (next.recorded.at < at && sessions.wait(next) === null) {
      found = track;
      at = next.recorded.at;
    }
  }
  return found;
}

function following(rest: Iterator<Occurrence>): Occurrence | null {
  const { done, value } = rest.next();
  return done === true ? null : value;
}

/** Every node that has a step left waits for another one: for a step that never was, or in a circle. */
function explainStuck(tracks: readonly Track[], sessions: Sessions): never {
  const waiting = new Map<ProcessId, { step: ReplayedStep; wait: Wait }>();
  for (const { node, next } of tracks) {
    const wait = next?.kind === 'step' ? sessions.wait(next) : null;
    if (next?.kind === 'step' && wait !== null) waiting.set(node, { step: next, wait });
  }
  const blocked = [...waiting.values()];
  const open = blocked.find(({ wait }) => !waiting.has(wait.for));
  const found = open ?? blocked[0];
  if (found === undefined) throw new Error('nobody waits, and yet nobody can go on');
  const { step, wait } = found;
  const { place, recorded } = step;
  if (open !== undefined) {
    const where = `${place.file}, line ${place.line}, has received a message from it`;
    const isGiven = tracks.some(({ node }) => node === wait.for);
    throw new UsageError(
      isGiven
        ? `the recording of ${wait.for} is cut off: ${where}, but ${wait.why}`
        : `there is no recording of ${wait.for}, but ${where}: give it too`,
    );
  }
  const circle = blocked.map(({ wait: { why } }) => why).join('; ');
  diverge('causality', place, recorded.event, `the recordings cannot be put in one order: ${circle}`);
}
