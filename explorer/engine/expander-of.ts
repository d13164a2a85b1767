/** Which expander an instance needs. */

import type { Instance } from '../../model/contract/system.ts';
import type { Expander } from './expander.ts';
import { FifoExpander } from './fifo-expander.ts';
import { TransitionExpander } from './transition-expander.ts';
import { UnorderedExpander } from './unordered-expander.ts';

export function expanderOf(instance: Instance, paranoid: boolean): Expander {
  if (instance.kind === 'transitions') return new TransitionExpander(instance, paranoid);
  return instance.network === 'fifo' ? new FifoExpander(instance, paranoid) : new UnorderedExpander(instance, paranoid);
}
