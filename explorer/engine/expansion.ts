/** One worker's part of a search: it takes chunks of rows, expands them, and hands on the rows of what is new. */

import type { Instance } from '../../model/contract/system.ts';
import { ExactSink } from './exact.ts';
import { type Expander, ROW_LENGTH, type Work } from './expander.ts';
import { type Chunk, LevelQueue } from './level-queue.ts';
import { Profiler } from './profiler.ts';
import { RowWriter } from './rows.ts';
import { EXPANDED, GENERATED, PAUSE, PROGRESS_NUMBERS, type SearchMemory } from './search-memory.ts';
import { type Counts, Tally } from './tally.ts';
import { VisitedSet } from './visited-set.ts';

/** Rows between two looks around: at the clock, and at whether others want to pause. */
const ROWS_PER_LOOK = 512;

export interface ExpansionOptions {
  /** Compare whole states. */
  readonly exact: boolean;
  /** The instance, if there is to be a profile; not together with `exact`. */
  readonly profiled: Instance | null;
}

export class Expansion {
  readonly visited: VisitedSet;
  readonly queue: LevelQueue;
  readonly tally: Tally;
  readonly expander: Expander;
  /** Null when there is to be no profile. */
  readonly profiler: Profiler | null;
  readonly #writer: RowWriter;
  readonly #control: Int32Array;
  readonly #progress: Float64Array;
  readonly #worker: number;
  #expanded = 0;
  /** The chunk that is being expanded, and how far it is. */
  #chunk: Chunk | null = null;
  #at = 0;

  /** The states themselves, where fingerprints will not do. */
  readonly #exact: ExactSink | null;

  constructor(expander: Expander, memory: SearchMemory, worker: number, { exact, profiled }: ExpansionOptions) {
    this.expander = expander;
    this.visited = new VisitedSet(memory.visited, worker === 0);
    this.profiler = profiled && new Profiler(profiled, expander, this.visited);
    this.tally = this.profiler?.tally ?? new Tally();
    this.queue = new LevelQueue(memory.frontier, worker);
    this.#writer = new RowWriter(this.queue);
    this.#control = new Int32Array(memory.control);
    this.#progress = new Float64Array(memory.progress);
    this.#worker = worker;
    this.#exact = exact ? new ExactSink(this.visited, this.#writer) : null;
  }

  /** How many distinct states are known. */
  get distinct(): number {
    return this.#exact?.size ?? this.visited.size;
  }

  /** Offers the initial states. For the coordinator alone. */
  start(): void {
    this.expander.start(this.#work());
    this.#exact?.settle();
    this.end();
  }

  /** Goes on from where another process was. For the coordinator, before the first phase. */
  resume({ counts, expanded }: { readonly counts: Counts; readonly expanded: number }): void {
    this.tally.add(counts);
    this.#expanded = expanded;
    this.#look(true);
  }

  /** To be called when a phase begins. */
  begin(): void {
    this.visited.refresh();
  }

  /**
   * Expands some rows; false when there is none left in the level, or the phase is to be ended before that. A full visited
   * set ends the phase for all.
   */
  advance(): boolean {
    const { expander, visited, profiler } = this;
    const work = this.#work();
    for (let rows = 0; rows < ROWS_PER_LOOK; rows++) {
      if (this.#chunk === null && !this.#takeChunk()) return this.#look(false);
      const { rows: buffer, end } = this.#chunk as Chunk;
      const at = this.#at;
      this.#at += buffer[at + ROW_LENGTH] as number;
      profiler?.begin(buffer, at);
      expander.expand(buffer, at, work);
      this.#exact?.settle();
      profiler?.end();
      this.#expanded++;
      if (this.#at >= end) this.#releaseChunk();
      if (visited.tell()) {
        Atomics.store(this.#control, PAUSE, 1);
        return this.#look(false);
      }
    }
    return this.#look(Atomics.load(this.#control, PAUSE) === 0);
  }

  /** To be called when a phase ends: others can see all that this worker has done. */
  end(): void {
    this.visited.tellAll();
    this.queue.flush(this.#writer.detach());
    if (this.#chunk === null) return;
    this.queue.putBack(this.#chunk, this.#at);
    this.#chunk = null;
  }

  #work(): Work {
    const sink = this.#exact ?? this.profiler ?? this.visited;
    return { sink, next: this.#writer, tally: this.tally, depth: this.visited.depth };
  }

  #takeChunk(): boolean {
    this.#chunk = this.queue.take();
    this.#at = 0;
    if (this.#chunk === null) return false;
    // Its rows may name what other workers have interned.
    this.expander.interning.sync();
    return true;
  }

  #releaseChunk(): void {
    this.queue.release(this.#chunk as Chunk);
    this.#chunk = null;
  }

  #look(goOn: boolean): boolean {
    const at = this.#worker * PROGRESS_NUMBERS;
    this.#progress[at + GENERATED] = this.tally.generated;
    this.#progress[at + EXPANDED] = this.#expanded;
    return goOn;
  }
}
