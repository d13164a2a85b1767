/** Which expander an instance needs. */

import type { Instance } from '../../model/contract/system.ts';
import { SymmetryGroup } from '../semantics/symmetry-group.ts';
import type { Expander } from './expander.ts';
import { FifoExpander } from './fifo-expander.ts';
import { TransitionExpander } from './transition-expander.ts';
import { UnorderedExpander } from './unordered-expander.ts';

/** @param symmetry whether one state is to stand for all that the instance's symmetry makes of it */
export function expanderOf(instance: Instance, paranoid: boolean, symmetry = false): Expander {
  const declared = symmetry ? new SymmetryGroup(instance.symmetry) : null;
  const group = declared === null || declared.order === 1 ? null : declared;
  if (instance.kind === 'transitions') return new TransitionExpander(instance, paranoid, group);
  const Processes = instance.network === 'fifo' ? FifoExpander : UnorderedExpander;
  return new Processes(instance, paranoid, group);
}
