/** The history variable, interned: (record, observation) -> record, each folded once. */

import { canonical, fromCanonical } from '../../model/contract/data.ts';
import type { ProcessInstance } from '../../model/contract/system.ts';
import { callModel, foldHistory } from '../semantics/observation.ts';
import type { Interning, SharedInterner } from './interning.ts';
import type { SharedMemo } from './shared-memo.ts';

export class HistoryMemo {
  readonly records: SharedInterner<unknown>;
  readonly observations: SharedInterner<unknown>;
  /** Is told of every fold of this worker's. */
  onFold: ((history: number, observation: number, next: number) => void) | null = null;
  readonly #history: ProcessInstance['history'];
  readonly #after: SharedMemo;

  constructor(history: ProcessInstance['history'], interning: Interning) {
    this.#history = history;
    this.records = interning.interner((_place, text) => fromCanonical(text));
    this.observations = interning.interner((_place, text) => fromCanonical(text));
    this.#after = interning.memo();
  }

  /** The record after an observation; an observation of 0 is none. */
  after(history: number, observation: number): number {
    if (observation === 0) return history;
    const known = this.#after.get(history, observation);
    return known !== 0 ? known : this.#after.find(history, observation, () => this.#fold(history, observation));
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
