/** The built-in systems, in the order in which they are listed. */

import { ballotLeaderElectionSystem } from './ballot-leader-election/system.ts';
import { topologiesSystem } from './ballot-leader-election-topologies/system.ts';
import { benOrSystem } from './ben-or/system.ts';
import type { System } from './contract/system.ts';
import { dieHardSystem } from './die-hard/die-hard.ts';
import { duelingProposersSystem } from './dueling-proposers/system.ts';
import { eventualLeaderSystem } from './eventual-leader/system.ts';
import { firstAnswersSystem } from './first-answers/system.ts';
import { leaderTakeoverSystem } from './leader-takeover/system.ts';
import { multiPaxosSystem } from './multi-paxos/system.ts';
import { corruptedDiskSystem } from './multi-paxos-corrupted-disk/system.ts';
import { imposeOnlySystem } from './multi-paxos-impose-only/system.ts';
import { stableLeaderSystem } from './multi-paxos-stable-leader/system.ts';
import { omniPaxosServiceSystem } from './omni-paxos-service/system.ts';
import { omniPaxosStackSystem } from './omni-paxos-stack/system.ts';
import { paxosSystem } from './paxos/system.ts';
import { paxosCommitSystem } from './paxos-commit/system.ts';
import { paxosMessageSetSystem } from './paxos-message-set/paxos-message-set.ts';
import { paxosRegisterSystem } from './paxos-register/system.ts';
import { raftSystem } from './raft/system.ts';
import { rotatingCoordinatorSystem } from './rotating-coordinator/system.ts';
import { sequencePaxosSystem } from './sequence-paxos/system.ts';
import { slidingTilesSystem } from './sliding-tiles/sliding-tiles.ts';
import { twoPhaseCommitSystem } from './two-phase-commit/system.ts';
import { twoPhaseCommitMessageSetSystem } from './two-phase-commit-message-set/two-phase-commit-message-set.ts';
import { waitForAllSystem } from './wait-for-all/system.ts';
import { zabSystem } from './zab/system.ts';

export const builtInSystems: readonly System[] = [
  paxosSystem,
  paxosRegisterSystem,
  multiPaxosSystem,
  stableLeaderSystem,
  imposeOnlySystem,
  corruptedDiskSystem,
  zabSystem,
  raftSystem,
  sequencePaxosSystem,
  ballotLeaderElectionSystem,
  topologiesSystem,
  omniPaxosStackSystem,
  omniPaxosServiceSystem,
  twoPhaseCommitSystem,
  twoPhaseCommitMessageSetSystem,
  paxosMessageSetSystem,
  paxosCommitSystem,
  waitForAllSystem,
  firstAnswersSystem,
  leaderTakeoverSystem,
  rotatingCoordinatorSystem,
  duelingProposersSystem,
  eventualLeaderSystem,
  benOrSystem,
  dieHardSystem,
  slidingTilesSystem,
];

/** The built-in system of this name. */
export function builtInSystem(name: string): System | undefined {
  return builtInSystems.find((system) => system.name === name);
}
