/**
 * Paxos with duelling proposers: safe and never blocked, and the duel may go on for ever. To `lockstep flp` only the order
 * of the ballots matters, so that the duel without end is a cycle in a finite graph.
 */

import { inputs, integer, system } from '../contract/index.ts';
import { agreementHolds, consensusOn, inputsOf, someoneDecides, validityHolds } from '../kernels/binary-consensus.ts';
import { duelingProposer, isLate, type State, soundRules } from './dueling-proposers.ts';

/** Three processes: those that propose, and acceptors besides. */
const PROCESSES = ['n1', 'n2', 'n3'];

export const duelingProposersSystem = system({
  name: 'dueling-proposers',
  summary: 'Paxos whose refused proposers go on outbidding each other: safe and never blocked, and it may not end',
  parameters: {
    inputs: inputs({ default: '01', min: 1, max: 3, help: 'what each of the proposers proposes, n1 first' }),
    retries: integer({ default: 0, min: 0, max: 9, help: 'check: how often refused proposers try again, in all' }),
    held: integer({ default: 4, min: 1, max: 9, help: 'flp: the most messages that are held back at once' }),
    ballots: integer({ default: 2, min: 1, max: 9, help: 'flp: the most rounds of which anything is left at once' }),
    crashes: integer({ default: 0, min: 0, max: 1, help: 'how many crashes, in all' }),
  },
  rules: soundRules,
  mutants: {
    'ignore-promise': {
      help: 'The acceptor accepts below its promise.',
      rules: { mayAccept: () => true },
      breaks: 'agreement',
    },
    'own-value': {
      help: 'The proposer prefers its own value to one that may have been chosen.',
      rules: { choose: (_vote, own) => own },
      breaks: 'agreement',
    },
    'one-vote': {
      help: 'A single promise or vote is enough.',
      rules: { quorum: () => 1 },
      breaks: 'agreement',
    },
  },
  build({ inputs, retries, held, ballots, crashes }, rules) {
    const proposed = inputsOf(inputs);
    return {
      processes: PROCESSES.map((id) => ({ id, protocol: duelingProposer(proposed[id] ?? null, rules) })),
      network: 'bag',
      environment: { timeouts: { prepare: inputs.length + retries }, crashes },
      view: ({ decided }: State) => ({ decided }),
      properties: [agreementHolds, validityHolds(proposed), someoneDecides],
      consensus: {
        ...consensusOn(proposed),
        ordered: { fields: ['round'], modulus: 1 },
        isLate,
        bounds: {
          inFlight: held,
          local: { [`at most ${ballots} rounds at once`]: ({ promised }: State) => (promised?.round ?? 0) <= ballots },
        },
        timeouts: Number.POSITIVE_INFINITY,
      },
    };
  },
});
