/**
 * How the engine scales, as ratios of one run, each measurement in a process of its own (`scale.js WHAT SYSTEM
 * [NAME=VALUE...]`):
 *
 * - two workers to one, in turns, several times; the median ratio is the figure;
 * - the same for two processes that share nothing, one that only computes and one that only waits for memory: what the
 *   machine itself allows;
 * - transitions a second in the last quarter of a hundred million transitions to those in the first;
 * - the time of a transition, on one thread, to that of one access to memory at random: the least that telling whether a
 *   state is known can take. The memory is as large as the visited set of a hundred million states.
 *
 * Prints tables; writes out/bench-scale.json, and with `--keep` docs/measured/scale.json, from which docs/engine.md is made.
 */

import { execFile, execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { check } from '../explorer/check.ts';
import { builtInSystem } from '../model/registry.ts';
import { keep } from './keep.ts';
import { machine } from './machine.ts';
import { median } from './median.ts';

/** Above five million states each. */
const INSTANCES: readonly (readonly string[])[] = [
  ['paxos', 'retries=1'],
  ['raft', 'schedule=n1,n3', 'clients=stay', 'commands=2', 'noop=true', 'emptyHeartbeats=true'],
];
const LONG: readonly string[] = ['paxos', 'proposers=3'];
const LONG_TRANSITIONS = 100_000_000;
const ROUNDS = 3;

const MEMORY_BYTES = 1.5 * 2 ** 30;
const ACCESSES = 1 << 25;
const OPERATIONS = 1 << 30;

/** What one exploration took. */
interface Run {
  readonly distinct: number;
  readonly generated: number;
  readonly elapsedMs: number;
  /** How far it was at which time. */
  readonly progress: readonly (readonly [elapsedMs: number, generated: number])[];
  /** What the process took at most, less what it had before, per distinct state. */
  readonly bytesPerState: number;
}

async function explore(workers: number, [name = '', ...settings]: readonly string[], most: number): Promise<Run> {
  const system = await builtInSystem(name);
  if (system === undefined) throw new Error(`no system '${name}'`);
  const controller = new AbortController();
  const progress: [number, number][] = [];
  const before = process.memoryUsage.rss();
  const { distinct, generated, elapsedMs } = await check(system, {
    parameters: Object.fromEntries(settings.map((setting) => setting.split('=') as [string, string])),
    workers,
    origin: { module: new URL('../model/registry.js', import.meta.url).href, export: 'builtInSystem', argument: name },
    signal: controller.signal,
    onProgress: (now) => {
      progress.push([now.elapsedMs, now.generated]);
      if (now.generated >= most) controller.abort();
    },
  });
  const peak = process.resourceUsage().maxRSS * 1024;
  return { distinct, generated, elapsedMs, progress, bytesPerState: (peak - before) / distinct };
}

/** Nanoseconds for an access that depends on the one before, at random in as much memory as a large visited set takes. */
function randomAccess(): number {
  const words = new Int32Array(new SharedArrayBuffer(MEMORY_BYTES));
  for (let at = 0; at < words.length; at += 1024) words[at] = 1;
  let at = 1;
  const started = performance.now();
  for (let access = 0; access < ACCESSES; access++) {
    at = (Math.imul(at ^ access, 0x9e3779b1) ^ (at >>> 15)) | 0;
    at += words[(at >>> 0) % words.length] as number;
  }
  const nanoseconds = ((performance.now() - started) * 1e6) / ACCESSES;
  // Where it ended is used, so that no access can be left out.
  return at === Number.MIN_SAFE_INTEGER ? 0 : nanoseconds;
}

/** Nanoseconds for an operation of a loop that touches no memory. */
function arithmetic(): number {
  let value = 1;
  const started = performance.now();
  for (let operation = 0; operation < OPERATIONS; operation++) value = Math.imul(value ^ operation, 0x9e3779b1) | 1;
  const nanoseconds = ((performance.now() - started) * 1e6) / OPERATIONS;
  return value === 0 ? 0 : nanoseconds;
}

/** How much more two processes at once do of something than one does alone. */
async function twoProcesses(what: 'access' | 'arithmetic'): Promise<number> {
  const one = async () =>
    Number((await promisify(execFile)(process.execPath, [fileURLToPath(import.meta.url), what])).stdout);
  const ratios: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const alone = await one();
    const both = await Promise.all([one(), one()]);
    ratios.push(both.reduce((sum, each) => sum + alone / each, 0));
  }
  return median(ratios);
}

