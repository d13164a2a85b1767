/**
 * Expands states over a `set` or `bag` network. Behind the slots a row has the messages in flight, each the id of its
 * receipt, in ascending order; a bag repeats what is in flight more than once.
 */

import type { ProcessInstance } from '../../model/contract/system.ts';
import { IN_FLIGHT } from '../semantics/processes.ts';
import type { SymmetryGroup } from '../semantics/symmetry-group.ts';
import { ROW_HEADER, ROW_HI, ROW_LENGTH, ROW_LO, type Work } from './expander.ts';
import { PairTable } from './pair-table.ts';
import { ProcessExpander } from './process-expander.ts';
import { DISABLED, LOCAL_HI, LOCAL_LO, MESSAGES, NEW_LOCAL, SENT, SENT_HI, SENT_LO } from './step-memo.ts';

/** Nothing in flight is consumed. */
const NOTHING = -1;

export class UnorderedExpander extends ProcessExpander {
  readonly #isBag: boolean;
  /** Environment events on a message, by message and kind. */
  readonly #onMessage = new PairTable();
  /** The successor that is being made, where its orbit must be known before it is offered. */
  #row = new Int32Array(64);

  constructor(instance: ProcessInstance, paranoid: boolean, group: SymmetryGroup | null, reduces: boolean) {
    super(instance, paranoid, reduces);
    this.#isBag = instance.network === 'bag';
    if (group !== null) this.reduceBy(group, null);
  }

  start(to: Work): void {
    const { events } = this.memo;
    const { slots, sent, beyond, ...fingerprint } = this.begin();
    const inFlight = sent.flat().sort((a, b) => a - b);
    const messages = this.#isBag ? inFlight : [...new Set(inFlight)];
    const bound = beyond ?? (messages.length > this.inFlightBound ? IN_FLIGHT : null);
    if (bound !== null) return to.tally.cutBy(bound, 0);
    to.tally.generated++;
    let { lo, hi } = fingerprint;
    for (const message of messages) {
      lo = (lo + events.lo.at(message)) | 0;
      hi = (hi + events.hi.at(message)) | 0;
    }
    const lastStep = new Array<number>(this.inFlightAt - this.lastStepAt).fill(0);
    const words = [0, lo, hi, ...slots, ...lastStep, ...messages];
    words[ROW_LENGTH] = words.length;
    if (this.symmetry !== null) {
      const reached = Int32Array.from(words);
      this.symmetry.orbits.choose(reached, 0);
      this.offerChosen(this.symmetry.orbits, reached, 0, 0, to);
      this.judgeStart(this.symmetry.orbits.row, 0, to);
      return;
    }
    if (!to.sink.offer(lo, hi, 0, 0)) return;
    to.next.reserve(words.length);
    to.next.buffer.set(words, to.next.at);
    this.judgeStart(to.next.buffer, to.next.at, to);
  }

  protected expandNetwork(row: Int32Array, at: number, to: Work): void {
    const end = at + (row[at + ROW_LENGTH] as number);
    const { memo } = this;
    const processOf = memo.eventProcess.items;
    let previous = 0;
    for (let index = at + this.inFlightAt; index < end; index++) {
      const message = row[index] as number;
      if (message === previous) continue;
      previous = message;
      const process = processOf[message] as number;
      const outcome = memo.outcome(row[at + ROW_HEADER + process] as number, message);
      if (outcome === DISABLED) continue;
      this.#take(
        row,
        at,
        process,
        outcome,
        message,
        this.#isBag ? index : NOTHING,
        row[at + this.budgetsAt] as number,
        to,
      );
    }
    if (!this.#isBag) return;
    const { loss, duplication } = this.plan.planFor(row[at + this.budgetsAt] as number);
    if (loss !== 0) this.#takeOnMessages(row, at, 'lose', loss, to);
    if (duplication !== 0) this.#takeOnMessages(row, at, 'duplicate', duplication, to);
  }

  protected inFlight(row: Int32Array, at: number): number {
    return (row[at + ROW_LENGTH] as number) - this.inFlightAt;
  }

  protected override takeLocal(
    row: Int32Array,
    at: number,
    process: number,
    outcome: number,
    event: number,
    budgets: number,
    to: Work,
  ): void {
    this.#take(row, at, process, outcome, event, NOTHING, budgets, to);
  }

