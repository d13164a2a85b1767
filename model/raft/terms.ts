/** Terms and roles: what all servers do (Figure 2, "Rules for Servers"; section 5.1; lecture, slides 25 and 42). */

import { type Draft, type ProcessId, undrafted } from '../contract/index.ts';
import type { Leading, Role, Self, State } from './state.ts';

/** All servers: a higher term, in whatever message, is adopted; a candidate or leader of an earlier one steps down. */
export function heedTerm(state: Draft<State>, term: number, process: Self): void {
  if (term <= state.currentTerm) return;
  state.currentTerm = term;
  state.votedFor = null;
  stepDown(state, null, process);
}

/** Becomes a follower. A leader has no election timeout to wait for, so that it begins one. */
export function stepDown(state: Draft<State>, leader: ProcessId | null, { setTimer, cancelTimer }: Self): void {
  const role = undrafted(state, 'role');
  if (role.kind === 'leader') {
    cancelTimer('heartbeat');
    if (role.written !== undefined) cancelTimer('write');
    setTimer('election');
  }
  if (role.kind !== 'follower' || role.leader !== leader) become(state, { kind: 'follower', leader });
}

/** From now on the server is this. */
export function become(state: Draft<State>, role: Role): void {
  state.role = role as Draft<Role>;
}

/** What the server knows as a leader; null when it does not lead. */
export function leading(state: Draft<State>): Leading | null {
  const role = undrafted(state, 'role');
  return role.kind === 'leader' ? role : null;
}

/** The leader that this server knows of, which may be itself. */
export function knownLeader(state: State | Draft<State>, self: ProcessId): ProcessId | null {
  const role = undrafted(state, 'role');
  switch (role.kind) {
    case 'leader':
      return self;
    case 'follower':
      return role.leader;
    default:
      return null;
  }
}
