/**
 * Outcomes of steps in memory that workers share: of a step that one of them has taken, the others need not call the
 * handler. What does not fit, each finds out for itself.
 */

import type { SharedPart } from './interning.ts';
import { SharedCache } from './shared-cache.ts';

/** What comes of a step, in numbers: the local id after it, the id of the observation or 0, and those of the messages sent. */
export interface Taken {
  readonly newLocal: number;
  readonly observation: number;
  readonly sent: readonly number[];
}

/** Words for outcomes. */
const WORDS = 1 << 22;
/** The first word says how many of those behind it are in use; no step is at place 0. */
const END = 0;
const FIRST = 1;
/** Words of a step before the messages. */
const HEADER = 3;

/** What a cache has of a step for which the event is disabled; of others it has where the outcome is. */
const NOTHING = -1;

export class SharedOutcomes implements SharedPart {
  /** By local id and event id. */
  readonly #places: SharedCache;
  /** Each outcome is the number of messages sent, the local id, the observation, and the messages. */
  #words: Int32Array | null = null;
  readonly #step = new Int32Array(2);

  /** @param sync takes over what other workers have entered */
  constructor(sync: () => void) {
    this.#places = new SharedCache(2, sync);
  }

  get bytes(): number {
    return this.#places.bytes + WORDS * Int32Array.BYTES_PER_ELEMENT;
  }

  share(memory: SharedArrayBuffer, begins: number): void {
    this.#places.share(memory, begins);
    this.#words = new Int32Array(memory, begins + this.#places.bytes, WORDS);
  }

  /** What comes of an event in a local state; null if it is disabled, undefined if nobody has told. */
  get(local: number, event: number): Taken | null | undefined {
    const words = this.#words;
    if (words === null) return undefined;
    const place = this.#places.get(this.#stepOf(local, event));
    if (place === 0) return undefined;
    if (place === NOTHING) return null;
    const [sent = 0, newLocal = 0, observation = 0] = words.subarray(place, place + HEADER);
    return { newLocal, observation, sent: [...words.subarray(place + HEADER, place + HEADER + sent)] };
  }

  /** Tells what comes of an event; null if it is disabled. */
  set(local: number, event: number, taken: Taken | null): void {
    const words = this.#words;
    if (words === null) return;
    const place = taken === null ? NOTHING : write(words, taken);
    // Who finds the place finds the step there: it was written before.
    if (place !== 0) this.#places.set(this.#stepOf(local, event), place);
  }

  #stepOf(local: number, event: number): Int32Array {
    this.#step[0] = local;
    this.#step[1] = event;
    return this.#step;
  }
}

/** Where a step has been written; 0 when there is no room. */
function write(words: Int32Array, { newLocal, observation, sent }: Taken): number {
  const needed = HEADER + sent.length;
  if (Atomics.load(words, END) + needed > WORDS) return 0;
  const place = FIRST + Atomics.add(words, END, needed);
  // Others may have taken what was left meanwhile.
  if (place + needed > WORDS) return 0;
  words.set([sent.length, newLocal, observation, ...sent], place);
  return place;
}
