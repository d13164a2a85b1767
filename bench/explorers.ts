/**
 * `npm run bench`: the engine against the naive explorer, as ratios of one run: the two take turns, several times, each in
 * a process of its own, and the median ratio is the figure. Prints a table; writes out/bench-explorers.json, and with `--keep`
 * docs/measured/explorers.json, from which docs/engine.md is made.
 */

import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { keep } from './keep.ts';
import { machine } from './machine.ts';
import type { Measurement } from './measure.ts';
import { median } from './median.ts';

interface Instance {
  readonly system: string;
  readonly settings: readonly string[];
  /** The naive explorer is run on a part of the instance with about this many states. */
  readonly naiveStates: number;
}

const INSTANCES: readonly Instance[] = [
  { system: 'paxos-register', settings: ['clients=2'], naiveStates: 16_668 },
  { system: 'paxos-register', settings: ['clients=3'], naiveStates: 20_000 },
  { system: 'paxos', settings: ['retries=1'], naiveStates: 20_000 },
  {
    system: 'raft',
    settings: ['schedule=n1,n3', 'clients=stay', 'commands=2', 'noop=true', 'emptyHeartbeats=true'],
    naiveStates: 5_000,
  },
  { system: 'two-phase-commit-message-set', settings: ['rms=8'], naiveStates: 1_000 },
  { system: 'paxos-commit', settings: ['rms=2'], naiveStates: 2_000 },
  { system: 'sliding-tiles', settings: ['rows=2', 'columns=5'], naiveStates: 20_000 },
  { system: 'die-hard', settings: ['small=89', 'big=97'], naiveStates: 372 },
];

const ROUNDS = 3;
const MEASURE = fileURLToPath(new URL('measure.js', import.meta.url));

function measure(explorer: string, { system, settings }: Instance, states: string): Measurement {
  const output = execFileSync(process.execPath, [MEASURE, explorer, system, states, ...settings], { encoding: 'utf8' });
  return JSON.parse(output) as Measurement;
}

const rows = INSTANCES.map((instance) => {
  const rounds = Array.from({ length: ROUNDS }, () => ({
    engine: measure('engine', instance, 'all'),
    naive: measure('naive', instance, String(instance.naiveStates)),
  }));
  const engine = rounds.map((round) => round.engine);
  const [first] = engine;
  return {
    instance: [instance.system, ...instance.settings].join(' '),
    distinct: first?.distinct ?? 0,
    generated: first?.generated ?? 0,
    engineToNaive: median(rounds.map(({ engine, naive }) => engine.transitionsPerSecond / naive.transitionsPerSecond)),
    engineTransitionsPerSecond: median(engine.map(({ transitionsPerSecond }) => transitionsPerSecond)),
    naiveTransitionsPerSecond: median(rounds.map(({ naive }) => naive.transitionsPerSecond)),
    handlerCallsPer100: (100 * (first?.handlerCalls ?? 0)) / (first?.generated ?? 1),
    bytesPerState:
      (first?.bytesPerState ?? null) === null ? null : median(engine.map(({ bytesPerState }) => bytesPerState ?? 0)),
  };
});

const measuredOn = machine();
console.log(`${measuredOn.cpu}, ${measuredOn.cores} cores, ${measuredOn.memoryGiB} GiB, Node ${measuredOn.node}`);
console.table(
  rows.map((row) => ({
    instance: row.instance,
    distinct: row.distinct,
    'engine : naive': Math.round(row.engineToNaive),
    'M transitions/s': Number((row.engineTransitionsPerSecond / 1e6).toFixed(2)),
    'handler calls in 100': Number(row.handlerCallsPer100.toFixed(3)),
    'bytes/state': row.bytesPerState === null ? '-' : Math.round(row.bytesPerState),
  })),
);
keep('explorers', { machine: measuredOn, rounds: ROUNDS, instances: rows });
