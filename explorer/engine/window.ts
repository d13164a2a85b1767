/**
 * A window onto what properties see of a state: what they look at is made when they look, and it is noted what that was.
 * One window serves one evaluation after the other, since to make such an object costs more than most properties do.
 */

import type { Snapshot } from '../../spec/property.ts';
import { HISTORY, type Reads, VIEWS } from './questions.ts';

type Seen = Snapshot<unknown, unknown>;

export class Window {
  /** For the property that is being asked, and only as long. */
  readonly seen: Seen;
  #tuple: Int32Array = new Int32Array(0);
  #reads: Reads = { parts: 0 };
  #made: Seen | null = null;

  /** @param snapshotOf makes what is seen of the states with a tuple */
  constructor(snapshotOf: (tuple: Int32Array) => Seen, historyOf: (tuple: Int32Array) => unknown) {
    const made = (): Seen => {
      this.#reads.parts |= VIEWS;
      this.#made ??= snapshotOf(this.#tuple);
      return this.#made;
    };
    const history = (): unknown => {
      this.#reads.parts |= HISTORY;
      return historyOf(this.#tuple);
    };
    this.seen = {
      get views() {
        return made().views;
      },
      get crashed() {
        return made().crashed;
      },
      get history() {
        return history();
      },
    };
  }

  /** The window is now onto the states with this tuple. */
  onto(tuple: Int32Array, reads: Reads): Seen {
    this.#tuple = tuple;
    this.#reads = reads;
    this.#made = null;
    return this.seen;
  }
}
