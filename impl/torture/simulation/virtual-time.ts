/**
 * Virtual time: what is to happen later waits in a queue, and the clock jumps from one event to the next. Events at the
 * same time happen in the order in which they were scheduled.
 */

interface Scheduled {
  readonly at: number;
  readonly order: number;
  run: (() => void) | null;
}

export class VirtualTime {
  /** Milliseconds since the beginning. */
  #now = 0;
  #scheduled = 0;
  /** A binary heap: the earliest is first. */
  readonly #queue: Scheduled[] = [];

  readonly now = (): number => this.#now;

  /** Returns how to prevent it. */
  readonly after = (ms: number, run: () => void): (() => void) => {
    this.#scheduled += 1;
    const event: Scheduled = { at: this.#now + Math.max(0, ms), order: this.#scheduled, run };
    this.#push(event);
    return () => {
      event.run = null;
    };
  };

  readonly soon = (run: () => void): void => void this.after(0, run);

  /**
   * Lets everything happen up to a time, and whatever was promised in between. Promises are kept in the order in which the
   * language keeps them, which is always the same.
   */
  async until(end: number): Promise<void> {
    for (let next = this.#queue[0]; next !== undefined && next.at <= end; next = this.#queue[0]) {
      this.#pop();
      if (next.run === null) continue;
      this.#now = next.at;
      next.run();
      await null;
    }
    this.#now = Math.max(this.#now, end);
  }

  #push(event: Scheduled): void {
    const queue = this.#queue;
    let at = queue.push(event) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!isBefore(event, queue[parent] as Scheduled)) break;
      queue[at] = queue[parent] as Scheduled;
      at = parent;
    }
    queue[at] = event;
  }

  #pop(): void {
    const queue = this.#queue;
    const last = queue.pop();
    if (last === undefined || queue.length === 0) return;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= queue.length) break;
      const right = queue[child + 1];
      if (right !== undefined && isBefore(right, queue[child] as Scheduled)) child += 1;
      if (!isBefore(queue[child] as Scheduled, last)) break;
      queue[at] = queue[child] as Scheduled;
      at = child;
    }
    queue[at] = last;
  }
}

function isBefore(a: Scheduled, b: Scheduled): boolean {
  return a.at < b.at || (a.at === b.at && a.order < b.order);
}
