/**
 * The replicated state machine and its clients' sessions, which make sure that an operation is executed exactly once however
 * often it is in the log (section 8; Ongaro's thesis, section 6.3).
 */

import type { Draft } from '../contract/index.ts';
import type { Config, Entry, Self, State } from './state.ts';

/** The state machine takes an entry. One that its client's session has seen is not executed again. */
export function apply(state: Draft<State>, index: number, entry: Entry, process: Self, config: Config): void {
  process.indicate({ type: 'apply', index, entry });
  if (entry.command === null) return;
  const { client, seq, op } = entry.command;
  if (config.rules.isNew(state.sessions[client], seq)) {
    const executed = config.machine.specification.apply(state.machine, op);
    state.machine = executed.state;
    state.sessions[client] = { seq, result: executed.result };
  }
  if (state.role.kind === 'leader') answer(state, client, seq, process);
}

/** The result as the session keeps it; nothing for an operation that its client has gone beyond. */
export function answer({ sessions }: Draft<State>, client: string, seq: number, { respond }: Self): void {
  const session = sessions[client];
  if (session?.seq === seq) respond(client, { type: 'executed', seq, result: session.result });
}
