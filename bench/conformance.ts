/**
 * `npm run bench`: how fast recordings are judged, as a ratio of one run: events per second of `lockstep conform` to
 * transitions per second of the naive explorer, on the same system. Both execute the transition function for each; the
 * two take turns, each in a process of its own, and the median ratio is the figure. Prints a table; writes
 * out/bench-conformance.json.
 */

import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { conform, processesOf } from '../impl/conformance/conform.ts';
import { FileRecorder, recordingPath } from '../impl/recording/file-recorder.ts';
import { replicatedLogs } from '../impl/service/replicated-log.ts';
import { soak } from '../impl/torture/simulation/simulate.ts';
import { effectiveParameters } from '../model/contract/system.ts';
import { raftSystem } from '../model/raft/system.ts';
import { ROOT } from '../scripts/manifest.ts';
import type { Measurement } from './measure.ts';
import { median } from './median.ts';

const ROUNDS = 3;
/** Of virtual time, with the nemesis at work. */
const SECONDS = 20;
const CLIENTS = 4;
const SEED = 5;
const NAIVE = ['raft', '10000', 'network=fifo'];
/** A measurement goes on for at least so many milliseconds, once the compiler has warmed up. */
const LEAST = 5000;

interface Judging {
  readonly events: number;
  readonly eventsPerSecond: number;
}

const log = replicatedLogs.raft;
if (log === undefined) throw new Error('raft replicates no log');
const parameters = effectiveParameters(raftSystem, log.parameters, null);
const instance = raftSystem.build(parameters, null);
processesOf('raft', instance);

const [directory] = process.argv.slice(2);
if (directory === undefined) await compare();
else console.log(JSON.stringify(judged(directory)));

/** In a process of its own: judges the recordings again and again, until enough time has passed to tell. */
function judged(recordings: string): Judging {
  processesOf('raft', instance);
  const files = instance.processes.map(({ id }) => recordingPath(recordings, id));
  const pass = () => {
    const found = conform(files, instance);
    if (found.verdict !== 'conforms') throw new Error(`the recordings diverge: ${found.divergence?.message}`);
    return found;
  };
  const { steps } = pass();
  let [events, elapsedMs] = [0, 0];
  while (elapsedMs < LEAST) {
    events += steps;
    elapsedMs += pass().elapsedMs;
  }
  return { events: steps, eventsPerSecond: events / (elapsedMs / 1000) };
}

async function compare(): Promise<void> {
  const recordings = mkdtempSync(join(tmpdir(), 'lockstep-bench-'));
  try {
    await record(recordings);
    const here = fileURLToPath(import.meta.url);
    const measure = fileURLToPath(new URL('measure.js', import.meta.url));
    const output = (program: string, ...args: string[]): unknown =>
      JSON.parse(execFileSync(process.execPath, [program, ...args], { encoding: 'utf8' }));
    const rounds = Array.from({ length: ROUNDS }, () => {
      const conformance = output(here, recordings) as Judging;
      const naive = output(measure, 'naive', ...NAIVE) as Measurement;
      return { conformance, naive, ratio: conformance.eventsPerSecond / naive.transitionsPerSecond };
    });
    const ratio = median(rounds.map((round) => round.ratio));
    console.table([
      {
        'events in the recordings': rounds[0]?.conformance.events,
        'events/s judged': Math.round(median(rounds.map(({ conformance }) => conformance.eventsPerSecond))),
        'naive transitions/s': Math.round(median(rounds.map(({ naive }) => naive.transitionsPerSecond))),
        'conform : naive': Number(ratio.toFixed(1)),
      },
    ]);
    mkdirSync(new URL('out/', ROOT), { recursive: true });
    writeFileSync(new URL('out/bench-conformance.json', ROOT), `${JSON.stringify({ ratio, rounds }, null, 2)}\n`);
  } finally {
    rmSync(recordings, { recursive: true });
  }
}

async function record(recordings: string): Promise<void> {
  if (log === undefined) return;
  processesOf('raft', instance);
  const recorders: FileRecorder[] = [];
  await soak({
    instance,
    log,
    origin: { cluster: 'bench', system: 'raft', parameters, mutant: null },
    seed: SEED,
    seconds: SECONDS,
    clients: CLIENTS,
    recorder: (node) => {
      const recorder = new FileRecorder(recordings, node, (error) => {
        throw error;
      });
      recorders.push(recorder);
      return recorder;
    },
  });
  for (const recorder of recorders) recorder.close();
}
