/**
 * One node's recording, taken through the transition function step by step.
 *
 * A step counts when a mark says that it is on disk, or when the next incarnation begins with what it left there. Any other
 * is as if it had never happened: nobody can have seen an effect of it (docs of the recording, model/contract).
 */

import { clearlyFits } from '../../model/contract/clear-fit.ts';
import { equal } from '../../model/contract/data.ts';
import { ModelError, UsageError } from '../../model/contract/errors.ts';
import { difference, type Patch, patched } from '../../model/contract/patches.ts';
import type { Identity, ProcessId, Protocol } from '../../model/contract/protocol.ts';
import type { Foretell, RecordedOutcome, RecordedStep, RecordingHeader } from '../../model/contract/recording.ts';
import { born, type Effect, type LocalState, type ProcessEvent, restored, step } from '../../model/contract/step.ts';
import { differencesOf } from './differences.ts';
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

/** The lines of a recording, given what the line of a step is expected to say. */
export type ReadLines = (foretell: Foretell) => Iterable<NumberedLine>;

/** What a step should be, by the transition function. */
interface Due {
  readonly event: ProcessEvent;
  readonly local: LocalState;
  readonly effects: readonly Effect[];
  /** The durable part after it, and what it changes of it. */
  readonly kept: unknown;
  readonly durable: readonly Patch[] | null;
}

/** Throws when a later header is not of the same run as the first. */
export type MustFit = (header: RecordingHeader, line: number) => void;

/**
 * Replays the lines of one node.
 *
 * @throws Diverged where the recording is not what the transition function does
 * @throws UsageError when it is not a whole recording
 */
export function* replayNode(
  replayed: Replayed,
  readLines: ReadLines,
  counts: ReplayCounts,
  mustFit: MustFit,
): Generator<Occurrence> {
  const replay = new NodeReplay(replayed, counts, mustFit);
  for (const { number, content } of readLines((event) => replay.foretell(event))) {
    counts.lines = number;
    if (content.kind === 'step') replay.take(content.step, number);
    else if (content.kind === 'mark') yield* replay.mark(content.persisted, number);
    else yield* replay.begin(content.header, number);
  }
  yield* replay.end();
}

class NodeReplay {
  readonly #node: ProcessId;
  readonly #file: string;
  readonly #identity: Identity;
  readonly #protocol: Protocol;
  /** Of this incarnation: its number, how many steps were taken, and the state after them. */
  #incarnation = 0;
  #taken = 0;
  #local: LocalState | null = null;
  /** The durable part after the last step taken; after the last step on disk. Undefined when nothing has ever been there. */
  #kept: unknown;
  #onDisk: unknown;
  #unmarked: Unmarked[] = [];
  /** What was foretold last. */
  #foretold: Due | null = null;
  /** Where the last step that counts was, or the header. */
  #last: Place;

  constructor(
    { node, file, protocol, identity }: Replayed,
    private readonly counts: ReplayCounts,
    private readonly mustFit: MustFit,
  ) {
    this.#node = node;
    this.#file = file;
    this.#identity = identity;
    this.#protocol = protocol;
    this.#last = this.#place(1, 1, null);
  }

