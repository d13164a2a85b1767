/**
 * Raft: a replicated log with a strong leader.
 *
 * Source: Ongaro and Ousterhout, "In Search of an Understandable Consensus Algorithm" (2014), Figure 2 and sections 5 and
 * 8; the lecture on Paxos and Raft, slides 20 to 43. Handlers are in the order of Figure 2; quoted sentences are its own.
 * Files: `state.ts` (messages and state), `rules.ts` (what safety rests on), `terms.ts`, `election.ts`, `replication.ts`,
 * `sessions.ts` and `state-machine.ts` (clients), `refinements.ts` (pre-vote, check-quorum), `parallel-write.ts`.
 * Faults: crashes (with recovery from durable state), and messages lost, delayed, reordered and duplicated. A minority of
 * the servers may be down; no server lies.
 * Left out: changes of membership (section 6) and snapshots (section 7), and with them what they need; reads that do not
 * go through the log. The state machine is a parameter: a journal, whose operations give their place as result, is enough to
 * tell a lost, moved or repeated one; the key-value store is for use.
 * Differences: randomised timeouts are a choice: an election timer may fire whenever it is set. RPCs are messages; so an
 * answer says which entries it is about, for a leader may have sent others since. lastApplied is commitIndex, since what
 * commits is applied in the same step. A vote is refused only to tell a higher term. A leader's initial heartbeats go out
 * in the step that elects it.
 */

import { protocol } from '../contract/index.ts';
import { logOf } from '../kernels/log.ts';
import { campaign, requestVote, vote } from './election.ts';
import { durable, write } from './parallel-write.ts';
import { checkQuorum, preCampaign, preVote, requestPreVote } from './refinements.ts';
import { advanceCommit, appendEntries, appended, heartbeatTimeout } from './replication.ts';
import { execute } from './sessions.ts';
import { type Config, indications, messages, requests, responses, type State } from './state.ts';

export const raft = (config: Config) =>
  protocol({
    name: 'raft',
    version: 2,
    messages: messages(config.machine),
    requests: requests(config.machine),
    responses: responses(config.machine),
    indications: indications(config.machine),
    timers: config.options.parallelWrite ? ['election', 'heartbeat', 'write'] : ['election', 'heartbeat'],
    durable: config.options.parallelWrite ? durable(config) : config.rules.durable,

    init: ({ self }): State => ({
      currentTerm: latestTerm(config),
      votedFor: null,
      log: logOf(config.logs?.[self] ?? []),
      commitIndex: 0,
      role: { kind: 'follower', leader: null },
      machine: config.machine.specification.initial,
      sessions: new Map(),
    }),

    /** "When servers start up, they begin as followers." */
    start: (_state, { setTimer }) => setTimer('election'),
    recover: (_state, { setTimer }) => setTimer('election'),

    receive: {
      RequestVote: (state, message, process) => requestVote(state, message, process, config),
      Vote: (state, message, process) => vote(state, message, process, config),
      RequestPreVote: (state, message, process) => requestPreVote(state, message, process, config),
      PreVote: (state, message, process) => preVote(state, message, process, config),
      AppendEntries: (state, message, process) => appendEntries(state, message, process, config),
      Appended: (state, message, process) => appended(state, message, process, config),
    },

    timeout: {
      /** Followers and candidates: "if election timeout elapses: start new election". */
      election(state, process) {
        if (state.role.kind === 'leader') checkQuorum(state, process, config);
        else if (config.options.preVote) preCampaign(state, process, config);
        else campaign(state, process, config);
      },
      heartbeat: (state, process) => heartbeatTimeout(state, process, config),
      write(state, process) {
        write(state);
        advanceCommit(state, process, config);
      },
    },

    request: {
      execute: (state, request, process) => execute(state, request, process, config),
    },
  });

/** The highest term in the logs that servers are born with. */
function latestTerm({ logs = {} }: Config): number {
  return Math.max(0, ...Object.values(logs).flatMap((log) => log.map(({ term }) => term)));
}
