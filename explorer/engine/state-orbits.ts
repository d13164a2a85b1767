/** The orbits of whole states: for bare transition systems. */

import { canonical } from '../../model/contract/data.ts';
import { renamed } from '../../model/contract/symmetry.ts';
import type { SymmetryGroup } from '../semantics/symmetry-group.ts';
import { ArrangementSearch } from './arrangement-search.ts';
import { occurrenceIn, readingsBy } from './occurrence.ts';
import type { Arrangement } from './renamed-ids.ts';

export class StateOrbits extends ArrangementSearch {
  /** The state that stands for the orbit of the one that was given last, and its text. */
  state: unknown = null;
  text = '';
  readonly #readings: readonly ReadonlyMap<string, string>[];
  #given: unknown = null;
  #givenText = '';

  constructor(group: SymmetryGroup) {
    super(group);
    this.#readings = group.members.map((_, member) => readingsBy(group, member));
  }

  /** Finds the state that stands for a state; `text` is the canonical text of that. */
  choose(state: unknown, text: string): void {
    this.#given = state;
    this.#givenText = text;
    for (const [member, readings] of this.#readings.entries()) this.described[member] = occurrenceIn(state, readings);
    this.search();
  }

  protected override isUnchanged(by: Arrangement): boolean {
    return canonical(this.#image(by)) === this.#givenText;
  }

  protected override attempt(by: Arrangement, isFirst: boolean): number {
    const state = by.moved === 0 ? this.#given : this.#image(by);
    const text = by.moved === 0 ? this.#givenText : canonical(state);
    const difference = text < this.text ? -1 : text > this.text ? 1 : 0;
    if (isFirst || difference < 0) {
      this.state = state;
      this.text = text;
    }
    return difference;
  }

  #image({ permutation }: Arrangement): unknown {
    return renamed(this.#given, this.group.renamingOf(permutation));
  }
}
