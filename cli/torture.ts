/** `lockstep torture`: a cluster under clients and a nemesis, then judged by all that was recorded. */

import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Command } from 'commander';
import { duration } from '../explorer/report/numbers.ts';
import { type Conformance, conform } from '../impl/conformance/conform.ts';
import { conformanceJson, conformanceText } from '../impl/conformance/report.ts';
import { FileRecorder, recordingPath } from '../impl/recording/file-recorder.ts';
import { replicatedLogs } from '../impl/service/replicated-log.ts';
import { historyFile } from '../impl/torture/history-file.ts';
import { type Ordeal, survivedText, tallyText } from '../impl/torture/ordeal.ts';
import { type SoakOptions, soak } from '../impl/torture/simulation/simulate.ts';
import { torment } from '../impl/torture/torment.ts';
import { messageOf, UsageError } from '../model/contract/errors.ts';
import type { ParameterValue } from '../model/contract/parameter.ts';
import { effectiveParameters, type ProcessInstance } from '../model/contract/system.ts';
import { readAssignments } from './assignments.ts';
import { EXIT } from './exit.ts';
import { helpAfter } from './help.ts';
import { stoppable } from './interrupt.ts';
import { wholeNumber } from './numbers.ts';
import { SYSTEM_ARGUMENT } from './options.ts';
import { mustTakeDirectory } from './output-directory.ts';
import { busy, printJson, remark, voice } from './streams.ts';
import { buildInstance, type FoundSystem, findSystem } from './system-argument.ts';

const HELP = helpAfter(
  [
    ['lockstep torture raft', 'real processes, disks and sockets, for a minute'],
    ['lockstep torture raft --seconds 600 --seed 7', 'for ten, with the faults of a seed'],
    ['lockstep torture raft --simulated --seed 7', 'a minute of virtual time, in one process'],
    ['lockstep torture raft --simulated --mutant volatile-log', 'servers that forget their logs do not survive'],
  ],
  'The same seed gives the same faults; with --simulated, the same run in all that happens. Real processes and disks have ' +
    'their own ways, and clocks and disks are tormented in simulation only. No disk is wiped: neither Raft nor Omni-Paxos allows it.',
  'Exit codes: 0 survived, 1 something was violated, 2 usage or model error, 3 stopped early (nothing violated so far).',
);

interface TortureFlags {
  readonly seconds: number;
  readonly seed?: number;
  readonly clients: number;
  readonly simulated?: boolean;
  readonly out?: string;
  readonly mutant?: string;
  readonly json?: boolean;
  readonly verbose?: boolean;
}

/** What is to be run, and where its recordings go. */
interface Plan {
  readonly found: FoundSystem;
  readonly instance: ProcessInstance;
  /** All of them. */
  readonly parameters: Readonly<Record<string, ParameterValue>>;
  readonly mutant: string | null;
  readonly seed: number;
  readonly directory: string;
}

export function defineTorture(command: Command): void {
  command
    .description(
      'Runs a local cluster under concurrent clients while a nemesis kills, pauses, partitions, cuts and slows it; then ' +
        'judges all recordings against the model, and what the clients saw for linearizability.',
    )
    .argument('<system>', SYSTEM_ARGUMENT)
    .argument('[parameters...]', 'NAME=VALUE: parameters of the system, as lockstep list SYSTEM shows them')
    .option('--seconds <n>', 'how long', wholeNumber(1), 60)
    .option('--seed <n>', 'what the nemesis and the clients do (default: by the clock, and told)', wholeNumber(0))
    .option('--clients <n>', 'how many clients at once', wholeNumber(1), 8)
    .option('--simulated', 'in one process, with simulated network, disk and clock: exactly reproducible')
    .option('--out <directory>', 'keep recordings and logs here (default: only when something is violated)')
    .option('--mutant <name>', 'break one rule of the system on purpose')
    .option('--verbose', 'tell each fault as it is inflicted')
    .option('--json', 'print one JSON document; text for people goes to stderr')
    .addHelpText('after', HELP)
    .action(run);
}

