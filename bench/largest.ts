/**
 * The largest search that ten minutes allow: `node dist/bench/largest.js [--keep] [MINUTES]` explores an instance that is
 * larger than that with all cores, prints how far it came, and writes out/bench-largest.json; with `--keep` also
 * docs/measured/largest.json, from which docs/engine.md says what a billion states take.
 */

import { availableParallelism } from 'node:os';
import { check } from '../explorer/check.ts';
import { paxosSystem } from '../model/paxos/system.ts';
import { keep } from './keep.ts';
import { machine } from './machine.ts';

/** Far more than a billion states. */
const PARAMETERS = { proposers: 3, retries: 1 };

const minutes = Number(process.argv.slice(2).find((argument) => argument !== '--keep') ?? 10);
const progress: { distinct: number; generated: number; elapsedMs: number; frontier: number; rss: number }[] = [];
const result = await check(paxosSystem, {
  parameters: PARAMETERS,
  workers: availableParallelism(),
  origin: { module: new URL('../model/registry.js', import.meta.url).href, export: 'builtInSystem', argument: 'paxos' },
  signal: AbortSignal.timeout(minutes * 60_000),
  onProgress: ({ distinct, generated, elapsedMs, frontier }) => {
    if (elapsedMs - (progress.at(-1)?.elapsedMs ?? 0) < 1000) return;
    progress.push({ distinct, generated, elapsedMs, frontier, rss: process.memoryUsage.rss() });
  },
});
const [middle, last] = [progress[progress.length >> 1], progress.at(-1)];
if (middle === undefined || last === undefined) throw new Error('it ended before it had begun');
const seconds = (last.elapsedMs - middle.elapsedMs) / 1000;
const record = {
  machine: machine(),
  system: 'paxos',
  parameters: PARAMETERS,
  stopped: result.stopped,
  distinct: result.distinct,
  generated: result.generated,
  depth: result.depth,
  elapsedMs: result.elapsedMs,
  frontier: last.frontier,
  bytesPerState: last.rss / last.distinct,
  /** In the second half of the time. */
  statesPerSecond: (last.distinct - middle.distinct) / seconds,
  transitionsPerSecond: (last.generated - middle.generated) / seconds,
};
console.log(record);
keep('largest', record);
