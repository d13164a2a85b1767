/** Sequence Paxos with Ballot Leader Election, for the comparison under partial connectivity. */

import { ballotName } from '../kernels/ballot.ts';
import { omniPaxosStack, type Rules, type State, soundRules } from '../omni-paxos-stack/omni-paxos-stack.ts';
import { type Contender, contender } from './contender.ts';

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
    // The number of the round tells late answers, and there are none between steps.
    normal: (states) =>
      Object.fromEntries(
        Object.entries(states).map(([id, state]) => [id, { ...state, election: { ...state.election, round: 1 } }]),
      ),
  });
}

function leads({ paxos }: State): boolean {
  return paxos.role.name === 'leader' && paxos.role.phase === 'accept';
}
