/** Orbits, plainly: the states that one becomes under every renaming. The oracle of the engine's way to do it. */

import type { Instance } from '../model/contract/system.ts';
import { stateRenamer } from './semantics/renaming.ts';
import type { Semantics } from './semantics/semantics.ts';
import { SymmetryGroup } from './semantics/symmetry-group.ts';

/** What stands for all the states of an orbit, and how many they are. */
export interface Orbit {
  readonly key: string;
  readonly size: number;
}

/** The orbits under the symmetry that the instance declares: the least text of a state under all renamings is the key. */
export function plainOrbits(instance: Instance, semantics: Semantics<unknown>): (state: unknown) => Orbit {
  const group = new SymmetryGroup(instance.symmetry);
  const renamings = [...group.permutations()].map((permutation) => group.renamingOf(permutation));
  const rename = stateRenamer(instance);
  return (state) => {
    const keys = new Set(renamings.map((renaming) => semantics.key(rename(state, renaming))));
    return { key: [...keys].reduce((least, key) => (key < least ? key : least)), size: keys.size };
  };
}