async function run(reference: string, assignments: readonly string[], flags: TortureFlags): Promise<void> {
  const { out, seconds, simulated = false, json = false, mutant = null } = flags;
  const found = await findSystem(reference);
  const log = replicatedLogs[found.system.name];
  if (log === undefined) {
    const names = Object.keys(replicatedLogs).join(', ');
    throw new UsageError(`'${reference}' serves no key-value store; these do: ${names}`);
  }
  const parameters = effectiveParameters(found.system, { ...log.parameters, ...readAssignments(assignments) }, mutant);
  const instance = buildInstance(found, parameters, mutant) as ProcessInstance;
  const seed = flags.seed ?? Date.now() % 1_000_000;
  const directory = out ?? mkdtempSync(join(tmpdir(), 'lockstep-torture-'));
  mustBeEmpty(directory);
  const plan: Plan = { found, instance, parameters, mutant, seed, directory };
  const { say, paper } = voice({ json });
  const kind = simulated ? 'seconds of virtual time' : 'seconds, real processes';
  say(
    `torture ${reference}: ${instance.processes.length} nodes, ${flags.clients} clients, ${seconds} ${kind}, seed ${seed}`,
  );

  const { ordeal, wasStopped } = await stoppable(async (signal) => {
    const told = flags.verbose === true ? (what: string) => remark(what) : () => {};
    const { clients } = flags;
    const endured = await (simulated
      ? simulatedOrdeal(plan, { log, seconds, clients, signal, tell: told })
      : torment({
          launcher: process.argv[1] ?? '',
          system: reference,
          parameters,
          mutant,
          nodes: instance.processes.map(({ id }) => id),
          seed,
          seconds,
          clients,
          directory,
          tell: told,
          signal,
        }));
    return { ordeal: endured, wasStopped: signal.aborted };
  });
  const recordings = instance.processes.map(({ id }) => recordingPath(directory, id));
  const judged: Conformance = busy('judging recordings', () =>
    conform(recordings, instance, { histories: [ordeal.history] }),
  );
  const isSurvived = ordeal.failures.length === 0 && judged.verdict === 'conforms';
  process.exitCode = !isSurvived ? EXIT.violated : wasStopped ? EXIT.stopped : EXIT.holds;

  if (json) printJson({ seed, directory: out ?? null, ordeal, conformance: conformanceJson(judged) });
  say(['', ...ordealLines(ordeal, wasStopped), ''].join('\n'));
  say(conformanceText(instance, judged, paper));
  if (out === undefined && isSurvived) rmSync(directory, { recursive: true, force: true });
  else say(`\nrecordings and logs are in ${directory}`);
}

/** The same in virtual time, recorded in the same way. */
async function simulatedOrdeal(
  { found, instance, parameters, mutant, seed, directory }: Plan,
  given: Pick<SoakOptions, 'log' | 'seconds' | 'clients' | 'signal' | 'tell'>,
): Promise<Ordeal> {
  const failures: string[] = [];
  const recorders = new Map(
    instance.processes.map(({ id }) => [
      id,
      new FileRecorder(directory, id, (error) => failures.push(`the recording of ${id} ended: ${messageOf(error)}`)),
    ]),
  );
  const history = historyFile(directory, 'torture');
  const origin = { cluster: 'simulated', system: found.reference, parameters, mutant };
  const endured = await soak({ ...given, instance, origin, seed, recorder: (id) => recorders.get(id) ?? null });
  for (const event of endured.history) history.sink(event);
  history.close();
  for (const recorder of recorders.values()) recorder.close();
  return { ...endured, failures: [...endured.failures, ...failures], history: history.path };
}

function ordealLines({ tally, survived, term, failures, elapsedMs }: Ordeal, wasStopped: boolean): string[] {
  return [
    `survived: ${survivedText(survived)}`,
    `clients: ${tallyText(tally)}`,
    `it took ${duration(elapsedMs)}; the last term is ${term}${wasStopped ? '; stopped early' : ''}`,
    ...failures.map((failure) => `FAILED: ${failure}`),
  ];
}

/** What is recorded must not be mixed with what was recorded before. */
function mustBeEmpty(directory: string): void {
  mustTakeDirectory(directory);
  mkdirSync(directory, { recursive: true });
  if (readdirSync(directory).length > 0) throw new UsageError(`${directory} is not empty: give another --out`);
}
