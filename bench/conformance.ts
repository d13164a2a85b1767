/**
 * How fast recordings are judged (`npm run bench`; `node dist/bench/conformance.js [--keep]`): events per second of `lockstep
 * conform` to transitions per second of the naive explorer, on the same system, for both execute the transition function for
 * each; and the time of an event in a long recording to that in a short one. They take turns, each in a process of its own, and
 * the median ratios are the figures. Seconds are those of the processor. Prints tables; writes out/bench-conformance.json, and
 * with `--keep` docs/measured/conformance.json, of which `npm run docs` makes a table.
 */

import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { check } from '../explorer/check.ts';
import { conform, processesOf } from '../impl/conformance/conform.ts';
import type { Recorder } from '../impl/node/ports.ts';
import { FileRecorder, recordingPath } from '../impl/recording/file-recorder.ts';
import { replicatedLogs } from '../impl/service/replicated-log.ts';
import { Random } from '../impl/torture/random.ts';
import { SimulatedCluster } from '../impl/torture/simulation/cluster.ts';
import { soak } from '../impl/torture/simulation/simulate.ts';
import { VirtualTime } from '../impl/torture/simulation/virtual-time.ts';
import { startWorkload } from '../impl/torture/workload.ts';
import type { ProcessId } from '../model/contract/protocol.ts';
import { effectiveParameters } from '../model/contract/system.ts';
import { raftSystem } from '../model/raft/system.ts';
import { keep } from './keep.ts';
import { machine } from './machine.ts';
import { median } from './median.ts';
import { processorMs } from './processor-time.ts';

const ROUNDS = 3;
/** Of virtual time, with the nemesis at work. */
const SECONDS = 20;
const CLIENTS = 4;
/** Of clients without a nemesis: so many events, and eight times as many, by clients enough to keep the nodes busy. */
const LOADED = [25_000, 200_000] as const;
const LOADED_CLIENTS = 64;
const SEED = 5;
/** So many states of Raft for the naive explorer, over FIFO links. */
const STATES = 10_000;
/** A measurement goes on for at least so many milliseconds, once the compiler has warmed up. */
const LEAST = 4000;

/** What a process of its own measures: of judged events, or of the naive explorer's transitions. */
interface Measured {
  /** In one go. */
  readonly count: number;
  readonly perSecond: number;
}

const log = replicatedLogs.raft;
if (log === undefined) throw new Error('raft replicates no log');
const parameters = effectiveParameters(raftSystem, log.parameters, null);
const instance = raftSystem.build(parameters, null);
processesOf('raft', instance);
const origin = { cluster: 'bench', system: 'raft', parameters, mutant: null };

const what = process.argv.slice(2).find((argument) => argument !== '--keep');
if (what === undefined) await compare();
else console.log(JSON.stringify(await measured(what === 'naive' ? explore : () => judge(what))));

/** In a process of its own: does it again and again, until enough time has passed to tell. */
async function measured(once: () => Promise<number>): Promise<Measured> {
  await once();
  const started = processorMs();
  let [count, all] = [0, 0];
  while (processorMs() - started < LEAST) {
    count = await once();
    all += count;
  }
  return { count, perSecond: all / ((processorMs() - started) / 1000) };
}

async function judge(recordings: string): Promise<number> {
  processesOf('raft', instance);
  const { verdict, steps, divergence } = conform(
    instance.processes.map(({ id }) => recordingPath(recordings, id)),
    instance,
  );
  if (verdict !== 'conforms') throw new Error(`the recordings diverge: ${divergence?.message}`);
  return steps;
}

async function explore(): Promise<number> {
  return (await check(raftSystem, { explorer: 'naive', parameters: { network: 'fifo' }, states: STATES })).generated;
}

