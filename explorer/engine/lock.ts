/** A mutual exclusion lock between threads: one word of shared memory. For sections of a microsecond. */

const FREE = 0;
const HELD = 1;
const CONTENDED = 2;

/** Runs `section` while no other thread runs one under the lock at `words[at]`. */
export function withLock<T>(words: Int32Array, at: number, section: () => T): T {
  if (Atomics.compareExchange(words, at, FREE, HELD) !== FREE) {
    while (Atomics.exchange(words, at, CONTENDED) !== FREE) Atomics.wait(words, at, CONTENDED);
  }
  try {
    return section();
  } finally {
    if (Atomics.exchange(words, at, FREE) === CONTENDED) Atomics.notify(words, at, 1);
  }
}
