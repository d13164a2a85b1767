/** The built-in systems, in the order in which they are listed. */

import type { System } from './contract/system.ts';
import { dieHardSystem } from './die-hard/die-hard.ts';
import { paxosSystem } from './paxos/system.ts';
import { paxosRegisterSystem } from './paxos-register/system.ts';
import { twoPhaseCommitSystem } from './two-phase-commit/system.ts';

export const builtInSystems: readonly System[] = [
  paxosSystem,
  paxosRegisterSystem,
  twoPhaseCommitSystem,
  dieHardSystem,
];
