/**
 * The symmetry of a bare transition system, and the test that it is one: from states that differ by an exchange of names must
 * lead transitions to states that differ by it too, and properties must say the same of both.
 *
 * It is tested on the states that are expanded, under the exchanges of neighbouring names: on the first of them, wherever an
 * action was taken on something that it had not read before, and else on one in some.
 */

import { inCanonicalOrder } from '../../model/contract/data.ts';
import type { SymmetryGroup } from '../semantics/symmetry-group.ts';
import { AtomOrbits } from './atom-orbits.ts';
import type { Cells } from './cells.ts';
import { asymmetry, line } from './equivariance.ts';
import { ROW_HI, ROW_LO } from './expander.ts';
import { type Arrangement, arrangementOf } from './renamed-ids.ts';

/** The first expansions are all tested; later, one in this many. */
const FIRST_TESTED = 256;
const TESTED_ONE_IN = 64;

/** All that is to be the same of a state and its image. */
export interface Aspect {
  readonly row: Int32Array;
  /** By function of the model that judges states: what it says. */
  readonly verdicts: ReadonlyMap<string, boolean>;
  readonly moves: readonly Move[];
}

/** A transition, by the state that it leads to. */
export interface Move {
  readonly row: Int32Array;
  /** The bound that it is beyond, if any. */
  readonly beyond: string | null;
  /** By property of steps: whether the step violates it. */
  readonly verdicts: ReadonlyMap<string, boolean>;
}

/** What the test asks of the expander. */
export interface Testable {
  aspectOf(row: Int32Array): Aspect;
  plain(row: Int32Array): unknown;
}

export class TransitionSymmetry {
  readonly orbits: AtomOrbits;
  readonly #group: SymmetryGroup;
  readonly #generators: readonly Arrangement[];
  readonly #paranoid: boolean;
  #expanded = 0;

  constructor(group: SymmetryGroup, cells: Cells, paranoid: boolean) {
    this.orbits = new AtomOrbits(group, cells);
    this.#group = group;
    this.#generators = group.generators().map((permutation) => arrangementOf(group, permutation));
    this.#paranoid = paranoid;
  }

  /** To be asked once for each state that is expanded: whether it is to be tested. */
  isTestDue(hasNewSteps: boolean): boolean {
    const count = ++this.#expanded;
    return hasNewSteps || this.#paranoid || count <= FIRST_TESTED || count % TESTED_ONE_IN === 0;
  }

  /** @throws ModelError when something tells names apart. */
  test(row: Int32Array, of: Testable): void {
    const aspect = of.aspectOf(row);
    for (const by of this.#generators) this.#compare(aspect, of.aspectOf(this.orbits.image(row, by)), by, of);
  }

  #compare(one: Aspect, other: Aspect, by: Arrangement, of: Testable): void {
    const after = new Map(one.moves.map((move) => [move, keyOf(move, this.orbits.image(move.row, by))]));
    const afterImage = new Map(other.moves.map((move) => [move, keyOf(move, move.row)]));
    if (listed(after.values()) !== listed(afterImage.values()))
      throw asymmetry(this.#group, by, 'next', successorsText(one, of), successorsText(other, of));
    for (const [name, verdict] of one.verdicts) {
      if (other.verdicts.get(name) === verdict) continue;
      throw asymmetry(this.#group, by, name, line('state', of.plain(one.row)), line('state', of.plain(other.row)));
    }
    for (const [move, key] of after) {
      const [image] = [...afterImage].find(([, imageKey]) => imageKey === key) ?? [];
      for (const [name, verdict] of move.verdicts) {
        if (image === undefined || image.verdicts.get(name) === verdict) continue;
        throw asymmetry(this.#group, by, name, line('state', of.plain(move.row)), line('state', of.plain(image.row)));
      }
    }
  }
}

/** Where a transition leads: the fingerprint of the state `row`, and the bound that it is beyond. */
function keyOf({ beyond }: Move, row: Int32Array): string {
  return `${row[ROW_LO]} ${row[ROW_HI]} ${beyond ?? ''}`;
}

function listed(keys: Iterable<string>): string {
  return [...keys].sort().join('\n');
}

function successorsText({ row, moves }: Aspect, of: Testable): string {
  const states = moves.map(({ row, beyond }) => (beyond === null ? of.plain(row) : [beyond, of.plain(row)]));
  return [line('state', of.plain(row)), ...inCanonicalOrder(states).map((state) => line('next', state))].join('\n');
}
