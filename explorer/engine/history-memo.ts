/** The history variable, interned: (record, observation) -> record, each folded once. */

import { canonical, fromCanonical } from '../../model/contract/data.ts';
import type { ProcessInstance } from '../../model/contract/system.ts';
import { callModel, foldHistory } from '../semantics/observation.ts';
import type { Interning, SharedInterner } from './interning.ts';
import { PairTable } from './pair-table.ts';
import type { SharedCache } from './shared-cache.ts';

export class HistoryMemo {
  readonly records: SharedInterner<unknown>;
  readonly observations: SharedInterner<unknown>;
  /** Is told of every fold of this worker's. */
  onFold: ((history: number, observation: number, next: number) => void) | null = null;
  readonly #history: ProcessInstance['history'];
  readonly #after = new PairTable();
  /** The same, from all workers. */
  readonly #told: SharedCache;

  constructor(history: ProcessInstance['history'], interning: Interning) {
    this.#history = history;
    this.records = interning.interner((_place, text) => fromCanonical(text));
    this.observations = interning.interner((_place, text) => fromCanonical(text));
    this.#told = interning.cache(2);
  }

  /** The record after an observation; an observation of 0 is none. */
  after(history: number, observation: number): number {
    if (observation === 0) return history;
    const known = this.#after.get(history, observation);
    if (known !== 0) return known;
    const pair = Int32Array.of(history, observation);
    let next = this.#told.get(pair);
    if (next === 0) {
      next = this.#fold(history, observation);
      this.#told.set(pair, next);
    }
    // Folding may have come back here, for the images of what was folded.
    if (this.#after.get(history, observation) === 0) this.#after.set(history, observation, next);
    return next;
  }

  intern(record: unknown): number {
    return this.records.intern(
      'history',
      callModel('the history', () => canonical(record)),
    );
  }

  internObservation(observation: unknown): number {
    return this.observations.intern(
      'observation',
      callModel('what history.observe returned', () => canonical(observation)),
    );
  }

  #fold(history: number, observation: number): number {
    const record = foldHistory(this.#history, this.records.value(history), this.observations.value(observation));
    const next = this.intern(record);
    this.onFold?.(history, observation, next);
    return next;
  }
}
