/** The history variable, interned: (record, observation) -> record, each folded once. */

import { canonical, fromCanonical } from '../../model/contract/data.ts';
import type { ProcessInstance } from '../../model/contract/system.ts';
import { callModel, foldHistory } from '../semantics/observation.ts';
import type { Interner } from './interner.ts';
import type { Interning, SharedInterner } from './interning.ts';
import { PairTable } from './pair-table.ts';

export class HistoryMemo {
  readonly records: SharedInterner<unknown>;
  /** Is told of every fold that is new. */
  onFold: ((history: number, observation: number, next: number) => void) | null = null;
  readonly #history: ProcessInstance['history'];
  readonly #observations: Interner<unknown>;
  readonly #after = new PairTable();

  constructor(history: ProcessInstance['history'], observations: Interner<unknown>, interning: Interning) {
    this.#history = history;
    this.#observations = observations;
    this.records = interning.interner((_place, text) => fromCanonical(text));
  }

  /** The record after an observation; an observation of 0 is none. */
  after(history: number, observation: number): number {
    if (observation === 0) return history;
    const known = this.#after.get(history, observation);
    return known !== 0 ? known : this.#fold(history, observation);
  }

  intern(record: unknown): number {
    return this.records.intern(
      'history',
      callModel('the history', () => canonical(record)),
    );
  }

  #fold(history: number, observation: number): number {
    const record = foldHistory(this.#history, this.records.value(history), this.#observations.value(observation));
    const next = this.intern(record);
    this.#after.set(history, observation, next);
    this.onFold?.(history, observation, next);
    return next;
  }
}
