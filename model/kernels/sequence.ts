/** Logs, as the lecture writes sequences: `prefix(v, k)` keeps the first k elements, `suffix(v, k)` drops them. */

import { entriesOf, type Log, truncated } from './log.ts';

export function prefix<L extends Log<unknown>>(log: L, length: number): L {
  return truncated(log, length);
}

export function suffix<Entry>(log: Log<Entry>, from: number): Entry[] {
  return entriesOf(log, from);
}
