/**
 * Conformance, code to model: what the nodes of a cluster recorded is a run of the model.
 *
 * One pass over the recordings, in time linear in them: each node's lines are replayed (node-replay.ts), the nodes' steps are
 * merged in causal order over the sessions between them (causal-merge.ts), and properties are judged along that run
 * (run-judge.ts). What the clients saw is judged by itself (clients.ts).
 *
 * A run is legal by the protocol and the network alone. The budgets of the system's environment are not asked: a real
 * environment crashes, cuts and asks as it likes.
 */

import { equal } from '../../model/contract/data.ts';
import { ModelError, UsageError } from '../../model/contract/errors.ts';
import type { ParameterValue } from '../../model/contract/parameter.ts';
import type { ProcessId } from '../../model/contract/protocol.ts';
import type { RecordingHeader } from '../../model/contract/recording.ts';
import { identityOf, type ProcessInstance } from '../../model/contract/system.ts';
import { causalMerge } from './causal-merge.ts';
import { type ClientsSummary, judgeClients } from './clients.ts';
import { Diverged, type Divergence } from './divergence.ts';
import { type Occurrence, type ReplayCounts, replayNode } from './node-replay.ts';
import { joinsIn, readRecording, type Torn } from './recording-file.ts';
import { DEFAULT_JUDGED, type Judged, RunJudge } from './run-judge.ts';

/** One node's recording, as far as it was read. */
export interface NodeSummary extends Readonly<ReplayCounts> {
  readonly node: ProcessId;
  readonly file: string;
  /** Lines that a kill has torn. */
  readonly torn: readonly number[];
}

export interface Conformance {
  readonly cluster: string;
  readonly system: string;
  readonly parameters: Readonly<Record<string, ParameterValue>>;
  readonly mutant: string | null;
  readonly verdict: 'conforms' | 'diverges';
  readonly nodes: readonly NodeSummary[];
  /** Processes of the system of which there is no recording: nobody has heard of them. */
  readonly absent: readonly ProcessId[];
  /** Steps in the merged run; up to the divergence, if there is one. */
  readonly steps: number;
  readonly properties: readonly Judged[];
  /** What the clients saw; null when no history of theirs was given. */
  readonly clients: ClientsSummary | null;
  /** The first one in the merged run, or what the clients saw. */
  readonly divergence: Divergence | null;
  readonly elapsedMs: number;
}

export interface ConformOptions {
  /** Of how many first steps properties that have no monitor are judged. */
  readonly judged?: number;
  /** Files in which clients have written what they saw. */
  readonly histories?: readonly string[];
}

/**
 * The header with which a recording begins.
 *
 * @throws UsageError when there is none.
 */
export function headerOf(file: string): RecordingHeader {
  for (const { content } of readRecording(file, [])) {
    if (content.kind === 'header') return content.header;
    break;
  }
  throw new UsageError(`${file} does not begin with the header of a recording`);
}

/**
 * Judges the recordings of the nodes of one cluster against the system that they ran.
 *
 * @param files one for each node
 * @throws UsageError when they are not whole recordings of one cluster that ran this system; ModelError when the model fails.
 */
export function conform(
  files: readonly string[],
  instance: ProcessInstance,
  options: ConformOptions = {},
): Conformance {
  const started = performance.now();
  const headers = files.map(headerOf);
  const [first] = headers;
  if (first === undefined) throw new UsageError('there is no recording to judge');
  const recordings = headers.map((header, index) => recordingOf(files[index] ?? '', header, first, instance));
  const ids = recordings.map(({ summary }) => summary.node);
  const twice = ids.find((id, index) => ids.indexOf(id) < index);
  if (twice !== undefined) throw new UsageError(`there are two recordings of ${twice}`);

  const judge = new RunJudge(instance, options.judged ?? DEFAULT_JUDGED);
  const { histories = [] } = options;
  let clients: ClientsSummary | null = null;
  let steps = 0;
  let divergence: Divergence | null = null;
  try {
    const runs = new Map(recordings.map(({ summary, run }) => [summary.node, run]));
    const joins = new Map(recordings.map(({ summary }) => [summary.node, joinsIn(summary.file)]));
    for (const occurrence of causalMerge(runs, joins)) {
      if (occurrence.kind === 'step') steps += 1;
      judge.judge(occurrence);
    }
    if (histories.length > 0) clients = judgeClients(histories);
  } catch (thrown) {
    if (!(thrown instanceof Diverged)) throw thrown;
    divergence = thrown.divergence;
  } finally {
    for (const { run } of recordings) run.return(undefined);
  }
  const { cluster, system, parameters, mutant } = first;
  return {
    cluster,
    system,
    parameters,
    mutant,
    verdict: divergence === null ? 'conforms' : 'diverges',
    nodes: recordings.map(({ summary }) => summary),
    absent: instance.processes.map(({ id }) => id).filter((id) => !ids.includes(id)),
    steps,
    properties: judge.judged,
    clients,
    divergence,
    elapsedMs: performance.now() - started,
  };
}

function recordingOf(file: string, header: RecordingHeader, first: RecordingHeader, instance: ProcessInstance) {
  const { node } = header;
  const hosted = instance.processes.find(({ id }) => id === node);
  if (hosted === undefined) {
    const ids = instance.processes.map(({ id }) => id).join(', ');
    throw new UsageError(`${file} is of node '${node}', which is no process of system '${header.system}' (${ids})`);
  }
  const { protocol } = hosted;
  const torn: Torn = [];
  const counts: ReplayCounts = { lines: 0, incarnations: 0, steps: 0, undone: 0 };
  const mustFit = (other: RecordingHeader, line: number): void => {
    const where = `${file}, line ${line},`;
    if (other.node !== node) throw new UsageError(`${where} is of node '${other.node}', not of '${node}'`);
    for (const field of ['cluster', 'system', 'parameters', 'mutant'] as const) {
      if (equal(other[field], first[field])) continue;
      const [its, others] = [other[field], first[field]].map((value) => JSON.stringify(value));
      throw new UsageError(
        `${where} is of ${field} ${its}, the first recording of ${others}: they are not of one cluster`,
      );
    }
    if (other.protocol === protocol.name && other.protocolVersion === protocol.version) return;
    const [recorded, known] = [
      `${other.protocol} version ${other.protocolVersion}`,
      `${protocol.name} version ${protocol.version}`,
    ];
    throw new UsageError(`${where} is of ${recorded}, but the system runs ${known}`);
  };
  const replayed = { node, file, protocol, identity: identityOf(instance, node) };
  const run: Generator<Occurrence> = replayNode(
    replayed,
    (foretell) => readRecording(file, torn, foretell),
    counts,
    mustFit,
  );
  const summary: NodeSummary = Object.assign(counts, { node, file, torn });
  return { summary, run };
}

/** @throws ModelError for a bare transition system, which has no processes to record. */
export function processesOf(system: string, instance: { readonly kind: string }): asserts instance is ProcessInstance {
  if (instance.kind !== 'processes')
    throw new ModelError(`system '${system}' has no processes: nothing of it can be recorded`);
}
