/** What is checked of the stack: leaders that the election elects, and all that must hold of the log whoever elects them. */

import { increasingBallots, oneLeaderPerBallot } from '../../spec/leader-election.ts';
import type { Standing } from '../ballot-leader-election/ballot-leader-election.ts';
import { ballots, type Elected, electionHistory } from '../ballot-leader-election/system.ts';
import { always, type HistoryVariable, integer, type Snapshot, sometimes, system } from '../contract/index.ts';
import { compareBallots } from '../kernels/ballot.ts';
import { extended } from '../kernels/log.ts';
import { type History as LogHistory, sequenceHistory } from '../sequence-paxos/history.ts';
import { everythingDecided, type View as LogView, safety, viewOf } from '../sequence-paxos/properties.ts';
import { omniPaxosStack, type Rules, type State, soundRules } from './omni-paxos-stack.ts';
import { scenarios } from './scenarios.ts';

type History = LogHistory & Elected;

type View = LogView & Pick<Standing, 'elected'>;

type Seen = Snapshot<View, History>;

/** The histories of the parts, side by side. */
function stackHistory(nodes: number): HistoryVariable<State, History> {
  const log = sequenceHistory(nodes, ({ paxos }: State) => paxos);
  const election = electionHistory(({ election }: State) => election);
  return {
    initial: { ...log.initial, ...election.initial },
    observe(step) {
      const observed = { log: log.observe(step), election: election.observe(step) };
      return observed.log === null && observed.election === null ? null : observed;
    },
    next: ({ array, decided, elections, leaderships }, observed: { log: never | null; election: never | null }) => ({
      ...(observed.log === null ? { array, decided } : log.next({ array, decided }, observed.log)),
      ...(observed.election === null
        ? { elections, leaderships }
        : election.next({ elections, leaderships }, observed.election)),
    }),
  };
}

export const omniPaxosStackSystem = system({
  name: 'omni-paxos-stack',
  summary: 'Sequence Paxos led by Ballot Leader Election, in one process',
  parameters: {
    nodes: integer({ default: 3, min: 3, max: 5, help: 'processes' }),
    candidates: integer({
      default: 2,
      min: 1,
      max: 5,
      help: 'how many processes, the last ones, end heartbeat rounds',
    }),
    rounds: integer({ default: 1, min: 1, max: 5, help: 'how many heartbeat rounds each of them ends' }),
    commands: integer({ default: 1, min: 1, max: 5, help: 'commands, each given to another candidate in turn' }),
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
  mutants: {
    'own-command-first': {
      help: 'Sequence Paxos lets a new leader keep its own log, whatever has been promised to it.',
      rules: { paxos: { ...soundRules.paxos, adopt: () => undefined } },
      breaks: 'SC2 uniform agreement',
      parameters: { commands: 2 },
    },
    'sync-appends': {
      help: 'Sequence Paxos appends AcceptSync to the log instead of replacing its end.',
      rules: { paxos: { ...soundRules.paxos, synchronise: (log, _at, tail) => extended(log, tail) } },
      breaks: 'SC2 uniform agreement',
      parameters: { commands: 2 },
    },
    'no-prepare-req': {
      help: 'Sequence Paxos goes on after a lost session as if no message could have been lost.',
      rules: { paxos: { ...soundRules.paxos, asksAfterDrop: false } },
      breaks: 'SC2 uniform agreement',
      parameters: { candidates: 1, commands: 2, linkCuts: 1 },
    },
  },

  build({ nodes, candidates, rounds, commands, linkCuts, crashes }, rules: Rules) {
    const ids = Array.from({ length: nodes }, (_, index) => `n${index + 1}`);
    const electing = ids.slice(-candidates);
    const given = [...'abcde'].slice(0, commands).map((command, index) => ({
      command,
      leader: electing[index % electing.length] ?? 'n1',
    }));
    return {
      processes: ids.map((id) => ({ id, protocol: omniPaxosStack(rules) })),
      network: 'fifo',
      timers: { heartbeat: [100, 100] },
      environment: {
        requests: given.map(({ command, leader }) => ({ to: leader, request: { type: 'propose', command } })),
        timeouts: { heartbeat: Object.fromEntries(electing.map((id) => [id, rounds])) },
        linkCuts,
        crashes,
        recoveries: crashes,
      },
      view: ({ paxos, election }: State): View => ({ ...viewOf(paxos), elected: election.elected }),
      history: stackHistory(nodes),
      symmetry: electing.map((id) => given.filter(({ leader }) => leader === id).map(({ command }) => command)),
      properties: [
        ...safety(
          nodes,
          given.map(({ command }) => command),
        ),
        always('LE3 increasing ballots', ({ history }: Seen) => increasingBallots(history.elections, ballots)),
        always('one leader for each ballot', ({ history }: Seen) => oneLeaderPerBallot(history.leaderships, ballots)),
        sometimes('a command is decided', ({ history }: Seen) => Object.keys(history.decided).length > 0),
        sometimes('an elected process leads the log', ({ views }: Seen) =>
          Object.values(views).some(({ leads, elected, promised }) => leads && compareBallots(elected, promised) === 0),
        ),
        ...(candidates < 2
          ? []
          : [
              sometimes('a command is decided after a change of leader', ({ views, history }: Seen) =>
                Object.values(views).some(
                  ({ decided, acceptedRound }) =>
                    decided > 0 && [...history.array].some(({ round }) => compareBallots(round, acceptedRound) < 0),
                ),
              ),
            ]),
      ],
      quiescence: everythingDecided,
    };
  },
});
