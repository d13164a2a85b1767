/**
 * The replicated state machine and its clients' sessions, which make sure that an operation is executed exactly once however
 * often it is in the log (section 8; Ongaro's thesis, section 6.3).
 */

import { type HashTrie, valueAt, withValue } from '../../spec/hash-trie.ts';
import { type Draft, freeze, snapshot, undrafted } from '../contract/index.ts';
import type { Config, Entry, Self, Session, State } from './state.ts';
import { leading } from './terms.ts';

/**
 * The state machine takes the entries behind index `after`, in order. One that its client's session has seen is not
 * executed again.
 */
export function apply(
  state: Draft<State>,
  after: number,
  entries: readonly Entry[],
  process: Self,
  { rules, machine: { specification } }: Config,
): void {
  let machine = undrafted(state, 'machine');
  let sessions: HashTrie<Session> = undrafted(state, 'sessions');
  const leads = leading(state) !== null;
  for (const [at, entry] of entries.entries()) {
    process.indicate({ type: 'apply', index: after + 1 + at, entry });
    if (entry.command === null) continue;
    const { client, seq, op } = entry.command;
    if (rules.isNew(valueAt(sessions, client), seq)) {
      const executed = specification.apply(machine, op);
      machine = executed.state;
      sessions = withValue(sessions, client, snapshot({ seq, result: executed.result }) as Session);
    }
    if (leads) answer(valueAt(sessions, client), client, seq, process);
  }
  // Frozen here, so that the end of the step need not look for drafts in what may be large.
  state.machine = freeze(machine, true);
  state.sessions = freeze(sessions, true) as Draft<State>['sessions'];
}

/** The result as the session keeps it; nothing for an operation that its client has gone beyond. */
export function answer(session: Session | undefined, client: string, seq: number, { respond }: Self): void {
  if (session?.seq === seq) respond(client, { type: 'executed', seq, result: session.result });
}
