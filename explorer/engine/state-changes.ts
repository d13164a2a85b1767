/** What is different between states of a bare transition system, cell by cell; and lists of that in flat integers. */

import { ModelError } from '../../model/contract/errors.ts';
import type { Cells } from './cells.ts';
import { IntList } from './growable.ts';
import type { Placement } from './placement.ts';
import { differences } from './plain-state.ts';
import { type Changes, write } from './state-draft.ts';

/** Makes changes of states that the model gave. */
export class StateChanges {
  readonly #cells: Cells;
  readonly #placements: readonly Placement[];
  readonly #key: (state: unknown) => string;

  /**
   * @param placements make room for the cells that are new
   * @param key throws a ModelError that says what is wrong with a state, and where
   */
  constructor(cells: Cells, placements: readonly Placement[], key: (state: unknown) => string) {
    this.#cells = cells;
    this.#placements = placements;
    this.#key = key;
  }

  /** All that is in a state. @throws ModelError when it is not plain data. */
  whole(state: unknown): Changes {
    return this.#note(state, (changes) => write(this.#cells, this.#cells.root, state, changes));
  }

  /** What is different in `after`. @throws ModelError when that is not plain data. */
  between(before: unknown, after: unknown): Changes {
    return this.#note(after, (changes) => differences(this.#cells, this.#cells.root, before, after, changes));
  }

  #note(state: unknown, note: (changes: Changes) => void): Changes {
    const changes: Changes = new Map();
    try {
      note(changes);
    } catch (thrown) {
      if (!(thrown instanceof ModelError)) this.#key(state);
      throw thrown;
    }
    for (const placement of this.#placements) placement.fit();
    return changes;
  }
}

/** Lists of changes: how many there are, and for each the number of a cell and the atom that is in it now. */
export class ChangeLists {
  readonly #list = new IntList(1 << 12);

  /** Valid until something is added. */
  get items(): Int32Array {
    return this.#list.items;
  }

  /** Adds a list; where it begins. */
  add(changes: Changes): number {
    const begins = this.#list.length;
    this.#list.push(changes.size);
    for (const [cell, atom] of changes) {
      this.#list.push(cell);
      this.#list.push(atom);
    }
    return begins;
  }

  at(begins: number): Changes {
    const changes: Changes = new Map();
    for (let index = 0; index < this.#list.at(begins); index++)
      changes.set(this.#list.at(begins + 1 + 2 * index), this.#list.at(begins + 2 + 2 * index));
    return changes;
  }

  /** Makes a list the only one; where it begins. */
  setTo(changes: Changes): number {
    this.forgetFrom(0);
    return this.add(changes);
  }

  /** Forgets all lists from this one on. */
  forgetFrom(begins: number): void {
    this.#list.length = begins;
  }
}
