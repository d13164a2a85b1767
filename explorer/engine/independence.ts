/**
 * Steps that need not be followed, since independent steps commute (Lemma 1 of Fischer, Lynch and Paterson).
 *
 * Let a state have been reached by a step u, and let t be a step out of it. If t could have been taken before u, and both
 * orders end in the same state, then that state is found by u after t as well, at the same depth. So one of the two orders
 * is enough, that in which the greater step comes last, in some fixed order of all events: t is followed only if it is not
 * less than u.
 *
 * No state is missed, and none is found later. For take a state, and the steps into it from the level before it. If none of
 * them were followed, each would be left out in favour of a greater one of them, which cannot be: they are finitely many.
 * What is left out is what sleep sets leave out (Godefroid, "Partial-Order Methods for the Verification of Concurrent
 * Systems", 1996, chapter 5) when of each set only what the last step has put there is kept.
 */

import type { HistoryMemo } from './history-memo.ts';
import { PairTable } from './pair-table.ts';
import { DISABLED, MESSAGES, NEW_LOCAL, OBSERVATION, SENT, type StepMemo } from './step-memo.ts';

/** Words of a row for the step that led to its state: its event, and what its process and the history were before. */
export const LAST_STEP = 3;

/** Whether two steps of one process commute: with nothing for the history to record; if the history says so; or not. */
const COMMUTE = 1;
const MAY = 2;
const DO_NOT = 3;

export interface IndependenceOptions {
  readonly memo: StepMemo;
  readonly history: HistoryMemo;
  /** What makes two lists of messages sent, one behind the other, the same as two others. */
  readonly network: 'set' | 'bag' | 'fifo';
}

/** Knows by which step the state that is being expanded was reached. */
export class Independence {
  readonly #memo: StepMemo;
  readonly #histories: HistoryMemo;
  readonly #network: 'set' | 'bag' | 'fifo';
  /** By the outcome of the earlier step and the event of the later one, whether two steps of one process commute. */
  readonly #ofOneProcess = new PairTable(1 << 10);
  /** The last step; 0: there is none that commutes with any other. */
  #event = 0;
  #process = 0;
  /** The process and the history before it, and what it did. */
  #local = 0;
  #history = 0;
  #outcome = 0;
  /** How many messages more there may be in flight. */
  #room = 0;

  constructor({ memo, history, network }: IndependenceOptions) {
    this.#memo = memo;
    this.#histories = history;
    this.#network = network;
  }

  /** The step that led to the state that will be expanded: LAST_STEP words of its row. */
  enter(row: Int32Array, at: number, room: number): void {
    this.#event = row[at] as number;
    if (this.#event === 0) return;
    this.#process = this.#memo.eventProcess.at(this.#event);
    this.#local = row[at + 1] as number;
    this.#history = row[at + 2] as number;
    this.#outcome = 0;
    this.#room = room;
  }

  /** Every step of the next state is to be followed. */
  enterUnknown(): void {
    this.#event = 0;
  }

  /** Whether a step leads where the last one leads after it. The history is that of the state that is being expanded. */
  isRedundant(process: number, event: number, outcome: number, history: number): boolean {
    if (this.#event === 0 || process > this.#process) return false;
    if (process === this.#process && event >= this.#event) return false;
    const { pool } = this.#memo;
    if (this.#outcome === 0) this.#outcome = this.#memo.outcome(this.#local, this.#event);
    if (1 + pool.at(outcome + SENT) + pool.at(this.#outcome + SENT) > this.#room) return false;
    return process === this.#process
      ? this.#commuteThere(event, outcome, history)
      : this.#commute(event, outcome, history);
  }

  /** Steps of two processes: neither sees the other, unless one sends what the other receives. */
  #commute(event: number, outcome: number, history: number): boolean {
    const pool = this.#memo.pool.items;
    const last = this.#outcome;
    const end = last + MESSAGES + (pool[last + SENT] as number);
    for (let sent = last + MESSAGES; sent < end; sent++) if (pool[sent] === event) return false;
    const observation = pool[outcome + OBSERVATION] as number;
    const lastObservation = pool[last + OBSERVATION] as number;
    if (observation === 0 || lastObservation === 0) return true;
    const before = this.#histories.after(this.#history, observation);
    return this.#histories.after(before, lastObservation) === this.#histories.after(history, observation);
  }

  /** Steps of one process: what they do one after the other is compared. */
  #commuteThere(event: number, outcome: number, history: number): boolean {
    const known = this.#ofOneProcess.get(this.#outcome, event);
    const commute = known === 0 ? this.#compare(event, outcome) : known;
    if (known === 0) this.#ofOneProcess.set(this.#outcome, event, commute);
    return commute === COMMUTE || (commute === MAY && this.#observedAlike(event, outcome, history));
  }

  #compare(event: number, outcome: number): number {
    const memo = this.#memo;
    if (this.#areOnOneLink(event) || !this.#isArmed(this.#local, event)) return DO_NOT;
    const first = memo.outcome(this.#local, event);
    if (first === DISABLED) return DO_NOT;
    const between = memo.pool.at(first + NEW_LOCAL);
    if (memo.beyondOf.at(between) !== 0 || !this.#isArmed(between, this.#event)) return DO_NOT;
    const second = memo.outcome(between, this.#event);
    if (second === DISABLED || memo.pool.at(second + NEW_LOCAL) !== memo.pool.at(outcome + NEW_LOCAL)) return DO_NOT;
    if (this.#sent(first, second) !== this.#sent(this.#outcome, outcome)) return DO_NOT;
    const steps = [first, second, this.#outcome, outcome];
    return steps.every((step) => memo.pool.at(step + OBSERVATION) === 0) ? COMMUTE : MAY;
  }

  /** Whether the message of an event was behind that of the last step, over fifo. */
  #areOnOneLink(event: number): boolean {
    const [a, b] = [this.#memo.events.value(event), this.#memo.events.value(this.#event)];
    return this.#network === 'fifo' && a.type === 'receive' && b.type === 'receive' && a.from === b.from;
  }

  /** Whether an event is no timeout, or that of a timer which is armed in this local state. */
  #isArmed(local: number, event: number): boolean {
    return (
      this.#memo.events.value(event).type !== 'timeout' || (this.#memo.timeoutsOf[local]?.includes(event) ?? false)
    );
  }

  /** What is sent by two steps of one process, in a form that is equal if it makes no difference in flight. */
  #sent(first: number, second: number): string {
    const { pool, eventProcess } = this.#memo;
    const messages = [first, second].flatMap((outcome) =>
      Array.from(pool.items.subarray(outcome + MESSAGES, outcome + MESSAGES + pool.at(outcome + SENT))),
    );
    // Over fifo the order counts, link by link.
    if (this.#network === 'fifo') messages.sort((a, b) => eventProcess.at(a) - eventProcess.at(b));
    else messages.sort((a, b) => a - b);
    return (this.#network === 'set' ? [...new Set(messages)] : messages).join();
  }

  /** Whether two steps of one process that commute leave the same history in either order. */
  #observedAlike(event: number, outcome: number, history: number): boolean {
    const memo = this.#memo;
    const first = memo.outcome(this.#local, event);
    const second = memo.outcome(memo.pool.at(first + NEW_LOCAL), this.#event);
    return this.#after(this.#after(this.#history, first), second) === this.#after(history, outcome);
  }

  #after(history: number, outcome: number): number {
    return this.#histories.after(history, this.#memo.pool.at(outcome + OBSERVATION));
  }
}
