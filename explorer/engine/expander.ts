/** What a search needs of an instance: rows for states, and a way to expand them. */

import type { TraceEvent } from '../../model/contract/trace.ts';
import type { Interning } from './interning.ts';
import type { RowWriter } from './rows.ts';
import type { Tally } from './tally.ts';
import type { Sink } from './visited-set.ts';

/** Where a row holds its length and the two words of its state's fingerprint; what follows is the expander's own. */
export const ROW_LENGTH = 0;
export const ROW_LO = 1;
export const ROW_HI = 2;
export const ROW_HEADER = 3;

export interface Expander {
  /** What its rows are made of. */
  readonly interning: Interning;
  /** Offers the initial states, and writes the rows of those that the sink takes to `next`. */
  start(to: Work): void;
  /** Offers every successor of the row that begins at `at`. */
  expand(buffer: Int32Array, at: number, to: Work): void;
  /**
   * The number, from 0, of what properties see of the state of a row that has not been expanded yet; and what that is.
   * States that look the same have the same number if that is known without comparing whole states.
   */
  look(buffer: Int32Array, at: number): number;
  seen(look: number): unknown;
  /** The event that was offered with this number. Valid for the last one offered, and longer where events are interned. */
  describe(event: number): TraceEvent;
  /** Takes steps that were memoised a second time. @throws ModelError when one differs. */
  verifyPurity(): void;
  readonly handlerCalls: HandlerCalls;
  /** Whether states stand for others, under a symmetry. */
  readonly isReduced: boolean;
}

/** How often the model was called, and how many calls were made a second time to see whether it is a function. */
export interface HandlerCalls {
  readonly memoised: number;
  readonly repeated: number;
}

/** Where the results of an expansion go. */
export interface Work {
  readonly sink: Sink;
  readonly next: RowWriter;
  readonly tally: Tally;
  /** The depth of the states that are offered. */
  readonly depth: number;
  /**
   * Write the rows of the states that were reached. Otherwise, under a symmetry, those of the states that stand for them
   * are written; offered are the fingerprints of these in any case.
   */
  readonly asReached?: boolean;
  /** Follow also the steps that a reduction would leave out. */
  readonly isComplete?: boolean;
}
