/**
 * `npm run bench`: how much faster than real time the simulated cluster runs: a cluster of Raft that has nothing to do, and one
 * under clients and a nemesis, whose steps are recorded or not. The three take turns; medians are the figures. Prints a
 * table; writes out/bench-simulation.json.
 */

import { mkdirSync, writeFileSync } from 'node:fs';
import { processesOf } from '../impl/conformance/conform.ts';
import type { Recorder } from '../impl/node/ports.ts';
import { replicatedLogs } from '../impl/service/replicated-log.ts';
import { Random } from '../impl/torture/random.ts';
import { SimulatedCluster } from '../impl/torture/simulation/cluster.ts';
import { soak } from '../impl/torture/simulation/simulate.ts';
import { VirtualTime } from '../impl/torture/simulation/virtual-time.ts';
import { printStep } from '../model/contract/recording.ts';
import { effectiveParameters } from '../model/contract/system.ts';
import { raftSystem } from '../model/raft/system.ts';
import { ROOT } from '../scripts/manifest.ts';
import { median } from './median.ts';

const ROUNDS = 5;
const CLIENTS = 4;
/** Of virtual time: what is idle takes less real time. */
const IDLE_SECONDS = 200;
const BUSY_SECONDS = 40;

const log = replicatedLogs.raft;
if (log === undefined) throw new Error('raft replicates no log');
const parameters = effectiveParameters(raftSystem, log.parameters, null);
const instance = raftSystem.build(parameters, null);
processesOf('raft', instance);
const origin = { cluster: 'bench', system: 'raft', parameters, mutant: null };

interface Run {
  readonly virtualMs: number;
  readonly realMs: number;
  readonly steps: number;
}

async function idle(seed: number): Promise<Run> {
  const time = new VirtualTime();
  const recorder = counting(false);
  const cluster = new SimulatedCluster({
    instance: processes(),
    log: service(),
    time,
    random: new Random(seed),
    origin,
    recorder: () => recorder,
    onFailure: (node, error) => fail(`${node}: ${error.message}`),
  });
  cluster.start();
  const started = performance.now();
  await time.until(IDLE_SECONDS * 1000);
  return { virtualMs: time.now(), realMs: performance.now() - started, steps: recorder.steps };
}

async function busy(seed: number, isWritten: boolean): Promise<Run> {
  const recorder = counting(isWritten);
  const options = { instance: processes(), log: service(), origin, seed, seconds: BUSY_SECONDS, clients: CLIENTS };
  const { failures, virtualMs, elapsedMs } = await soak({ ...options, recorder: () => recorder });
  if (failures.length > 0) fail(failures.join('; '));
  return { virtualMs, realMs: elapsedMs, steps: recorder.steps };
}

/** Counts steps; if they are to be written, makes their text, too. */
function counting(isWritten: boolean): Recorder & { readonly steps: number } {
  let steps = 0;
  return {
    get steps() {
      return steps;
    },
    begin() {},
    record(taken) {
      steps += taken.length;
      if (isWritten) for (const step of taken) printStep(step);
    },
  };
}

function processes() {
  processesOf('raft', instance);
  return instance;
}

function service() {
  return log ?? fail('raft replicates no log');
}

function fail(why: string): never {
  throw new Error(why);
}

const kinds: Readonly<Record<string, (seed: number) => Promise<Run>>> = {
  'nothing to do': idle,
  'clients and a nemesis': (seed) => busy(seed, false),
  'the same, recorded': (seed) => busy(seed, true),
};

const runs = Object.fromEntries(Object.keys(kinds).map((kind) => [kind, [] as Run[]]));
// The first round is for the compiler.
for (let round = 0; round <= ROUNDS; round++) {
  for (const [kind, run] of Object.entries(kinds)) {
    const taken = await run(round);
    if (round > 0) runs[kind]?.push(taken);
  }
}
const rows = Object.entries(runs).map(([kind, taken]) => ({
  'a simulated cluster with': kind,
  'virtual : real time': Math.round(median(taken.map(({ virtualMs, realMs }) => virtualMs / realMs))),
  'steps a virtual second': Math.round(median(taken.map(({ steps, virtualMs }) => steps / (virtualMs / 1000)))),
  'µs a step': Math.round(median(taken.map(({ steps, realMs }) => (realMs * 1000) / steps))),
}));
console.table(rows);
mkdirSync(new URL('out/', ROOT), { recursive: true });
writeFileSync(new URL('out/bench-simulation.json', ROOT), `${JSON.stringify({ rows, runs }, null, 2)}\n`);
