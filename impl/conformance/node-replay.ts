/**
 * One node's recording, taken through the transition function step by step.
 *
 * A step counts when a mark says that it is on disk, or when the next incarnation begins with what it left there. Any other
 * is as if it had never happened: nobody can have seen an effect of it (docs of the recording, model/contract).
 */

import { UsageError } from '../../model/contract/errors.ts';
import { difference, patched } from '../../model/contract/patches.ts';
import type { Identity, ProcessId, Protocol } from '../../model/contract/protocol.ts';
import type { RecordedStep, RecordingHeader } from '../../model/contract/recording.ts';
import { born, type LocalState, restored, step } from '../../model/contract/step.ts';
import { alike, differencesOf } from './differences.ts';
import { diverge, type Place } from './divergence.ts';
import type { NumberedLine } from './recording-file.ts';

/** A step that counts, with the state on either side of it. */
export interface ReplayedStep {
  readonly kind: 'step';
  readonly place: Place;
  readonly recorded: RecordedStep;
  /** Null before `start`. */
  readonly before: LocalState | null;
  readonly after: LocalState;
}

/** The end of an incarnation: a crash, or a stop, which is the same to the model. */
export interface IncarnationEnd {
  readonly kind: 'end';
  /** Where the last step that counts was, or the header. */
  readonly place: Place;
  readonly incarnation: number;
  /** How many of its steps were recorded, those that do not count included. */
  readonly taken: number;
  /** Whether the recording ends here. */
  readonly isLast: boolean;
}

export type Occurrence = ReplayedStep | IncarnationEnd;

export interface Replayed {
  readonly node: ProcessId;
  readonly file: string;
  readonly protocol: Protocol;
  readonly identity: Identity;
}

/** What the replay has met so far. */
export interface ReplayCounts {
  lines: number;
  incarnations: number;
  steps: number;
  /** Steps that were never on disk, so that they never happened. */
  undone: number;
}

/** A step that no mark covers yet, and the durable part after it. */
interface Unmarked {
  readonly occurrence: ReplayedStep;
  readonly kept: unknown;
}

/**
 * Replays the lines of one node.
 *
 * @param mustFit throws when a later header is not of the same run as the first
 * @throws Diverged where the recording is not what the transition function does
 * @throws UsageError when it is not a whole recording
 */
export function* replayNode(
  { node, file, protocol, identity }: Replayed,
  lines: Iterable<NumberedLine>,
  counts: ReplayCounts,
  mustFit: (header: RecordingHeader, line: number) => void,
): Generator<Occurrence> {
  let incarnation = 0;
  let taken = 0;
  let local: LocalState | null = null;
  /** After the last step taken; after the last step on disk. Undefined when nothing has ever been there. */
  let kept: unknown;
  let onDisk: unknown;
  let unmarked: Unmarked[] = [];
  let last: Place = { node, file, line: 1, incarnation: 1, step: null };

  for (const { number: line, content } of lines) {
    counts.lines = line;
    if (content.kind === 'header') {
      const { header } = content;
      mustFit(header, line);
      const place: Place = { node, file, line, incarnation: header.incarnation, step: null };
      if (header.incarnation <= incarnation)
        diverge('recovery', place, null, `incarnation ${header.incarnation} comes after incarnation ${incarnation}`);
      if (incarnation === 0 && header.recovered !== null) {
        throw new UsageError(
          `${file} begins with incarnation ${header.incarnation} of ${node}, which recovers what earlier ones have left: ` +
            'record from the first start on, or nothing can be said of what was received from it',
        );
      }
      if (incarnation > 0) {
        const survived = survivors(unmarked, onDisk, header.recovered, place);
        counts.undone += unmarked.length - survived.length;
        for (const { occurrence, kept: after } of survived) {
          onDisk = after;
          last = occurrence.place;
          yield occurrence;
        }
        yield { kind: 'end', place: last, incarnation, taken, isLast: false };
      }
      unmarked = [];
      incarnation = header.incarnation;
      counts.incarnations += 1;
      taken = 0;
      last = place;
      kept = header.recovered ?? undefined;
      local = kept === undefined ? born(protocol, identity) : restored(protocol, identity, kept);
      continue;
    }
    if (local === null) throw new UsageError(`${file} does not begin with the header of a recording`);
    if (content.kind === 'mark') {
      const { persisted } = content;
      if (persisted > taken)
        throw new UsageError(`${file}, line ${line}, marks step ${persisted}, but only ${taken} were taken before it`);
      const covered = unmarked.findIndex(({ occurrence }) => occurrence.recorded.step > persisted);
      const done = covered === -1 ? unmarked : unmarked.slice(0, covered);
      unmarked = covered === -1 ? [] : unmarked.slice(covered);
      for (const { occurrence, kept: after } of done) {
        onDisk = after;
        last = occurrence.place;
        yield occurrence;
      }
      continue;
    }

    const recorded = content.step;
    const place: Place = { node, file, line, incarnation, step: recorded.step };
    if (recorded.step !== taken + 1)
      throw new UsageError(
        `${file}, line ${line}, is step ${recorded.step}, but step ${taken + 1} is due: lines are missing`,
      );
    taken = recorded.step;
    counts.steps += 1;
    mayHappen(place, recorded, local, protocol, identity, kept !== undefined);
    const outcome = step(protocol, identity, local, recorded.event);
    if (!alike(outcome.effects, recorded.effects)) {
      const differences = differencesOf(outcome.effects, recorded.effects, 'effects');
      diverge(
        'effects',
        place,
        recorded.event,
        'the step has not the effects that the transition function gives it',
        differences,
      );
    }
    const after = protocol.durable.keep(outcome.local.state);
    mustPersist(place, recorded, kept, after);
    const isFirst = taken === 1 && kept === undefined;
    unmarked.push({
      occurrence: { kind: 'step', place, recorded, before: isFirst ? null : local, after: outcome.local },
      kept: after,
    });
    kept = after;
    local = outcome.local;
  }
  counts.undone += unmarked.length;
  if (incarnation > 0) yield { kind: 'end', place: last, incarnation, taken, isLast: true };
}

