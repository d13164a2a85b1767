/** `lockstep cluster`: all nodes of a system on this machine, to look at and to break. */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Command } from 'commander';
import { LocalCluster } from '../impl/local/local-cluster.ts';
import { servedParameters } from '../impl/service/services.ts';
import { UsageError } from '../model/contract/errors.ts';
import { readAssignments } from './assignments.ts';
import { Attendant } from './cluster-attendant.ts';
import { helpAfter } from './help.ts';
import { wholeNumber } from './numbers.ts';
import { SYSTEM_ARGUMENT } from './options.ts';
import { mustTakeDirectory } from './output-directory.ts';
import { buildInstance, findSystem } from './system-argument.ts';

const HELP = helpAfter(
  [
    ['lockstep cluster raft --nodes 3', 'three servers; their state goes to ./lockstep-data/raft'],
    ['lockstep cluster raft --ephemeral', 'the same, and nothing is left of it'],
    ['lockstep client put x 1', 'talks to it, from another terminal'],
    ['curl -L localhost:7201/kv/x', 'so does this'],
  ],
  'On a terminal, keys kill, restart, pause or cut off the chosen node. Elsewhere, a line tells each change. ' +
    'Exit codes: 0 stopped as asked, 2 it could not start.',
);

interface ClusterFlags {
  readonly nodes?: number;
  readonly data: string;
  readonly ephemeral?: boolean;
  readonly port: number;
  readonly trace?: boolean;
  readonly mutant?: string;
}

export function defineCluster(command: Command): void {
  command
    .description('Runs a local cluster, each node a process of its own, and shows who leads.')
    .argument('<system>', SYSTEM_ARGUMENT)
    .argument('[parameters...]', 'NAME=VALUE: parameters of the system, as lockstep list SYSTEM shows them')
    .option('--nodes <n>', 'how many nodes (the same as nodes=N)', wholeNumber(1))
    .option('--data <directory>', 'where state, logs and recordings go: a directory in it', 'lockstep-data')
    .option('--ephemeral', 'keep nothing when the cluster ends')
    .option(
      '--port <n>',
      'where the first node serves clients, the others behind it; 0: anywhere',
      wholeNumber(0),
      7201,
    )
    .option('--trace', 'record what the nodes do, for lockstep conform')
    .option('--mutant <name>', 'break one rule of the system on purpose')
    .addHelpText('after', HELP)
    .action(run);
}

async function run(reference: string, assignments: readonly string[], flags: ClusterFlags): Promise<void> {
  const { nodes, data, ephemeral = false, port, trace = false, mutant = null } = flags;
  const given = { ...(nodes === undefined ? {} : { nodes }), ...readAssignments(assignments) };
  const found = await findSystem(reference);
  const { name } = found.system;
  const instance = buildInstance(found, { ...servedParameters(name), ...given }, mutant);
  if (instance.kind !== 'processes') {
    throw new UsageError(`'${reference}' is a bare transition system: it has no processes to run`);
  }
  if (!ephemeral) mustTakeDirectory(data);
  const directory = ephemeral ? mkdtempSync(join(tmpdir(), 'lockstep-cluster-')) : join(data, name);
  const attendant = new Attendant(`lockstep cluster ${name}`);
  try {
    const cluster = await LocalCluster.start({
      launcher: process.argv[1] ?? '',
      system: reference,
      parameters: given,
      mutant,
      nodes: instance.processes.map(({ id }) => id),
      directory,
      trace,
      firstPort: port === 0 ? null : port,
      onDeath: (node, why) => attendant.mourn(node, why),
    });
    try {
      await attendant.attend(cluster, ephemeral ? null : directory);
    } finally {
      await cluster.stop();
    }
  } finally {
    if (ephemeral) rmSync(directory, { recursive: true, force: true });
  }
}
