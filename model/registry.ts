/** The built-in systems, in the order in which they are listed. */

import type { System } from './contract/system.ts';
import { paxosSystem } from './paxos/system.ts';

export const builtInSystems: readonly System[] = [paxosSystem];
