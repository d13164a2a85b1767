/**
 * Model to code: every distinct local transition of pinned instances, taken by real processes over real sockets. A small one
 * always; larger ones, and those with crashes and lost sessions, in `npm run check:full`.
 */

import { dirname, join } from 'node:path';
import { expect, test } from 'vitest';
import { type GlobalState, processSemantics } from '../../../explorer/semantics/processes.ts';
import { drive } from '../../../impl/conformance/driving/drive.ts';
import { localTransitions } from '../../../impl/conformance/driving/local-transitions.ts';
import { coveringSchedules, stepsOf } from '../../../impl/conformance/driving/schedules.ts';
import { canonical } from '../../../model/contract/data.ts';
import type { ProcessInstance } from '../../../model/contract/system.ts';
import type { TraceEvent } from '../../../model/contract/trace.ts';
import { builtInSystem } from '../../../model/registry.ts';
import { LAUNCHER } from '../../cli/program.ts';

const PROGRAM = join(dirname(LAUNCHER), '..', 'dist', 'impl', 'conformance', 'driving', 'driven-node.js');

type Values = Record<string, number | string | boolean>;

async function instanceOf(system: string, parameters: Values): Promise<ProcessInstance> {
  const instance = (await builtInSystem(system))?.build(parameters, null);
  if (instance?.kind !== 'processes') throw new Error(`${system} has no processes`);
  return instance;
}

/** System, parameters, global states (what properties see and remember left out), distinct local transitions. */
type Pinned = readonly [system: string, parameters: Values, states: number, known: number];

const small: Pinned = ['sequence-paxos', { rounds: 'n1:a' }, 134, 41];

const larger: readonly Pinned[] = [
  ['paxos', {}, 61739, 781],
  ['paxos', { proposers: 1 }, 116, 29],
  ['paxos', { nodes: 2, proposers: 1, crashes: 1, network: 'fifo' }, 121, 41],
  ['raft', {}, 349675, 1056],
  ['raft', { elections: 1 }, 529, 96],
  ['raft', { nodes: 2, elections: 1, commands: 0, crashes: 1, network: 'fifo' }, 140, 48],
  ['raft', { schedule: 'n1', clients: 'stay', retries: 1 }, 1685, 70],
  ['sequence-paxos', {}, 18926, 436],
  ['sequence-paxos', { nodes: 2, rounds: 'n1:a', linkCuts: 1 }, 238, 72],
  ['sequence-paxos', { nodes: 2, rounds: 'n1:a', crashes: 1 }, 377, 113],
];

const pinned = process.env.LOCKSTEP_FULL === '1' ? [small, ...larger] : [small];

test.each(pinned)('%s %o', { timeout: 1_800_000 }, async (system, parameters, states, known) => {
  const instance = await instanceOf(system, parameters);
  const found = await drive({ system, parameters, instance }, { program: PROGRAM });
  expect(found.divergence).toBeNull();
  expect(found).toMatchObject({ verdict: 'conforms', states, known, exercised: known });
});

test('nodes that run something else than the model are found out, with the events that show it', async () => {
  const parameters = { proposers: 1 };
  const instance = await instanceOf('paxos', parameters);
  const found = await drive(
    { system: 'paxos', parameters, instance },
    { program: PROGRAM, mutant: 'minority-promises' },
  );
  expect(found.verdict).toBe('diverges');
  expect(found.divergence?.events.at(-1)).toMatchObject({ type: 'request', process: 'n1' });
  expect(found.divergence?.message).toBe("the state of n1 is not the model's");
  expect(found.divergence?.differences.map(({ path }) => path)).toContain('state.attempt.phase');
});

/** The local transitions of an instance by plain means: every state visited, every process and event named by its text. */
function naiveTransitions(instance: ProcessInstance): Set<string> {
  const semantics = processSemantics(instance);
  const [initial] = semantics.initial();
  const queue = initial === undefined ? [] : [initial.state];
  const seen = new Set(queue.map(semantics.key));
  const names = new Set<string>();
  for (const state of queue) {
    for (const { event, state: next, beyond } of semantics.successors(state)) {
      if (beyond !== null) continue;
      names.add(nameOf(state, event));
      const key = semantics.key(next);
      if (!seen.has(key)) queue.push(next);
      seen.add(key);
    }
  }
  return names;
}

function nameOf({ processes }: GlobalState, event: TraceEvent): string {
  const isLocal = 'process' in event && !['lose', 'duplicate', 'cut', 'connect'].includes(event.type);
  return isLocal ? canonical([event, processes[event.process]]) : '';
}

test.each<[system: string, parameters: Values]>([
  ['raft', { elections: 1 }],
  ['raft', { nodes: 2, elections: 1, commands: 0, crashes: 1, network: 'fifo' }],
  ['sequence-paxos', { nodes: 2, rounds: 'n1:a', linkCuts: 1 }],
])('schedules of %s %o take every local transition there is', async (system, parameters) => {
  const instance = await instanceOf(system, parameters);
  const transitions = await localTransitions(instance);
  const schedules = coveringSchedules(transitions);
  const taken = new Set<string>(['']);
  for (const schedule of schedules) {
    let state = transitions.graph.configuration(transitions.initial) as GlobalState;
    for (const step of stepsOf(transitions, schedule)) {
      taken.add(nameOf(state, step.event));
      state = step.state;
    }
  }
  const known = naiveTransitions(instance).add('');
  expect(transitions.known).toBe(known.size - 1);
  expect(taken).toEqual(known);
  expect(schedules.length).toBeLessThan(known.size / 3);
});

test.each<[parameters: Values, why: RegExp]>([
  [{ network: 'set' }, /a set duplicates messages at will/],
  [{ crashes: 1 }, /drive crashes with network=fifo/],
])('an instance that sockets cannot play is refused: %o', async (parameters, why) => {
  const instance = await instanceOf('paxos', parameters);
  await expect(drive({ system: 'paxos', parameters, instance }, { program: PROGRAM })).rejects.toThrow(why);
});
