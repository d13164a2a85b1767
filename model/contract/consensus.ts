/**
 * What a system that is to solve consensus says of itself, so that the theorem of Fischer, Lynch and Paterson can be
 * looked for in it: who proposes what, and how a decision is seen.
 */

import type { Data } from './data.ts';
import type { AnyTagged, ProcessId } from './protocol.ts';
import type { Bounds, Budget } from './system.ts';

/** Numbers that a protocol only compares and counts up, such as the rounds of its ballots. */
export interface Ordered {
  /** The fields that hold such numbers, in states and messages. They count from 1; 0 stands for none, and stays. */
  readonly fields: readonly string[];
  /** Besides their order, what else matters: their residue by this. 1 for nothing else. */
  readonly modulus: number;
}

export interface Consensus<State extends object, in View> {
  /** What each process that proposes begins with. Empty when nobody is given anything: validity is then not judged. */
  readonly inputs: Readonly<Record<ProcessId, Data>>;
  /** What a process has decided, once and for all; null while it has not. */
  decision(view: View, process: ProcessId): Data | null;
  /**
   * Makes the graph of configurations finite where rounds go on for ever: configurations that agree but for these numbers,
   * and have them in the same order with the same residues, are taken for one.
   */
  readonly ordered?: Ordered;
  /**
   * Whether a message has come too late to matter to a process: it ignores the message, now and ever after. Such a message
   * is received at once, which leaves less in the buffer to tell configurations apart. Default: none is.
   */
  isLate?(state: State, message: AnyTagged): boolean;
  /** The bounds of that graph. Default: the instance's own. */
  readonly bounds?: Bounds<State>;
  /** How often timers fire in that graph. Default: as the instance's environment has it. */
  readonly timeouts?: Budget;
  /**
   * A failure detector: what the processes are told that nobody in the theorem's world can know. It is at work in the budgets
   * for timeouts, which are then its promise, and not a bound. Of such a system the theorem says nothing.
   */
  readonly detector?: {
    /** What it promises, as a clause for people. */
    readonly promise: string;
    /** The processes that it rightly takes to be correct: they do not crash. */
    readonly correct: readonly ProcessId[];
  };
  /** The faces of a coin: timers of which, when they are armed together, chance fires one, each as likely. */
  readonly coin?: readonly string[];
}