/** Only what can happen to the process in its state does happen. */
function mayHappen(
  place: Place,
  { step: number, event, cause, session }: RecordedStep,
  { timers }: LocalState,
  protocol: Protocol,
  { peers }: Identity,
  recovers: boolean,
): void {
  const refuse = (message: string): never => diverge('event', place, event, message);
  const first = recovers ? 'recover' : 'start';
  if (number === 1 && event.type !== first)
    refuse(`an incarnation that ${recovers ? 'recovers' : 'finds nothing on disk'} begins with ${first}`);
  if (number > 1 && (event.type === 'start' || event.type === 'recover')) refuse('this comes first, or never');
  switch (event.type) {
    case 'timeout':
      if (!timers.includes(event.timer))
        refuse(`the timer '${event.timer}' is not armed: it was cancelled, has fired already, or was never set`);
      return;
    case 'request':
      mustFitSchema(protocol.schemas.request, event.request, 'request', refuse);
      return;
    case 'receive':
      if (!peers.includes(event.from)) refuse(`${event.from} is no peer of ${place.node}`);
      if (cause === null || session === null)
        throw new UsageError(
          `${place.file}, line ${place.line}, is a receive without ${cause === null ? 'cause' : 'session'}`,
        );
      if (cause.from !== event.from) refuse(`the message is from ${event.from}, its cause is a step of ${cause.from}`);
      // That it fits the schema need not be asked: it must be what its sender sent, and so it was asked there.
      return;
    case 'linkUp':
    case 'linkDown':
      if (!peers.includes(event.peer)) refuse(`${event.peer} is no peer of ${place.node}`);
      if (session === null)
        throw new UsageError(`${place.file}, line ${place.line}, is a ${event.type} without session`);
  }
}

function mustFitSchema(
  schema: Protocol['schemas']['message'],
  value: unknown,
  kind: string,
  refuse: (message: string) => never,
): void {
  const parsed = schema.safeParse(value);
  if (parsed.success) return;
  const [issue] = parsed.error.issues;
  refuse(`the ${kind} does not fit the protocol's schema: ${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}`);
}

/** What the recording says was written is what the step has changed of the durable part. */
function mustPersist(place: Place, { event, durable }: RecordedStep, before: unknown, after: unknown): void {
  const expected = difference(before, after);
  const recorded = durable ?? [];
  if (alike(expected, recorded)) return;
  // The same change can be written in other words: records may have their keys in another order after a recovery.
  let written: unknown;
  try {
    written = patched(before, recorded);
  } catch {
    diverge('durable', place, event, 'what was written cannot be applied to the durable state', [
      { path: 'durable', model: expected, recorded },
    ]);
  }
  if (alike(written, after)) return;
  const message = 'what was written is not what the step changes of the durable state';
  diverge('durable', place, event, message, differencesOf(after, written, 'durable'));
}

/**
 * Which of the steps that no mark covers were on disk after all, as the next incarnation shows.
 *
 * @throws Diverged when what it recovered is the durable part after none of them.
 */
function survivors(
  unmarked: readonly Unmarked[],
  onDisk: unknown,
  recovered: unknown,
  place: Place,
): readonly Unmarked[] {
  const found = recovered ?? undefined;
  if (alike(onDisk, found)) return [];
  const at = unmarked.findIndex(({ kept }) => alike(kept, found));
  if (at !== -1) return unmarked.slice(0, at + 1);
  if (found === undefined)
    diverge('recovery', place, null, 'nothing was recovered, though a former incarnation has put its state on disk');
  const message = 'what was recovered is not what was on disk';
  diverge('recovery', place, null, message, differencesOf(onDisk, found, 'recovered'));
}
