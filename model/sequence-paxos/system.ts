/** What is checked of Sequence Paxos: changing leaders, lost sessions, crashes. */

import { choice, integer, system } from '../contract/index.ts';
import { sequenceHistory } from './history.ts';
import { sequenceMonitors } from './monitors.ts';
import { mutants } from './mutants.ts';
import { everythingDecided, safety, viewOf, witnesses } from './properties.ts';
import { scenarios } from './scenarios.ts';
import { type Rules, type State, sequencePaxos, soundRules } from './sequence-paxos.ts';
import { commandsOf, interchangeableIn, parseWorkload, requestsOf } from './workload.ts';

const ROUNDS = [
  'n1:a',
  'n1:ab',
  'n1:a n2:b',
  'n1:ab n2:c',
  'n1:a n2:b n1',
  'n1:a n2:b n3',
  'n1:ab n2:c n1',
  'n1:a n2:b n1:c n2',
] as const;

export const sequencePaxosSystem = system({
  name: 'sequence-paxos',
  summary: 'Sequence Paxos: a replicated log under changing leaders, lost sessions and crashes',
  parameters: {
    nodes: integer({ default: 3, min: 2, max: 5, help: 'processes' }),
    rounds: choice({
      default: 'n1:a n2:b',
      options: ROUNDS,
      help: 'who leads in each round, and the commands that a client gives it',
    }),
    linkCuts: integer({
      default: 0,
      min: 0,
      max: 3,
      help: 'how many sessions are lost; each may be followed by another',
    }),
    crashes: integer({ default: 0, min: 0, max: 3, help: 'how many crashes; each may be followed by a recovery' }),
  },
  rules: soundRules,
  scenarios,
  mutants,

  build({ nodes, rounds, linkCuts, crashes }, rules: Rules) {
    const ids = Array.from({ length: nodes }, (_, index) => `n${index + 1}`);
    const workload = parseWorkload(rounds);
    return {
      processes: ids.map((id) => ({ id, protocol: sequencePaxos(rules) })),
      network: 'fifo',
      environment: { requests: requestsOf(workload), linkCuts, crashes, recoveries: crashes },
      view: viewOf,
      history: sequenceHistory(nodes, (state: State) => state),
      symmetry: interchangeableIn(workload, ids),
      properties: [...safety(nodes, commandsOf(workload)), ...witnesses(nodes, workload, linkCuts)],
      monitors: sequenceMonitors(nodes, (state: State) => state),
      quiescence: everythingDecided,
    };
  },
});
