/**
 * How much faster than real time the simulated cluster runs (`npm run bench`; `node dist/bench/simulation.js [--keep]`): a
 * cluster of Raft that has nothing to do, and one under clients and a nemesis, whose steps are recorded or not. The three take
 * turns; medians are the figures. Real time is that of the processor. Prints a table; writes out/bench-simulation.json, and with `--keep`
 * docs/measured/simulation.json, of which `npm run docs` makes a table.
 */

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
import { keep } from './keep.ts';
import { machine } from './machine.ts';
import { median } from './median.ts';
import { processorMs } from './processor-time.ts';

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
  const started = processorMs();
  await time.until(IDLE_SECONDS * 1000);
  return { virtualMs: time.now(), realMs: processorMs() - started, steps: recorder.steps };
}

async function busy(seed: number, isWritten: boolean): Promise<Run> {
  const recorder = counting(isWritten);
  const options = { instance: processes(), log: service(), origin, seed, seconds: BUSY_SECONDS, clients: CLIENTS };
  const started = processorMs();
  const { failures, virtualMs } = await soak({ ...options, recorder: () => recorder });
  if (failures.length > 0) fail(failures.join('; '));
  return { virtualMs, realMs: processorMs() - started, steps: recorder.steps };
}

/** Counts steps; if they are to be written, makes their text, too. */
function counting(isWritten: boolean): Recorder & { readonly steps: number } {
  let steps = 0;
  return {
    get steps() {
      return steps;
    },
    begin() {},
    step(step) {
      steps += 1;
      if (isWritten) printStep(step);
    },
    write() {},
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
const measured = Object.entries(runs).map(([kind, taken]) => ({
  kind,
  virtualToReal: median(taken.map(({ virtualMs, realMs }) => virtualMs / realMs)),
  stepsPerVirtualSecond: median(taken.map(({ steps, virtualMs }) => steps / (virtualMs / 1000))),
  microsecondsPerStep: median(taken.map(({ steps, realMs }) => (realMs * 1000) / steps)),
}));
console.table(
  measured.map(({ kind, virtualToReal, stepsPerVirtualSecond, microsecondsPerStep }) => ({
    'a simulated cluster with': kind,
    'virtual : real time': Math.round(virtualToReal),
    'steps a virtual second': Math.round(stepsPerVirtualSecond),
    'µs a step': Math.round(microsecondsPerStep),
  })),
);
keep('simulation', { machine: machine(), rounds: ROUNDS, clients: CLIENTS, kinds: measured });
