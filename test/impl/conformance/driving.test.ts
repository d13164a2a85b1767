/**
 * Model to code: every distinct local transition of pinned instances, taken by real processes over real sockets. A small one
 * always; larger ones, and those with crashes and lost sessions, in `npm run check:full`.
 */

import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { drive } from '../../../impl/conformance/driving/drive.ts';
import { coveringSchedules } from '../../../impl/conformance/driving/local-transitions.ts';
import type { ProcessInstance } from '../../../model/contract/system.ts';
import { builtInSystem } from '../../../model/registry.ts';
import { LAUNCHER } from '../../cli/program.ts';

const PROGRAM = join(dirname(LAUNCHER), '..', 'dist', 'impl', 'conformance', 'driving', 'driven-node.js');

type Values = Record<string, number | string | boolean>;

function instanceOf(system: string, parameters: Values): ProcessInstance {
  const instance = builtInSystem(system)?.build(parameters, null);
  if (instance?.kind !== 'processes') throw new Error(`${system} has no processes`);
  return instance;
}

/** System, parameters, global states, distinct local transitions. */
type Pinned = readonly [system: string, parameters: Values, states: number, known: number];

const small: Pinned = ['sequence-paxos', { rounds: 'n1:a' }, 134, 41];

const larger: readonly Pinned[] = [
  ['paxos', { proposers: 1 }, 116, 29],
  ['paxos', { nodes: 2, proposers: 1, crashes: 1, network: 'fifo' }, 121, 41],
  ['raft', { elections: 1 }, 529, 96],
  ['raft', { nodes: 2, elections: 1, commands: 0, crashes: 1, network: 'fifo' }, 152, 48],
  ['raft', { schedule: 'n1', clients: 'stay', retries: 1 }, 1685, 70],
  ['sequence-paxos', {}, 29841, 436],
  ['sequence-paxos', { nodes: 2, rounds: 'n1:a', linkCuts: 1 }, 238, 72],
  ['sequence-paxos', { nodes: 2, rounds: 'n1:a', crashes: 1 }, 377, 113],
];

const pinned = process.env.LOCKSTEP_FULL === '1' ? [small, ...larger] : [small];

test.each(pinned)('%s %o', { timeout: 1_800_000 }, async (system, parameters, states, known) => {
  const instance = instanceOf(system, parameters);
  const found = await drive({ system, parameters, instance }, { program: PROGRAM });
  expect(found.divergence).toBeNull();
  expect(found).toMatchObject({ verdict: 'conforms', states, known, exercised: known });
});

test('nodes that run something else than the model are found out, with the events that show it', async () => {
  const parameters = { proposers: 1 };
  const instance = instanceOf('paxos', parameters);
  const found = await drive(
    { system: 'paxos', parameters, instance },
    { program: PROGRAM, mutant: 'minority-promises' },
  );
  expect(found.verdict).toBe('diverges');
  expect(found.divergence?.events.at(-1)).toMatchObject({ type: 'request', process: 'n1' });
  expect(found.divergence?.message).toBe("the state of n1 is not the model's");
  expect(found.divergence?.differences.map(({ path }) => path)).toContain('state.attempt.phase');
});

test('schedules begin at the initial state and cover what there is', () => {
  const instance = instanceOf('raft', { elections: 1 });
  const { known, schedules, transitionOf } = coveringSchedules(instance);
  const taken = new Set<string>();
  for (const { initial, steps } of schedules) {
    let state = initial;
    for (const step of steps) {
      const name = transitionOf(state, step.event);
      if (name !== null) taken.add(name);
      state = step.state;
    }
  }
  expect(taken.size).toBe(known);
  expect(schedules.length).toBeLessThan(known / 3);
});

test.each<[parameters: Values, why: RegExp]>([
  [{ network: 'set' }, /a set duplicates messages at will/],
  [{ crashes: 1 }, /drive crashes with network=fifo/],
])('an instance that sockets cannot play is refused: %o', async (parameters, why) => {
  const instance = instanceOf('paxos', parameters);
  await expect(drive({ system: 'paxos', parameters, instance }, { program: PROGRAM })).rejects.toThrow(why);
});
