/**
 * What symmetry saves, as ratios of one run: searches without and with it in turns, several times, each in a process of its
 * own (`symmetry.js on|off SYSTEM [NAME=VALUE...]`), on one thread; the median ratio is the figure.
 *
 * Prints a table; writes out/bench-symmetry.json, and with `--keep` docs/measured/symmetry.json, from which docs/symmetry.md
 * is made.
 */

import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { exploreWithEngine } from '../explorer/engine/engine.ts';
import { builtInSystem } from '../model/registry.ts';
import { keep } from './keep.ts';
import { machine } from './machine.ts';
import { median } from './median.ts';

const INSTANCES: readonly (readonly string[])[] = [
  ['raft'],
  ['paxos-commit', 'rms=2'],
  ['two-phase-commit', 'rms=9'],
  ['two-phase-commit-message-set', 'rms=8'],
];
const ROUNDS = 3;

interface Run {
  readonly distinct: number;
  readonly elapsedMs: number;
}

async function explore(symmetry: boolean, [name = '', ...settings]: readonly string[]): Promise<Run> {
  const parameters = Object.fromEntries(settings.map((setting) => setting.split('=') as [string, string]));
  const instance = (await builtInSystem(name))?.build(parameters, null);
  if (instance === undefined) throw new Error(`no system '${name}'`);
  const { distinct, elapsedMs } = await exploreWithEngine(instance, { symmetry });
  return { distinct, elapsedMs };
}

function measured(symmetry: 'on' | 'off', instance: readonly string[]): Run {
  const output = execFileSync(process.execPath, [fileURLToPath(import.meta.url), symmetry, ...instance]);
  return JSON.parse(output.toString()) as Run;
}

function main(): void {
  const instances = INSTANCES.map((instance) => {
    const rounds = Array.from({ length: ROUNDS }, () => ({
      off: measured('off', instance),
      on: measured('on', instance),
    }));
    const [first] = rounds;
    return {
      instance: instance.join(' '),
      distinct: first?.off.distinct ?? 0,
      orbits: first?.on.distinct ?? 0,
      seconds: median(rounds.map(({ off }) => off.elapsedMs / 1000)),
      secondsWith: median(rounds.map(({ on }) => on.elapsedMs / 1000)),
      faster: median(rounds.map(({ on, off }) => off.elapsedMs / on.elapsedMs)),
    };
  });
  console.table(instances);
  keep('symmetry', { machine: machine(), rounds: ROUNDS, instances });
}

const [what, ...instance] = process.argv.slice(2);
if (what === undefined || what === '--keep') main();
else console.log(JSON.stringify(await explore(what === 'on', instance)));
