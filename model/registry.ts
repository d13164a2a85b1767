/** The built-in systems, in the order in which they are listed. */

import { ballotLeaderElectionSystem } from './ballot-leader-election/system.ts';
import { topologiesSystem } from './ballot-leader-election-topologies/system.ts';
import type { System } from './contract/system.ts';
import { dieHardSystem } from './die-hard/die-hard.ts';
import { omniPaxosStackSystem } from './omni-paxos-stack/system.ts';
import { paxosSystem } from './paxos/system.ts';
import { paxosRegisterSystem } from './paxos-register/system.ts';
import { raftSystem } from './raft/system.ts';
import { sequencePaxosSystem } from './sequence-paxos/system.ts';
import { twoPhaseCommitSystem } from './two-phase-commit/system.ts';

export const builtInSystems: readonly System[] = [
  paxosSystem,
  paxosRegisterSystem,
  raftSystem,
  sequencePaxosSystem,
  ballotLeaderElectionSystem,
  topologiesSystem,
  omniPaxosStackSystem,
  twoPhaseCommitSystem,
  dieHardSystem,
];
