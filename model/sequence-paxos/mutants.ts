/** The rules of Sequence Paxos, broken one at a time. */

import type { Mutant } from '../contract/index.ts';
import { compareBallots } from '../kernels/ballot.ts';
import { extended } from '../kernels/log.ts';
import { majority } from '../kernels/quorum.ts';
import type { Promised, Rules } from './sequence-paxos.ts';

export const mutants = {
  'no-prepare-req': {
    help: 'After a lost session, leader and follower go on as if no message could have been lost.',
    rules: { asksAfterDrop: false },
    breaks: 'SC2 uniform agreement',
    parameters: { rounds: 'n1:ab', linkCuts: 1 },
  },
  'sync-appends': {
    help: 'AcceptSync is appended to the log instead of replacing its end.',
    rules: { synchronise: (log, _at, tail) => extended(log, tail) },
    breaks: 'SC2 uniform agreement',
  },
  'max-round-only': {
    help: 'The new leader adopts a sequence of the highest round, but the shortest of them.',
    rules: { adopt: (promises) => first(promises, (a, b) => byRound(b, a) || byLength(a, b)) },
    breaks: 'SC2 uniform agreement',
  },
  'longest-log': {
    help: 'The new leader adopts the longest sequence; the round matters only among equally long ones.',
    rules: { adopt: (promises) => first(promises, (a, b) => byLength(b, a) || byRound(b, a)) },
    breaks: 'SC2 uniform agreement',
    parameters: { rounds: 'n1:ab n2:c n1' },
  },
  'leader-keeps-na': {
    help: 'The new leader keeps the round in which it had accepted its old log.',
    rules: { leaderAccepts: (accepted) => accepted },
    breaks: 'SC2 uniform agreement',
  },
  'follower-keeps-na': {
    help: 'A follower that is brought in step keeps the round in which it had accepted its old log.',
    rules: { followerAccepts: (accepted) => accepted },
    breaks: 'SC2 uniform agreement',
    parameters: { rounds: 'n1:a n2:b n3' },
  },
  'promise-below': {
    help: 'A follower promises a lower ballot than it has promised before.',
    rules: { mayPromise: () => true },
    breaks: 'SC2 uniform agreement',
  },
  'follow-any-round': {
    help: 'A follower in step with the new leader still hears the old one.',
    rules: { mayFollow: () => true },
    breaks: 'SC2 uniform agreement',
  },
  'minority-promises': {
    help: 'One promise less than a majority ends the prepare phase.',
    rules: { promisesNeeded: (n) => majority(n) - 1 },
    breaks: 'SC2 uniform agreement',
  },
  'minority-accepted': {
    help: 'One process less than a majority chooses a sequence.',
    rules: { acceptedNeeded: (n) => majority(n) - 1 },
    breaks: 'SC2 uniform agreement',
  },
  'late-promise-ignored': {
    help: 'Only those of the first majority of promises are brought in step.',
    rules: { syncsLatePromise: false },
    breaks: 'quiescence',
    parameters: { rounds: 'n1:a' },
  },
  'volatile-nprom': {
    help: 'A process forgets its promise in a crash.',
    rules: { durable: ['acceptedRound', 'log', 'decided'] },
    breaks: 'SC2 uniform agreement',
    parameters: { crashes: 1 },
  },
  'volatile-na': {
    help: 'A process forgets in a crash in which round it has accepted its log.',
    rules: { durable: ['promised', 'log', 'decided'] },
    breaks: 'SC2 uniform agreement',
    parameters: { crashes: 1 },
  },
  'volatile-va': {
    help: 'A process forgets its log in a crash.',
    rules: { durable: ['promised', 'acceptedRound', 'decided'] },
    breaks: 'SC3 integrity',
    parameters: { rounds: 'n1:a', crashes: 1 },
  },
  'volatile-ld': {
    help: 'A process forgets in a crash how much of its log it has told its user.',
    rules: { durable: ['promised', 'acceptedRound', 'log'] },
    breaks: 'SC3 integrity',
    parameters: { rounds: 'n1:a', crashes: 1 },
  },
} as const satisfies Readonly<
  Record<string, Mutant<Rules, { nodes: number; rounds: string; linkCuts: number; crashes: number }>>
>;

type Order = (a: Promised, b: Promised) => number;

const byRound: Order = (a, b) => compareBallots(a.acceptedRound, b.acceptedRound);
const byLength: Order = (a, b) => a.suffix.length - b.suffix.length;

function first(promises: readonly Promised[], order: Order): Promised | undefined {
  return promises.toSorted(order)[0];
}
