/**
 * Tests that properties say the same of states that renamings make of each other. All permutations are tried, or if they
 * are many, all exchanges of two members; on the first tuples of views that are judged, and then on one
 * in some: properties would otherwise be judged as often as without symmetry.
 */

import type { SymmetryGroup } from '../semantics/symmetry-group.ts';
import { asymmetry } from './equivariance.ts';
import { type Arrangement, arrangementOf } from './renamed-ids.ts';

/** What each property says of a tuple, by name. */
export type Verdicts = ReadonlyMap<string, boolean>;

/** Of a larger group not all permutations are tried. */
const MOST_TRIED = 24;
/** The first tuples are all tried; later, one in this many. */
const FIRST_TRIED = 1024;
const TRIED_ONE_IN = 64;

export class VerdictSymmetry {
  readonly #group: SymmetryGroup;
  readonly #imageOf: (tuple: Int32Array, arrangement: Arrangement) => Int32Array;
  readonly #describe: (tuple: Int32Array) => string;
  readonly #isThorough: boolean;
  readonly #arrangements: readonly Arrangement[];
  #met = 0;

  /**
   * @param imageOf what becomes of a tuple
   * @param describe what is seen of it, in words
   * @param isThorough test every tuple
   */
  constructor(
    group: SymmetryGroup,
    imageOf: (tuple: Int32Array, arrangement: Arrangement) => Int32Array,
    describe: (tuple: Int32Array) => string,
    isThorough: boolean,
  ) {
    this.#group = group;
    this.#imageOf = imageOf;
    this.#describe = describe;
    this.#isThorough = isThorough;
    const permutations = group.order <= MOST_TRIED ? [...group.permutations()].slice(1) : group.exchanges();
    this.#arrangements = permutations.map((permutation) => arrangementOf(group, permutation));
  }

  /**
   * A tuple has been judged.
   *
   * @throws ModelError when a property says otherwise of an image of it.
   */
  met(tuple: Int32Array, verdictsOf: (tuple: Int32Array) => Verdicts): void {
    const times = ++this.#met;
    if (!this.#isThorough && times > FIRST_TRIED && times % TRIED_ONE_IN !== 0) return;
    const verdicts = verdictsOf(tuple);
    for (const arrangement of this.#arrangements) {
      const image = this.#imageOf(tuple, arrangement);
      if (image.every((id, index) => id === tuple[index])) continue;
      for (const [name, holds] of verdictsOf(image)) {
        if (holds === verdicts.get(name)) continue;
        const text = (which: Int32Array, verdict: boolean) =>
          `${verdict ? 'true' : 'not true'} of ${this.#describe(which)}`;
        throw asymmetry(this.#group, arrangement, `property '${name}'`, text(tuple, !holds), text(image, holds));
      }
    }
  }
}
