/** The built-in systems, in the order in which they are listed. A system is loaded when it is asked for. */

import type { System } from './contract/system.ts';

/** What loads the system of each name. */
const SYSTEMS: Readonly<Record<string, () => Promise<System>>> = {
  paxos: async () => (await import('./paxos/system.ts')).paxosSystem,
  'paxos-register': async () => (await import('./paxos-register/system.ts')).paxosRegisterSystem,
  'multi-paxos': async () => (await import('./multi-paxos/system.ts')).multiPaxosSystem,
  'multi-paxos-stable-leader': async () => (await import('./multi-paxos-stable-leader/system.ts')).stableLeaderSystem,
  'multi-paxos-impose-only': async () => (await import('./multi-paxos-impose-only/system.ts')).imposeOnlySystem,
  'multi-paxos-corrupted-disk': async () =>
    (await import('./multi-paxos-corrupted-disk/system.ts')).corruptedDiskSystem,
  zab: async () => (await import('./zab/system.ts')).zabSystem,
  raft: async () => (await import('./raft/system.ts')).raftSystem,
  'sequence-paxos': async () => (await import('./sequence-paxos/system.ts')).sequencePaxosSystem,
  'ballot-leader-election': async () => (await import('./ballot-leader-election/system.ts')).ballotLeaderElectionSystem,
  'ballot-leader-election-topologies': async () =>
    (await import('./ballot-leader-election-topologies/system.ts')).topologiesSystem,
  'omni-paxos-stack': async () => (await import('./omni-paxos-stack/system.ts')).omniPaxosStackSystem,
  'omni-paxos-service': async () => (await import('./omni-paxos-service/system.ts')).omniPaxosServiceSystem,
  'two-phase-commit': async () => (await import('./two-phase-commit/system.ts')).twoPhaseCommitSystem,
  'two-phase-commit-message-set': async () =>
    (await import('./two-phase-commit-message-set/two-phase-commit-message-set.ts')).twoPhaseCommitMessageSetSystem,
  'paxos-message-set': async () => (await import('./paxos-message-set/paxos-message-set.ts')).paxosMessageSetSystem,
  'paxos-commit': async () => (await import('./paxos-commit/system.ts')).paxosCommitSystem,
  'wait-for-all': async () => (await import('./wait-for-all/system.ts')).waitForAllSystem,
  'first-answers': async () => (await import('./first-answers/system.ts')).firstAnswersSystem,
  'leader-takeover': async () => (await import('./leader-takeover/system.ts')).leaderTakeoverSystem,
  'rotating-coordinator': async () => (await import('./rotating-coordinator/system.ts')).rotatingCoordinatorSystem,
  'dueling-proposers': async () => (await import('./dueling-proposers/system.ts')).duelingProposersSystem,
  'eventual-leader': async () => (await import('./eventual-leader/system.ts')).eventualLeaderSystem,
  'ben-or': async () => (await import('./ben-or/system.ts')).benOrSystem,
  'die-hard': async () => (await import('./die-hard/die-hard.ts')).dieHardSystem,
  'sliding-tiles': async () => (await import('./sliding-tiles/sliding-tiles.ts')).slidingTilesSystem,
};

export const builtInNames: readonly string[] = Object.keys(SYSTEMS);

/** Loads the built-in system of this name, and no other; undefined when there is none. */
export async function builtInSystem(name: string): Promise<System | undefined> {
  return Object.hasOwn(SYSTEMS, name) ? SYSTEMS[name]?.() : undefined;
}

/** Loads all of them: for lists of what there is, documents, and tests. */
export async function builtInSystems(): Promise<readonly System[]> {
  return Promise.all(Object.values(SYSTEMS).map((load) => load()));
}