async function compare(): Promise<void> {
  const recordings = mkdtempSync(join(tmpdir(), 'lockstep-bench-'));
  const [tormented, short, long] = ['tormented', 'short', 'long'].map((name) => join(recordings, name)) as [
    string,
    string,
    string,
  ];
  try {
    await torment(tormented);
    await load(short, LOADED[0]);
    await load(long, LOADED[1]);
    const here = fileURLToPath(import.meta.url);
    const output = (of: string) =>
      JSON.parse(execFileSync(process.execPath, [here, of], { encoding: 'utf8' })) as Measured;
    const rounds = Array.from({ length: ROUNDS }, () => ({
      tormented: output(tormented),
      naive: output('naive'),
      short: output(short),
      long: output(long),
    }));
    const over = (value: (round: (typeof rounds)[number]) => number) => median(rounds.map(value));
    const row = (kind: 'tormented' | 'short' | 'long', events: string, files: string) => ({
      recorded: events,
      events: over((round) => round[kind].count),
      megabytes: megabytesIn(files),
      eventsPerSecond: over((round) => round[kind].perSecond),
    });
    const result = {
      machine: machine(),
      rounds: ROUNDS,
      recordings: [
        row('tormented', `${CLIENTS} clients and a nemesis`, tormented),
        row('short', `${LOADED_CLIENTS} clients, no faults`, short),
        row('long', 'the same, eight times as long', long),
      ],
      naivePerSecond: over(({ naive }) => naive.perSecond),
      toNaive: over((round) => round.tormented.perSecond / round.naive.perSecond),
      longToShort: over((round) => round.short.perSecond / round.long.perSecond),
    };
    console.table(
      result.recordings.map(({ recorded, events, megabytes, eventsPerSecond }) => ({
        recorded,
        events,
        MB: Math.round(megabytes),
        'events/s judged': Math.round(eventsPerSecond),
      })),
    );
    console.table({
      'conform : naive': result.toNaive.toFixed(1),
      'naive transitions/s': Math.round(result.naivePerSecond),
      'time an event, long : short': result.longToShort.toFixed(2),
    });
    keep('conformance', result);
  } finally {
    rmSync(recordings, { recursive: true });
  }
}

function megabytesIn(recordings: string): number {
  const sizes = readdirSync(recordings).map((name) => statSync(join(recordings, name)).size);
  return sizes.reduce((sum, size) => sum + size, 0) / 1e6;
}

/** Recorders of all nodes into a directory, closed when the recording is over. */
async function recorded(recordings: string, run: (recorder: (node: ProcessId) => Recorder) => Promise<void>) {
  const recorders: FileRecorder[] = [];
  await run((node) => {
    const recorder = new FileRecorder(recordings, node, (error) => {
      throw error;
    });
    recorders.push(recorder);
    return recorder;
  });
  for (const recorder of recorders) recorder.close();
}

async function torment(recordings: string): Promise<void> {
  if (log === undefined) return;
  processesOf('raft', instance);
  const options = { instance, log, origin, seed: SEED, seconds: SECONDS, clients: CLIENTS };
  await recorded(recordings, async (recorder) => void (await soak({ ...options, recorder })));
}

/** Records so many events of a cluster under clients, to which nothing happens. */
async function load(recordings: string, events: number): Promise<void> {
  if (log === undefined) return;
  processesOf('raft', instance);
  const [time, random] = [new VirtualTime(), new Random(SEED)];
  let taken = 0;
  const counting = (recorder: Recorder): Recorder => ({
    begin: (header) => recorder.begin(header),
    step(step) {
      taken += 1;
      recorder.step(step);
    },
    write: (persisted) => recorder.write(persisted),
  });
  const options = { instance, log, time, random: random.fork(), origin };
  await recorded(recordings, async (recorder) => {
    const onFailure = (node: ProcessId, error: Error) => {
      throw new Error(`${node}: ${error.message}`);
    };
    const cluster = new SimulatedCluster({ ...options, recorder: (node) => counting(recorder(node)), onFailure });
    cluster.start();
    const workload = startWorkload({
      clients: LOADED_CLIENTS,
      keys: LOADED_CLIENTS / 2,
      pause: 20,
      nodes: cluster.nodes,
      ask: cluster.ask,
      clock: time,
      random: random.fork(),
      history: () => {},
    });
    while (taken < events) await time.until(time.now() + 1000);
    const stopped = workload.stop();
    await time.until(time.now() + 10_000);
    await stopped;
  });
}
