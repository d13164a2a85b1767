/** Which expander an instance needs. */

import type { Instance } from '../../model/contract/system.ts';
import { SymmetryGroup } from '../semantics/symmetry-group.ts';
import type { Expander } from './expander.ts';
import { FifoExpander } from './fifo-expander.ts';
import { TransitionExpander } from './transition-expander.ts';
import { UnorderedExpander } from './unordered-expander.ts';

export interface ExpanderOptions {
  /** Take every memoised step a second time. */
  readonly paranoid?: boolean;
  /** Let one state stand for all that the instance's symmetry makes of it. */
  readonly symmetry?: boolean;
  /** Of two orders of independent steps follow one. Bare transition systems and symmetry know no such thing. */
  readonly reduction?: boolean;
}

export function expanderOf(instance: Instance, options: ExpanderOptions): Expander {
  const { paranoid = false, symmetry = false, reduction = false } = options;
  const declared = symmetry ? new SymmetryGroup(instance.symmetry) : null;
  const group = declared === null || declared.order === 1 ? null : declared;
  if (instance.kind === 'transitions') return new TransitionExpander(instance, paranoid, group);
  const Processes = instance.network === 'fifo' ? FifoExpander : UnorderedExpander;
  return new Processes(instance, paranoid, group, reduction && group === null);
}