  /** An incarnation begins. What is given back ends the one before. */
  *begin(header: RecordingHeader, line: number): Generator<Occurrence> {
    this.mustFit(header, line);
    const { incarnation, recovered } = header;
    const place = this.#place(line, incarnation, null);
    if (incarnation <= this.#incarnation)
      diverge('recovery', place, null, `incarnation ${incarnation} comes after incarnation ${this.#incarnation}`);
    if (this.#incarnation === 0 && recovered !== null) {
      throw new UsageError(
        `${this.#file} begins with incarnation ${incarnation} of ${this.#node}, which recovers what earlier ones have left: ` +
          'record from the first start on, or nothing can be said of what was received from it',
      );
    }
    if (this.#incarnation > 0) {
      const survived = survivors(this.#unmarked, this.#onDisk, recovered, place);
      this.counts.undone += this.#unmarked.length - survived.length;
      yield* this.#onceOnDisk(survived);
      yield this.#ended(false);
    }
    this.counts.incarnations += 1;
    this.#unmarked = [];
    this.#incarnation = incarnation;
    this.#taken = 0;
    this.#last = place;
    this.#kept = recovered ?? undefined;
    this.#local =
      this.#kept === undefined
        ? born(this.#protocol, this.#identity)
        : restored(this.#protocol, this.#identity, this.#kept);
  }

  /** What the steps up to this one have changed is on disk. */
  mark(persisted: number, line: number): Iterable<Occurrence> {
    if (persisted > this.#taken) {
      const known = `but only ${this.#taken} were taken before it`;
      throw new UsageError(`${this.#file}, line ${line}, marks step ${persisted}, ${known}`);
    }
    const behind = this.#unmarked.findIndex(({ occurrence }) => occurrence.recorded.step > persisted);
    const covered = behind === -1 ? this.#unmarked.length : behind;
    return this.#onceOnDisk(this.#unmarked.splice(0, covered));
  }

  /** What the next step has to do, if it is of this event; null when it cannot take it. */
  foretell(event: ProcessEvent): RecordedOutcome | null {
    if (this.#local === null) return null;
    try {
      this.#foretold = this.#due(this.#local, event);
    } catch (thrown) {
      // Whoever takes the step finds out whether it may happen at all, and if so, that it fails.
      if (thrown instanceof ModelError) return null;
      throw thrown;
    }
    return this.#foretold;
  }

  #due(before: LocalState, event: ProcessEvent): Due {
    const { local, effects } = step(this.#protocol, this.#identity, before, event, false);
    const kept = this.#protocol.durable.keep(local.state);
    const change = difference(this.#kept, kept);
    return { event, local, effects, kept, durable: change.length === 0 ? null : change };
  }

  /** A step is taken; it counts once it is marked. */
  take(recorded: RecordedStep, line: number): void {
    const before = this.#local;
    if (before === null) throw new UsageError(`${this.#file} does not begin with the header of a recording`);
    if (recorded.step !== this.#taken + 1) {
      const due = `but step ${this.#taken + 1} is due: lines are missing`;
      throw new UsageError(`${this.#file}, line ${line}, is step ${recorded.step}, ${due}`);
    }
    const place = this.#place(line, this.#incarnation, recorded.step);
    this.#taken = recorded.step;
    this.counts.steps += 1;
    mayHappen(place, recorded, before, this.#protocol, this.#identity, this.#kept !== undefined);
    const foretold = this.#foretold?.event === recorded.event ? this.#foretold : null;
    const due = foretold ?? this.#due(before, recorded.event);
    const { local, kept } = due;
    mustCause(place, recorded, due);
    mustPersist(place, recorded, this.#kept, due);
    const isFirst = this.#taken === 1 && this.#kept === undefined;
    const occurrence: ReplayedStep = { kind: 'step', place, recorded, before: isFirst ? null : before, after: local };
    this.#unmarked.push({ occurrence, kept });
    this.#kept = kept;
    this.#local = local;
  }

  /** The recording is over: what no mark covers may be on disk or not, and nobody has seen it. */
  *end(): Generator<Occurrence> {
    this.counts.undone += this.#unmarked.length;
    if (this.#incarnation > 0) yield this.#ended(true);
  }

  *#onceOnDisk(steps: readonly Unmarked[]): Generator<Occurrence> {
    for (const { occurrence, kept } of steps) {
      this.#onDisk = kept;
      this.#last = occurrence.place;
      yield occurrence;
    }
  }

  #ended(isLast: boolean): IncarnationEnd {
    return { kind: 'end', place: this.#last, incarnation: this.#incarnation, taken: this.#taken, isLast };
  }

  #place(line: number, incarnation: number, step: number | null): Place {
    return { node: this.#node, file: this.#file, line, incarnation, step };
  }
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
  if (clearlyFits(schema, value)) return;
  const parsed = schema.safeParse(value);
  if (parsed.success) return;
  const [issue] = parsed.error.issues;
  refuse(`the ${kind} does not fit the protocol's schema: ${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}`);
}

/** What was recorded to leave the node is what the transition function lets leave it. */
function mustCause(place: Place, recorded: RecordedStep, { effects }: Due): void {
  if (equal(effects, recorded.effects)) return;
  const message = 'the step has not the effects that the transition function gives it';
  diverge('effects', place, recorded.event, message, differencesOf(effects, recorded.effects, 'effects'));
}

/** What the recording says was written is what the step has changed of the durable part. */
function mustPersist(place: Place, { event, durable }: RecordedStep, before: unknown, due: Due): void {
  if (equal(due.durable, durable)) return;
  const [expected, recorded, after] = [due.durable ?? [], durable ?? [], due.kept];
  // The same change can be written in other words: records may have their keys in another order after a recovery.
  let written: unknown;
  try {
    written = patched(before, recorded);
  } catch {
    diverge('durable', place, event, 'what was written cannot be applied to the durable state', [
      { path: 'durable', model: expected, recorded },
    ]);
  }
  if (equal(written, after)) return;
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
  if (equal(onDisk, found)) return [];
  const at = unmarked.findIndex(({ kept }) => equal(kept, found));
  if (at !== -1) return unmarked.slice(0, at + 1);
  if (found === undefined)
    diverge('recovery', place, null, 'nothing was recovered, though a former incarnation has put its state on disk');
  const message = 'what was recovered is not what was on disk';
  diverge('recovery', place, null, message, differencesOf(onDisk, found, 'recovered'));
}
