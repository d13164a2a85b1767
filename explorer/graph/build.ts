/**
 * Builds the state graph of an instance on the engine's expanders. A state is known by its 64-bit fingerprint, as in the
 * engine, and with the same risk that two states have one.
 */

import { setImmediate } from 'node:timers/promises';
import type { Instance } from '../../model/contract/system.ts';
import { eventKey } from '../../model/contract/trace.ts';
import { type Expander, ROW_LENGTH, type Work } from '../engine/expander.ts';
import { expanderOf } from '../engine/expander-of.ts';
import { Frontier } from '../engine/frontier.ts';
import { MemoryGuard } from '../engine/memory-guard.ts';
import { Tally } from '../engine/tally.ts';
import type { Sink } from '../engine/visited-set.ts';
import { FingerprintIndex } from './fingerprint-index.ts';
import { GraphWriter } from './graph-writer.ts';
import { DEFAULT_STATES, type GraphLimits, interrupted, tooManyStates, tooMuchMemory } from './limits.ts';
import { type GraphEvent, graphEvent, StateGraph } from './state-graph.ts';

/** How far the building has come. */
export interface GraphProgress {
  readonly states: number;
  readonly transitions: number;
  /** States that are yet to be expanded. */
  readonly frontier: number;
  readonly elapsedMs: number;
}

export interface GraphOptions extends GraphLimits {
  readonly paranoid?: boolean;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: GraphProgress) => void;
}

/** Rows between two looks at limits and the clock. */
const ROWS_PER_LOOK = 512;
/** Milliseconds between two pauses in which timers, signals and the terminal get their turn. */
const PAUSE_EVERY = 100;

/**
 * The whole state graph of an instance. Properties are not judged: that is an exploration's work.
 *
 * @throws GraphIncomplete when it is larger than the limits allow, or interrupted; ModelError when the model is at fault.
 */
export async function buildGraph(instance: Instance, options: GraphOptions = {}): Promise<StateGraph> {
  const unjudged = { ...instance, properties: [], quiescence: () => true } as Instance;
  const expander = expanderOf(unjudged, options);
  const recorder = new Recorder(expander);
  const builder = new Builder(recorder, options);
  await builder.run();
  expander.verifyPurity();
  return new StateGraph(instance, recorder.writer.finish(recorder.events), recorder.looks, (look) =>
    expander.seen(look),
  );
}

class Builder {
  readonly #recorder: Recorder;
  readonly #options: GraphOptions;
  readonly #memory: MemoryGuard;
  readonly #started = performance.now();
  #lastPause = this.#started;

  constructor(recorder: Recorder, options: GraphOptions) {
    this.#recorder = recorder;
    this.#options = options;
    this.#memory = new MemoryGuard(options.memory);
  }

  async run(): Promise<void> {
    const { expander, writer } = this.#recorder;
    let level = new Frontier();
    expander.start(this.#work(level));
    this.#recorder.isStarting = false;
    while (level.rows > 0) {
      const next = new Frontier();
      const work = this.#work(next);
      for (const { buffer, end } of level.drain()) {
        for (let at = 0; at < end; at += buffer[at + ROW_LENGTH] as number) {
          this.#recorder.begin(buffer, at);
          expander.expand(buffer, at, work);
          if (writer.begun % ROWS_PER_LOOK === 0) await this.#pause();
        }
      }
      level = next;
    }
    this.#mustBeWithin();
  }

  #work(next: Frontier): Work {
    return { sink: this.#recorder, next, tally: this.#recorder.tally, depth: 1 };
  }

  #mustBeWithin(): void {
    const { states: most = DEFAULT_STATES } = this.#options;
    const { writer, index } = this.#recorder;
    if (writer.states > most) throw tooManyStates(most);
    const more = index.bytesToGrow + writer.bytesToGrow;
    if (more > 0 && !this.#memory.allows(more)) throw tooMuchMemory(this.#memory.limit);
  }

  /** Refuses what is beyond the limits; from time to time, lets signals and the terminal have their turn. */
  async #pause(): Promise<void> {
    this.#mustBeWithin();
    const now = performance.now();
    if (now - this.#lastPause < PAUSE_EVERY) return;
    this.#lastPause = now;
    await setImmediate();
    const { signal, onProgress } = this.#options;
    if (signal?.aborted) throw interrupted();
    const { states, begun, transitions } = this.#recorder.writer;
    onProgress?.({ states, transitions, frontier: states - begun, elapsedMs: now - this.#started });
    if (!this.#memory.allows(0)) throw tooMuchMemory(this.#memory.limit);
  }
}

/** Numbers states and events as an expander offers them, and writes the graph. */
class Recorder implements Sink {
  readonly expander: Expander;
  readonly writer = new GraphWriter();
  readonly index = new FingerprintIndex();
  readonly tally: Tally;
  readonly events: GraphEvent[] = [];
  /** How many looks there are. */
  looks = 0;
  isStarting = true;
  /** By the expander's number of an event, if it has one that lasts: the graph's and one more. */
  readonly #numbers: number[] = [];
  readonly #byKey = new Map<string, number>();

  constructor(expander: Expander) {
    this.expander = expander;
    this.tally = new CutTally((bound, event) => {
      if (this.isStarting) this.writer.addInitialCut(bound);
      else this.writer.addCut(bound, this.#eventNumber(event));
    });
  }

  begin(buffer: Int32Array, at: number): void {
    const look = this.expander.look(buffer, at);
    this.looks = Math.max(this.looks, look + 1);
    this.writer.begin(look);
  }

  offer(lo: number, hi: number, _parentLo: number, event: number): boolean {
    const known = this.index.size;
    const number = this.index.numberOf(lo, hi);
    const isNew = number === known;
    if (isNew) this.writer.addState(this.isStarting);
    if (this.isStarting) this.writer.addInitial(number);
    else this.writer.addTransition(number, this.#eventNumber(event));
    return isNew;
  }

  #eventNumber(event: number): number {
    const known = this.#numbers[event];
    if (known !== undefined) return known;
    const described = graphEvent(this.expander.describe(event));
    const key = eventKey(described.event);
    const number = this.#byKey.get(key) ?? this.events.length;
    if (number === this.events.length) this.events.push(described);
    this.#byKey.set(key, number);
    // Actions are not interned by the expander: its number says nothing about which it was.
    if (described.kind !== 'action') this.#numbers[event] = number;
    return number;
  }
}

/** Tells of each transition that is cut, and counts nothing else. */
class CutTally extends Tally {
  readonly #tell: (bound: string, event: number) => void;

  constructor(tell: (bound: string, event: number) => void) {
    super();
    this.#tell = tell;
  }

  override cutBy(bound: string, event: number): void {
    this.#tell(bound, event);
  }
}
