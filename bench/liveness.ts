/**
 * What temporal properties cost, as a multiple of the safety check of the same instance: the two take turns, several times,
 * each in a process of its own (`liveness.js MODE SYSTEM [NAME=VALUE...]`), and the median ratio is the figure. The property
 * that is judged never comes about, so that it is open in every state and the whole graph must be decomposed. Prints a
 * table; writes out/bench-liveness.json.
 */

import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { exploreWithEngine } from '../explorer/engine/engine.ts';
import { checkLiveness } from '../explorer/liveness/check-liveness.ts';
import { eventually, stronglyFair, weaklyFair } from '../model/contract/index.ts';
import type { Instance } from '../model/contract/system.ts';
import { builtInSystem } from '../model/registry.ts';
import { keep } from './keep.ts';
import { median } from './median.ts';

const INSTANCES: readonly (readonly string[])[] = [
  ['paxos-register', 'clients=3'],
  ['paxos', 'retries=1'],
  ['two-phase-commit', 'rms=7'],
];
const MODES = ['safety', 'weak', 'strong'] as const;
const ROUNDS = 3;

/** Milliseconds for the safety check, or for building the graph and judging under weak or strong fairness. */
async function measured(mode: string, name: string, settings: readonly string[]): Promise<number> {
  const system = await builtInSystem(name);
  if (system === undefined) throw new Error(`no system '${name}'`);
  const parameters = Object.fromEntries(settings.map((setting) => setting.split('=') as [string, string]));
  const instance = system.build(parameters, null);
  const fair = mode === 'strong' ? stronglyFair : weaklyFair;
  const open = { temporal: [eventually('never', () => false)], fairness: [fair('receive'), fair('timeout')] };
  const started = performance.now();
  if (mode === 'safety') await exploreWithEngine(instance);
  else await checkLiveness({ ...instance, ...open } as Instance, { naive: false });
  return performance.now() - started;
}

function main(): void {
  const run = (mode: string, instance: readonly string[]) =>
    Number(execFileSync(process.execPath, [fileURLToPath(import.meta.url), mode, ...instance], { encoding: 'utf8' }));
  const rows = INSTANCES.map((instance) => {
    const rounds = Array.from({ length: ROUNDS }, () => MODES.map((mode) => run(mode, instance)));
    const ratio = (mode: number) => median(rounds.map((times) => (times[mode] ?? Number.NaN) / (times[0] ?? 1)));
    return { instance: instance.join(' '), 'weak : safety': ratio(1), 'strong : safety': ratio(2) };
  });
  console.table(
    rows.map((row) => ({
      ...row,
      'weak : safety': row['weak : safety'].toFixed(2),
      'strong : safety': row['strong : safety'].toFixed(2),
    })),
  );
  keep('liveness', { rounds: ROUNDS, rows });
}

const [mode, name, ...settings] = process.argv.slice(2);
if (mode === undefined || name === undefined) main();
else console.log(await measured(mode, name, settings));
