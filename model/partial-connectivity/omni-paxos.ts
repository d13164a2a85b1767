/** Sequence Paxos with Ballot Leader Election, for the comparison under partial connectivity. */

import type { ProcessId } from '../contract/index.ts';
import { type Ballot, ballotName } from '../kernels/ballot.ts';
import { omniPaxosStack, type Rules, type State, soundRules } from '../omni-paxos-stack/omni-paxos-stack.ts';
import { type Contender, contender } from './contender.ts';
import { closedGaps } from './gaps.ts';

export function omniPaxos(
  name: string,
  help: string,
  rules: Rules = soundRules,
  waits: Contender['waits'] = 'equal',
): Contender {
  return contender<State>({
    name,
    help,
    protocol: omniPaxosStack(rules),
    waits,
    // A process ends its heartbeat round when it has waited for answers: nothing is more frequent than that.
    heartbeats: [],
    request: (command) => ({ type: 'propose', command }),
    isDecided: (indication, command) =>
      indication.type === 'decide' && 'command' in indication && indication.command === command,
    leads,
    describe: ({ election, paxos }) =>
      [
        leads({ election, paxos })
          ? `leads at ${ballotName(paxos.promised)}`
          : `promised ${ballotName(paxos.promised)}`,
        `elected ${ballotName(election.elected)}`,
        ...(election.quorumConnected ? [] : ['without majority']),
      ].join(', '),
    normal: withSmallBallots,
  });
}

function leads({ paxos }: State): boolean {
  return paxos.role.name === 'leader' && paxos.role.phase === 'accept';
}

/**
 * Ballots are compared, and bids count up by one: see `gaps.ts`. The number of a heartbeat round tells late answers, and
 * there are none between steps.
 */
function withSmallBallots(states: Readonly<Record<ProcessId, State>>): Readonly<Record<ProcessId, State>> {
  const rounds: number[] = [];
  mapBallots(states, (ballot) => {
    rounds.push(ballot.round);
    return ballot;
  });
  const small = closedGaps(rounds);
  const narrowed = mapBallots(states, ({ round, proposer }) => ({ round: small(round), proposer }));
  return Object.fromEntries(
    Object.entries(narrowed as typeof states).map(([id, state]) => [
      id,
      { ...state, election: { ...state.election, round: 1 } },
    ]),
  );
}

/** The value with each ballot in it replaced, however deep. */
function mapBallots(value: unknown, replaced: (ballot: Ballot) => Ballot): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map((item) => mapBallots(item, replaced));
  if ('proposer' in value) return replaced(value as Ballot);
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, mapBallots(item, replaced)]));
}
