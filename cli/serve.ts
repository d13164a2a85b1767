/** `lockstep serve`: runs one node, until it is told to stop. */

import type { Command } from 'commander';
import { type GivenConfig, type HostConfig, readConfig, readConfigFile } from '../impl/host/config.ts';
import { hostNode } from '../impl/host/host.ts';
import { LOG_LEVELS, openLog } from '../impl/log.ts';
import { servedParameters, serviceOf } from '../impl/service/services.ts';
import { UsageError } from '../model/contract/errors.ts';
import { effectiveParameters, type ProcessInstance } from '../model/contract/system.ts';
import { readAssignments } from './assignments.ts';
import { EXIT } from './exit.ts';
import { helpAfter } from './help.ts';
import { SYSTEM_ARGUMENT } from './options.ts';
import { mustTakeDirectory } from './output-directory.ts';
import { buildInstance, findSystem } from './system-argument.ts';

const HELP = helpAfter(
  [
    ['lockstep serve --config n1.json', 'as a file says'],
    ['lockstep serve --config all.json --node n2', 'flags take precedence'],
    [
      'lockstep serve paxos nodes=1 --node n1 --nodes n1=127.0.0.1:7001 --data n1',
      'a cluster of one; its state goes to the directory n1',
    ],
  ],
  'A configuration file is a JSON object: cluster, system, parameters, mutant, node, nodes, listen, http, clients, data, ephemeral, ' +
    'trace, tls {ca, cert, key}, allowPlaintext, log, limits. Logs are JSON lines on stderr.',
  'SIGTERM and Ctrl-C stop the node when what it has promised has left it. ' +
    'Exit codes: 0 stopped as asked, 2 it could not start or could not go on.',
);

interface ServeFlags {
  readonly config?: string;
  readonly cluster?: string;
  readonly node?: string;
  readonly nodes?: Readonly<Record<string, string>>;
  readonly listen?: string;
  readonly http?: string;
  readonly clients?: Readonly<Record<string, string>>;
  readonly data?: string;
  readonly ephemeral?: boolean;
  readonly trace?: string;
  readonly mutant?: string;
  readonly tlsCa?: string;
  readonly tlsCert?: string;
  readonly tlsKey?: string;
  readonly allowPlaintext?: boolean;
  readonly log?: string;
  readonly withInput?: boolean;
}

export function defineServe(command: Command): void {
  command
    .description('Runs one process of a system for real: over TCP, with its durable state on disk.')
    .argument('[system]', SYSTEM_ARGUMENT)
    .argument('[parameters...]', 'NAME=VALUE: parameters of the system, as lockstep list SYSTEM shows them')
    .option('--config <file>', 'read the configuration from a file; flags take precedence')
    .option('--node <id>', "which of the system's processes this is")
    .option('--nodes <addresses>', 'where they all listen: n1=HOST:PORT,n2=HOST:PORT,...', readNodes)
    .option('--data <directory>', 'where the durable state goes')
    .option('--ephemeral', 'keep the state in memory: for demonstrations, since a node that forgets breaks promises')
    .option('--http <address>', 'serve clients, /health and /metrics on this HOST:PORT')
    .option(
      '--clients <addresses>',
      'where each node serves clients, to send them to the leader: n1=HOST:PORT,...',
      readNodes,
    )
    .option('--trace <directory>', 'record what the node does, for lockstep conform')
    .option('--cluster <name>', 'nodes of different clusters never talk (default: lockstep)')
    .option('--listen <address>', 'listen here, when not at the address in --nodes')
    .option('--tls-ca <file>', "the certificate of the cluster's authority: nobody else is let in")
    .option('--tls-cert <file>', "this node's certificate, which names the node")
    .option('--tls-key <file>', 'its key')
    .option('--allow-plaintext', 'listen beyond this machine without TLS')
    .option('--with-input', 'stop when the standard input ends, and so with the program that has started this one')
    .option('--mutant <name>', 'break one rule of the system on purpose')
    .option('--log <level>', `how much is logged: ${LOG_LEVELS.join(', ')} (default: info)`)
    .addHelpText('after', HELP)
    .action(run);
}

async function run(reference: string | undefined, assignments: readonly string[], flags: ServeFlags): Promise<void> {
  const given = readConfig(givenConfig(reference, assignments, flags), flags.config ?? 'the command line');
  const { config, instance } = await resolved(given);
  for (const directory of [config.data, config.trace]) if (directory !== undefined) mustTakeDirectory(directory);
  const log = openLog(config.node, config.log);
  const hosted = await hostNode(config, instance, log, serviceOf(config, instance));
  const ended = await Promise.race([hosted.failed, signalled(), ...(flags.withInput === true ? [inputEnded()] : [])]);
  if (ended instanceof Error) process.exitCode = EXIT.error;
  else log.info(`${ended}: ${config.node} stops`);
  await hosted.stop();
}

/** What flags say, before what the file says. */
function givenConfig(
  reference: string | undefined,
  assignments: readonly string[],
  { config, tlsCa, tlsCert, tlsKey, withInput: _, ...flags }: ServeFlags,
): unknown {
  const file = config === undefined ? {} : readConfigFile(config);
  if (typeof file !== 'object' || file === null || Array.isArray(file)) return file;
  const { parameters = {}, tls = {} } = file as Partial<GivenConfig>;
  const files = { ca: tlsCa, cert: tlsCert, key: tlsKey };
  const tlsFlags = Object.fromEntries(Object.entries(files).filter(([, path]) => path !== undefined));
  return {
    ...file,
    ...flags,
    ...(reference === undefined ? {} : { system: reference }),
    ...(assignments.length === 0 ? {} : { parameters: { ...parameters, ...readAssignments(assignments) } }),
    ...(Object.keys(tlsFlags).length === 0 ? {} : { tls: { ...tls, ...tlsFlags } }),
  };
}

/** The system that is meant, and the configuration with all its parameters. */
async function resolved(given: HostConfig): Promise<{ config: HostConfig; instance: ProcessInstance }> {
  const { system: reference, parameters, mutant } = given;
  const found = await findSystem(reference);
  const served = { ...servedParameters(found.system.name), ...parameters };
  const instance = buildInstance(found, served, mutant);
  if (instance.kind !== 'processes') {
    throw new UsageError(`'${reference}' is a bare transition system: it has no processes to run`);
  }
  return { instance, config: { ...given, parameters: effectiveParameters(found.system, served, mutant) } };
}

/** n1=HOST:PORT,n2=HOST:PORT */
function readNodes(text: string): Record<string, string> {
  return readAssignments(text.split(','));
}

function inputEnded(): Promise<string> {
  return new Promise((resolve) => {
    process.stdin.once('close', () => resolve('the input has ended'));
    process.stdin.resume();
  });
}

function signalled(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    process.once('SIGTERM', resolve);
    process.once('SIGINT', resolve);
  });
}