function measured<T>(what: string, instance: readonly string[]): T {
  const args = [fileURLToPath(import.meta.url), what, ...instance];
  return JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8', maxBuffer: 1 << 28 })) as T;
}

const perSecond = ({ generated, elapsedMs }: Run) => (generated / elapsedMs) * 1000;

/** Transitions a second between two shares of a run. */
function rateBetween({ progress, generated }: Run, from: number, to: number): number {
  const at = (share: number) => progress.find(([, sofar]) => sofar >= generated * share) ?? progress.at(-1) ?? [0, 0];
  const [[fromMs, fromCount], [toMs, toCount]] = [at(from), at(to)];
  return ((toCount - fromCount) / (toMs - fromMs)) * 1000;
}

async function main(): Promise<void> {
  const processes = { computing: await twoProcesses('arithmetic'), waiting: await twoProcesses('access') };
  const accesses: number[] = [];
  const instances = INSTANCES.map((instance) => {
    const rounds = Array.from({ length: ROUNDS }, () => {
      accesses.push(measured<number>('access', []));
      return { one: measured<Run>('1', instance), two: measured<Run>('2', instance) };
    });
    const one = median(rounds.map((round) => perSecond(round.one)));
    return {
      instance: instance.join(' '),
      distinct: rounds[0]?.one.distinct ?? 0,
      generated: rounds[0]?.one.generated ?? 0,
      perSecond: one,
      nanoseconds: 1e9 / one,
      twoToOne: median(rounds.map((round) => perSecond(round.two) / perSecond(round.one))),
      bytesPerState: median(rounds.map((round) => round.one.bytesPerState)),
    };
  });
  const access = median(accesses);
  const long = measured<Run>('long', LONG);
  const lastToFirst = rateBetween(long, 0.75, 1) / rateBetween(long, 0.02, 0.25);
  const measuredOn = machine();
  const { progress: _, ...longest } = long;
  const result = {
    machine: measuredOn,
    rounds: ROUNDS,
    randomAccessNanoseconds: access,
    twoProcessesToOne: processes,
    instances: instances.map((row) => ({ ...row, accessesPerTransition: row.nanoseconds / access })),
    long: { instance: LONG.join(' '), ...longest, perSecond: perSecond(long), lastToFirst },
  };
  console.log(`${measuredOn.cpu}, ${measuredOn.cores} cores; one access to memory at random: ${access.toFixed(0)} ns`);
  console.log(
    `two processes to one: ${processes.computing.toFixed(2)} computing, ${processes.waiting.toFixed(2)} waiting for memory`,
  );
  console.table(
    result.instances.map((row) => ({
      instance: row.instance,
      distinct: row.distinct,
      'M transitions/s': Number((row.perSecond / 1e6).toFixed(2)),
      'two workers : one': Number(row.twoToOne.toFixed(2)),
      'ns/transition': Math.round(row.nanoseconds),
      'of one access': Number(row.accessesPerTransition.toFixed(1)),
      'bytes/state': Math.round(row.bytesPerState),
    })),
  );
  console.log(
    `${result.long.instance}: ${long.generated} transitions, ${(perSecond(long) / 1e6).toFixed(2)} M/s; ` +
      `last quarter : first ${lastToFirst.toFixed(2)}`,
  );
  keep('scale', result);
}

const [what, ...instance] = process.argv.slice(2);
if (what === undefined || what === '--keep') await main();
else if (what === 'access') console.log(randomAccess());
else if (what === 'arithmetic') console.log(arithmetic());
else if (what === 'long') console.log(JSON.stringify(await explore(1, instance, LONG_TRANSITIONS)));
else console.log(JSON.stringify(await explore(Number(what), instance, Number.POSITIVE_INFINITY)));