  /** A process takes a step; the message at `consumed` is no longer in flight after it. */
  #take(
    row: Int32Array,
    at: number,
    process: number,
    outcome: number,
    event: number,
    consumed: number,
    budgets: number,
    to: Work,
  ): void {
    this.moves++;
    if (this.independence !== null && this.skips(row, at, process, outcome, event, to)) return;
    const { memo, plan } = this;
    const pool = memo.pool.items;
    const messageLo = memo.events.lo.items;
    const messageHi = memo.events.hi.items;
    const newLocal = pool[outcome + NEW_LOCAL] as number;
    const sent = pool[outcome + SENT] as number;
    let lo = ((row[at + ROW_LO] as number) + (pool[outcome + LOCAL_LO] as number)) | 0;
    let hi = ((row[at + ROW_HI] as number) + (pool[outcome + LOCAL_HI] as number)) | 0;
    let added = sent;
    if (this.#isBag) {
      lo = (lo + (pool[outcome + SENT_LO] as number)) | 0;
      hi = (hi + (pool[outcome + SENT_HI] as number)) | 0;
    } else {
      const end = at + (row[at + ROW_LENGTH] as number);
      for (let index = outcome + MESSAGES; index < outcome + MESSAGES + sent; index++) {
        const message = pool[index] as number;
        if (this.#isInFlight(row, at, end, message)) {
          added--;
        } else {
          lo = (lo + (messageLo[message] as number)) | 0;
          hi = (hi + (messageHi[message] as number)) | 0;
        }
      }
    }
    if (consumed !== NOTHING) {
      lo = (lo - (messageLo[row[consumed] as number] as number)) | 0;
      hi = (hi - (messageHi[row[consumed] as number] as number)) | 0;
      added--;
    }
    const oldBudgets = row[at + this.budgetsAt] as number;
    if (budgets !== oldBudgets) {
      lo = (lo + plan.budgets.lo.at(budgets) - plan.budgets.lo.at(oldBudgets)) | 0;
      hi = (hi + plan.budgets.hi.at(budgets) - plan.budgets.hi.at(oldBudgets)) | 0;
    }
    const oldHistory = row[at + this.historyAt] as number;
    const history = this.historyAfter(row, at, outcome);
    if (history !== oldHistory) {
      const { records } = this.history;
      lo = (lo + records.lo.at(history) - records.lo.at(oldHistory)) | 0;
      hi = (hi + records.hi.at(history) - records.hi.at(oldHistory)) | 0;
    }

    const length = (row[at + ROW_LENGTH] as number) + added;
    const beyond = memo.beyondOf.items[newLocal] as number;
    if (beyond !== 0) return to.tally.cutBy(this.boundNames[beyond - 1] ?? '', event);
    if (length - this.inFlightAt > this.inFlightBound) return to.tally.cutBy(IN_FLIGHT, event);
    to.tally.generated++;

    const { symmetry } = this;
    const { next } = to;
    if (symmetry === null) {
      if (this.isUnsettled) this.judgeStep(row, at, process, outcome, history, lo, hi, to);
      if (this.isRedundant) {
        to.tally.skipped++;
        return;
      }
      if (!to.sink.offer(lo, hi, row[at + ROW_LO] as number, event)) return;
      next.reserve(length);
    }
    const into = symmetry === null ? next.buffer : this.#scratch(length);
    const begins = symmetry === null ? next.at : 0;
    into[begins + ROW_LENGTH] = length;
    into[begins + ROW_LO] = lo;
    into[begins + ROW_HI] = hi;
    for (let slot = ROW_HEADER; slot < this.budgetsAt; slot++) into[begins + slot] = row[at + slot] as number;
    into[begins + ROW_HEADER + process] = newLocal;
    into[begins + this.budgetsAt] = budgets;
    into[begins + this.historyAt] = history;
    this.writeLastStep(into, begins, event, row[at + ROW_HEADER + process] as number, oldHistory);
    this.#mergeMessages(row, at, consumed, outcome, into, begins + this.inFlightAt);
    if (symmetry === null) return;
    const { orbits } = symmetry;
    orbits.choose(into, 0);
    if (this.isUnsettled) this.judgeStep(row, at, process, outcome, history, orbits.lo, orbits.hi, to);
    this.offerChosen(orbits, into, row[at + ROW_LO] as number, event, to);
  }

  /** Room for a row that is not kept. */
  #scratch(length: number): Int32Array {
    if (this.#row.length < length) this.#row = new Int32Array(length * 2);
    return this.#row;
  }

  #isInFlight(row: Int32Array, at: number, end: number, message: number): boolean {
    for (let index = at + this.inFlightAt; index < end; index++) if (row[index] === message) return true;
    return false;
  }

  /** Writes what was in flight without the message at `consumed`, and what was sent, in ascending order. */
  #mergeMessages(
    row: Int32Array,
    at: number,
    consumed: number,
    outcome: number,
    into: Int32Array,
    begins: number,
  ): void {
    const pool = this.memo.pool.items;
    const end = at + (row[at + ROW_LENGTH] as number);
    let sent = outcome + MESSAGES;
    const sentEnd = sent + (pool[outcome + SENT] as number);
    let write = begins;
    for (let read = at + this.inFlightAt; read < end; read++) {
      if (read === consumed) continue;
      const message = row[read] as number;
      while (sent < sentEnd && (pool[sent] as number) < message) into[write++] = pool[sent++] as number;
      if (!this.#isBag && sent < sentEnd && pool[sent] === message) sent++;
      into[write++] = message;
    }
    while (sent < sentEnd) into[write++] = pool[sent++] as number;
  }

  /** The environment loses each message in flight, or duplicates it. */
  #takeOnMessages(row: Int32Array, at: number, type: 'lose' | 'duplicate', budgets: number, to: Work): void {
    const { memo, plan } = this;
    const length = row[at + ROW_LENGTH] as number;
    const oldBudgets = row[at + this.budgetsAt] as number;
    const sign = type === 'lose' ? -1 : 1;
    let previous = 0;
    for (let index = this.inFlightAt; index < length; index++) {
      const message = row[at + index] as number;
      if (message === previous) continue;
      previous = message;
      this.moves++;
      if (length + sign - this.inFlightAt > this.inFlightBound) {
        to.tally.cutBy(IN_FLIGHT, this.#eventOn(message, type));
        continue;
      }
      to.tally.generated++;
      const lo =
        ((row[at + ROW_LO] as number) +
          sign * memo.events.lo.at(message) +
          plan.budgets.lo.at(budgets) -
          plan.budgets.lo.at(oldBudgets)) |
        0;
      const hi =
        ((row[at + ROW_HI] as number) +
          sign * memo.events.hi.at(message) +
          plan.budgets.hi.at(budgets) -
          plan.budgets.hi.at(oldBudgets)) |
        0;
      const parentLo = row[at + ROW_LO] as number;
      const event = this.#eventOn(message, type);
      const { symmetry } = this;
      const { next } = to;
      if (symmetry === null) {
        if (!to.sink.offer(lo, hi, parentLo, event)) continue;
        next.reserve(length + sign);
      }
      const into = symmetry === null ? next.buffer : this.#scratch(length + sign);
      const begins = symmetry === null ? next.at : 0;
      const copied = type === 'lose' ? index : index + 1;
      into.set(row.subarray(at, at + copied), begins);
      into.set(row.subarray(at + index + (type === 'lose' ? 1 : 0), at + length), begins + copied);
      into[begins + ROW_LENGTH] = length + sign;
      into[begins + ROW_LO] = lo;
      into[begins + ROW_HI] = hi;
      into[begins + this.budgetsAt] = budgets;
      this.writeLastStep(into, begins, 0, 0, 0);
      if (symmetry === null) continue;
      symmetry.orbits.choose(into, 0);
      this.offerChosen(symmetry.orbits, into, parentLo, event, to);
    }
  }

  #eventOn(message: number, type: 'lose' | 'duplicate'): number {
    const kind = type === 'lose' ? 1 : 2;
    const known = this.#onMessage.get(message, kind);
    if (known !== 0) return known;
    const receipt = this.memo.events.value(message);
    if (receipt.type !== 'receive') throw new TypeError('what is in flight is a message');
    const event = this.memo.internEvent({ ...receipt, type });
    this.#onMessage.set(message, kind, event);
    return event;
  }
}
