/**
 * What `--reduction` leaves out, and what that is worth in time: checks with and without it take turns, each in a process of
 * its own, on one thread; the median ratio is the figure. Beside it, for graphs that are not too large, what is the most that
 * a reduction by ample sets could do ({@link ampleBound}). `npm run bench:reduction [-- --keep]` writes
 * out/bench-reduction.json, and with `--keep` docs/measured/reduction.json, from which docs/reduction.md is made.
 */

import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { exploreWithEngine } from '../explorer/engine/engine.ts';
import { buildGraph } from '../explorer/graph/build.ts';
import type { Instance } from '../model/contract/system.ts';
import { builtInSystem } from '../model/registry.ts';
import { type AmpleBound, ampleBound } from './ample-bound.ts';
import { keep } from './keep.ts';
import { machine } from './machine.ts';
import { median } from './median.ts';

const INSTANCES: readonly (readonly string[])[] = [
  ['two-phase-commit', 'rms=6'],
  ['paxos'],
  ['paxos', 'network=set'],
  ['paxos', 'retries=1'],
  ['paxos-register', 'clients=3'],
  ['multi-paxos'],
  ['zab'],
  ['raft'],
  ['sequence-paxos'],
  ['ballot-leader-election'],
  ['omni-paxos-stack'],
];
const ROUNDS = 3;
/** Larger graphs take too much memory for the bound. */
const BOUNDED_BELOW = 400_000;

interface Measured {
  readonly distinct: number;
  readonly generated: number;
  readonly skipped: number;
  readonly elapsedMs: number;
}

async function instanceOf([name = '', ...settings]: readonly string[]): Promise<Instance> {
  const system = await builtInSystem(name);
  if (system === undefined) throw new Error(`no system '${name}'`);
  return system.build(Object.fromEntries(settings.map((setting) => setting.split('=') as [string, string])), null);
}

async function answer(what: string, instance: Instance): Promise<Measured | AmpleBound> {
  if (what === 'bound') return ampleBound(await buildGraph(instance));
  const { distinct, generated, skipped, elapsedMs } = await exploreWithEngine(instance, {
    reduction: what === 'reduced',
  });
  return { distinct, generated, skipped, elapsedMs };
}

function ask<T>(what: string, instance: readonly string[]): T {
  const script = fileURLToPath(import.meta.url);
  return JSON.parse(execFileSync(process.execPath, [script, what, ...instance], { encoding: 'utf8' })) as T;
}

function measure(instance: readonly string[]) {
  const rounds = Array.from({ length: ROUNDS }, () => {
    const whole = ask<Measured>('whole', instance);
    const reduced = ask<Measured>('reduced', instance);
    return { reduced, speedup: whole.elapsedMs / reduced.elapsedMs };
  });
  const { distinct, generated, skipped } = (rounds[0] as (typeof rounds)[number]).reduced;
  const bound = distinct < BOUNDED_BELOW ? ask<AmpleBound>('bound', instance) : null;
  const speedup = median(rounds.map((round) => round.speedup));
  return { instance: instance.join(' '), distinct, generated, followed: generated - skipped, speedup, bound };
}

const [what, ...instance] = process.argv.slice(2);
if (what !== undefined && what !== '--keep') {
  console.log(JSON.stringify(await answer(what, await instanceOf(instance))));
} else {
  const instances = INSTANCES.map(measure);
  console.table(
    instances.map(({ instance: name, distinct, generated, followed, speedup, bound }) => ({
      instance: name,
      'followed of all': (followed / generated).toFixed(2),
      'transitions a state': (generated / distinct).toFixed(2),
      'followed a state': (followed / distinct).toFixed(2),
      speedup: speedup.toFixed(2),
      'ample sets, states left at least': bound === null ? '' : (bound.forProperties / distinct).toFixed(2),
    })),
  );
  keep('reduction', { machine: machine(), rounds: ROUNDS, instances });
}
