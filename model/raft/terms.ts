/** Terms and roles: what all servers do (Figure 2, "Rules for Servers"; section 5.1; lecture, slides 25 and 42). */

import type { Draft, ProcessId } from '../contract/index.ts';
import type { Self, State } from './state.ts';

/** All servers: a higher term, in whatever message, is adopted; a candidate or leader of an earlier one steps down. */
export function heedTerm(state: Draft<State>, term: number, process: Self): void {
  if (term <= state.currentTerm) return;
  state.currentTerm = term;
  state.votedFor = null;
  stepDown(state, null, process);
}

/** Becomes a follower. A leader has no election timeout to wait for, so that it begins one. */
export function stepDown(state: Draft<State>, leader: ProcessId | null, { setTimer, cancelTimer }: Self): void {
  if (state.role.kind === 'leader') {
    cancelTimer('heartbeat');
    setTimer('election');
  }
  state.role = { kind: 'follower', leader };
}

/** The leader that this server knows of, which may be itself. */
export function knownLeader(state: State | Draft<State>, self: ProcessId): ProcessId | null {
  switch (state.role.kind) {
    case 'leader':
      return self;
    case 'follower':
      return state.role.leader;
    default:
      return null;
  }
}
