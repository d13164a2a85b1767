/**
 * Where the time of a transition goes: `npm run bench:where [-- --keep]` explores an instance under the sampling profiler and
 * prints the share of each part of the engine, in nanoseconds of a transition. Functions are not inlined meanwhile, so that
 * each is seen: the whole is slower than otherwise, and the shares are what counts. Writes
 * out/bench-where.json, and with `--keep` docs/measured/where.json, from which docs/engine.md is made.
 */

import { execFileSync } from 'node:child_process';
import { type Profiler, Session } from 'node:inspector/promises';
import { fileURLToPath } from 'node:url';
import { check } from '../explorer/check.ts';
import { builtInSystem } from '../model/registry.ts';
import { keep } from './keep.ts';

const INSTANCES: readonly (readonly string[])[] = [
  ['paxos', 'retries=1'],
  ['raft', 'schedule=n1,n3', 'clients=stay', 'commands=2', 'noop=true', 'emptyHeartbeats=true'],
];

/** The parts of the engine, by the files that they are in, and for some by the function. The first that fits counts. */
const PARTS: readonly (readonly [part: string, files: readonly string[], functions?: readonly string[]])[] = [
  ['growing the visited set', ['visited-set'], ['growShards', '#growShard']],
  ['finding a state in the visited set, or adding it', ['visited-set']],
  ['looking up outcomes of steps', ['pair-table'], ['get']],
  ['looking up outcomes of steps', ['step-memo'], ['outcome']],
  ['writing rows of new states', ['rows', 'level-queue', 'lock']],
  ['writing rows of new states', ['unordered-expander'], ['#mergeMessages']],
  [
    'what is seen of steps: judging, and the history',
    ['seen-steps', 'judge', 'questions', 'window', 'tuple-cache', 'shared-cache'],
  ],
  ['what is seen of steps: judging, and the history', ['process-expander'], ['judgeStep', 'historyAfter', '#tupleOf']],
  [
    'fingerprints, and what else an expansion is',
    ['unordered-expander', 'fifo-expander', 'process-expander', 'expansion'],
  ],
  ['the environment: timeouts, requests, faults', ['environment-plan']],
];
const REST = 'handlers and properties, once per distinct call; interning; collecting garbage';

interface Located {
  readonly instance: string;
  readonly nanoseconds: number;
  /** By part, its share of the whole. */
  readonly shares: Readonly<Record<string, number>>;
}

async function locate([name = '', ...settings]: readonly string[]): Promise<Located> {
  const system = await builtInSystem(name);
  if (system === undefined) throw new Error(`no system '${name}'`);
  const session = new Session();
  session.connect();
  await session.post('Profiler.enable');
  await session.post('Profiler.start');
  const parameters = Object.fromEntries(settings.map((setting) => setting.split('=') as [string, string]));
  const { generated, elapsedMs } = await check(system, { parameters });
  const { profile } = await session.post('Profiler.stop');
  return {
    instance: [name, ...settings].join(' '),
    nanoseconds: (elapsedMs * 1e6) / generated,
    shares: sharesOf(profile),
  };
}

function sharesOf({ nodes, samples = [], timeDeltas = [] }: Profiler.Profile): Record<string, number> {
  const parts = new Map(nodes.map(({ id, callFrame }) => [id, partOf(callFrame)]));
  const shares: Record<string, number> = {};
  const total = timeDeltas.reduce((sum, delta) => sum + delta, 0);
  for (const [index, id] of samples.entries()) {
    const part = parts.get(id) ?? REST;
    shares[part] = (shares[part] ?? 0) + (timeDeltas[index] ?? 0) / total;
  }
  return shares;
}

function partOf({ url, functionName }: Profiler.Profile['nodes'][number]['callFrame']): string {
  const file = /\/engine\/([\w-]+)\.js$/.exec(url)?.[1] ?? '';
  const found = PARTS.find(
    ([, files, functions]) => files.includes(file) && (functions?.includes(functionName) ?? true),
  );
  return found?.[0] ?? REST;
}

const [what, ...instance] = process.argv.slice(2);
if (what === 'locate') {
  console.log(JSON.stringify(await locate(instance)));
} else {
  const script = fileURLToPath(import.meta.url);
  const located = INSTANCES.map(
    (one) =>
      JSON.parse(
        execFileSync(process.execPath, ['--no-turbo-inlining', script, 'locate', ...one], { encoding: 'utf8' }),
      ) as Located,
  );
  for (const { instance: name, nanoseconds, shares } of located) {
    console.log(`${name}: ${Math.round(nanoseconds)} ns a transition, nothing inlined`);
    console.table(
      Object.entries(shares)
        .toSorted(([, a], [, b]) => b - a)
        .map(([part, share]) => ({ part, share: `${(share * 100).toFixed(1)}%`, ns: Math.round(share * nanoseconds) })),
    );
  }
  keep('where', located);
}
