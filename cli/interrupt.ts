/** Ctrl-C: the first one asks for the result so far, the second one ends the program. */

import { CLEAR_LINE, remark } from './streams.ts';

/** Runs something that can be stopped; while it runs, SIGINT and SIGTERM abort the signal it is given. */
export async function stoppable<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController();
  const stop = (): void => {
    release();
    if (process.stderr.isTTY)
      remark(`${CLEAR_LINE}stopping; the result so far follows (Ctrl-C again to end at once)\n`);
    controller.abort();
  };
  const release = (): void => {
    process.off('SIGINT', stop);
    process.off('SIGTERM', stop);
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  try {
    return await work(controller.signal);
  } finally {
    release();
  }
}
