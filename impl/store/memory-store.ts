/** A store without a disk, for demonstrations: what it keeps ends with the process, or with its owner. */

import type { Change, Clock, Store } from '../node/ports.ts';

export class MemoryStore implements Store {
  #latest: { readonly kept: unknown } | null;

  /**
   * @param incarnation the number of this opening
   * @param recovered what the one before has left
   */
  constructor(
    private readonly clock: Pick<Clock, 'soon'>,
    readonly incarnation = 1,
    readonly recovered: { readonly kept: unknown } | null = null,
  ) {
    this.#latest = recovered;
  }

  commit({ kept }: Change, done: (error: Error | null) => void): void {
    this.clock.soon(() => {
      this.#latest = { kept };
      done(null);
    });
  }

  /** The store as the next incarnation of the node finds it. */
  reopened(): MemoryStore {
    return new MemoryStore(this.clock, this.incarnation + 1, this.#latest);
  }
}
