/** Clients: redirection to the leader, and requests that may come more than once (section 8; lecture, slide 43). */

import { valueAt } from '../../spec/hash-trie.ts';
import { type Draft, undrafted } from '../contract/index.ts';
import { entriesOf, type Log } from '../kernels/log.ts';
import { append } from './parallel-write.ts';
import { replicateToAll } from './replication.ts';
import type { Command, Config, Entry, Self, State } from './state.ts';
import { answer } from './state-machine.ts';
import { knownLeader } from './terms.ts';

/**
 * Leaders: "if command received from client: append entry to local log, respond after entry applied to state machine". A
 * follower redirects; who knows no leader is silent, and the client asks somebody else.
 */
export function execute(
  state: Draft<State>,
  { seq, op }: Omit<Command, 'client'>,
  process: Self & { readonly client: string },
  config: Config,
): void {
  const { client, self, respond } = process;
  const leader = knownLeader(state, self);
  if (leader === null) return;
  if (leader !== self) return respond(client, { type: 'redirect', seq, leader });
  const session = valueAt(undrafted(state, 'sessions'), client);
  if (!config.rules.isNew(session, seq)) return answer(session, client, seq, process);
  const log = undrafted(state, 'log');
  if (config.options.scanLog && isLogged(log, client, seq)) return;
  const entry: Entry = { term: state.currentTerm, command: { client, seq, op } };
  append(state, entry, process, config);
  replicateToAll(state, process, config);
}

function isLogged(log: Log<Entry>, client: string, seq: number): boolean {
  return entriesOf(log).some(({ command }) => command?.client === client && command.seq === seq);
}
