/** What a cluster has gone through, and how it came out of it. */

import { FAULTS, type Survived } from './nemesis.ts';
import type { Tally } from './workload.ts';

export interface Ordeal {
  readonly tally: Readonly<Tally>;
  readonly survived: Survived;
  /** Nodes that could not go on, or a cluster that did not recover: there should be none. */
  readonly failures: readonly string[];
  /** The highest term, or round of a ballot, that a node has come to. */
  readonly term: number;
  /** The file with what the clients saw. */
  readonly history: string;
  /** Real milliseconds. */
  readonly elapsedMs: number;
}

/** The faults in a sentence: `3 x kill, 2 x pause`. */
export function survivedText(survived: Survived): string {
  const inflicted = FAULTS.filter((fault) => survived[fault] > 0).map((fault) => `${survived[fault]} x ${fault}`);
  return inflicted.length === 0 ? 'nothing' : inflicted.join(', ');
}

export function tallyText({ executed, failed, unknown }: Readonly<Tally>): string {
  return `${executed} operations executed, ${failed} certainly not, ${unknown} perhaps`;
}
