/**
 * Conformance, model to code: schedules of the model are driven through real processes, over real sockets, and after each
 * step the node that took it is in the state that the model has, has told its users the same, and every message that the
 * model has in flight has arrived and is held, and no other.
 */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { GlobalState } from '../../../explorer/semantics/processes.ts';
import type { Successor } from '../../../explorer/semantics/semantics.ts';
import { canonical, fromCanonical, toJson } from '../../../model/contract/data.ts';
import { ModelError, UsageError } from '../../../model/contract/errors.ts';
import type { ParameterValue } from '../../../model/contract/parameter.ts';
import type { ProcessId } from '../../../model/contract/protocol.ts';
import type { ProcessInstance } from '../../../model/contract/system.ts';
import type { TraceEvent } from '../../../model/contract/trace.ts';
import { differencesOf } from '../differences.ts';
import type { Difference } from '../divergence.ts';
import { type LocalTransitions, localTransitions } from './local-transitions.ts';
import type { Answer } from './orders.ts';
import { DrivingFailed, RemoteNode } from './remote-node.ts';
import { coveringSchedules, type Schedule, stepsOf } from './schedules.ts';
import { Wires } from './wires.ts';

/** What is driven. */
export interface Driven {
  /** A built-in system, by name. */
  readonly system: string;
  readonly parameters: Readonly<Record<string, ParameterValue>>;
  readonly instance: ProcessInstance;
}

export interface DriveOptions {
  /** The file of driven-node, compiled. */
  readonly program?: string;
  /** A mutant that the nodes run, while the model does not: for a proof that this can fail. */
  readonly mutant?: string | null;
  readonly onProgress?: (progress: DriveProgress) => void;
}

export interface DriveProgress {
  readonly schedule: number;
  readonly schedules: number;
  readonly steps: number;
}

/** Where the nodes are not what the model says. */
export interface DrivenDivergence {
  /** The events of the schedule, the one after which they differ being the last. */
  readonly events: readonly TraceEvent[];
  readonly message: string;
  readonly differences: readonly Difference[];
}

export interface DriveResult {
  readonly verdict: 'conforms' | 'diverges';
  readonly states: number;
  /** Distinct local transitions: those that the model has, and those that were taken by the nodes. */
  readonly known: number;
  readonly exercised: number;
  readonly schedules: number;
  readonly steps: number;
  readonly divergence: DrivenDivergence | null;
  readonly elapsedMs: number;
}

const PROGRAM = fileURLToPath(new URL('./driven-node.js', import.meta.url));

/**
 * Drives schedules that cover every distinct local transition through processes of its own.
 *
 * @throws UsageError when the instance cannot be driven.
 */
export async function drive(driven: Driven, options: DriveOptions = {}): Promise<DriveResult> {
  const started = performance.now();
  const { instance } = driven;
  const { program = PROGRAM, mutant = null, onProgress } = options;
  mustBeDrivable(instance);
  const transitions = await localTransitions(instance);
  const schedules = coveringSchedules(transitions);
  const directory = mkdtempSync(join(tmpdir(), 'lockstep-driven-'));
  const ids = instance.processes.map(({ id }) => id);
  const wires = await Wires.between(ids);
  const nodes = new Map(ids.map((id) => [id, new RemoteNode(id, program)]));
  const exercised = new Set<number>();
  let steps = 0;
  let divergence: DrivenDivergence | null = null;
  try {
    for (const [index, schedule] of schedules.entries()) {
      onProgress?.({ schedule: index + 1, schedules: schedules.length, steps });
      const place = join(directory, String(index));
      const run = new DrivenRun(driven, mutant, nodes, wires, place, transitions);
      divergence = await run.take(schedule, exercised);
      steps += run.taken;
      rmSync(place, { recursive: true, force: true });
      if (divergence !== null) break;
    }
  } finally {
    await Promise.all([...nodes.values()].map((node) => node.kill()));
    wires.close();
    rmSync(directory, { recursive: true, force: true });
  }
  return {
    verdict: divergence === null ? 'conforms' : 'diverges',
    states: transitions.graph.size,
    known: transitions.known,
    exercised: exercised.size,
    schedules: schedules.length,
    steps,
    divergence,
    elapsedMs: performance.now() - started,
  };
}

function mustBeDrivable({ network, environment }: ProcessInstance): void {
  const { crashes = 0, losses = 0, duplications = 0 } = environment;
  if (network === 'set')
    throw new UsageError('a set duplicates messages at will: drive it with network=bag or network=fifo');
  if (losses > 0 || duplications > 0)
    throw new UsageError('sockets neither lose nor duplicate messages: drive it without');
  if (network !== 'fifo' && crashes !== 0)
    throw new UsageError('with a crash, sockets lose what was sent to the process: drive crashes with network=fifo');
}

/** Thrown where a node is not as it should be. */
class Unlike extends Error {
  constructor(
    message: string,
    readonly differences: readonly Difference[],
  ) {
    super(message);
  }
}

/** A run of all nodes, from their start. */
class DrivenRun {
  readonly #events: TraceEvent[] = [];
  readonly #ids: readonly ProcessId[];

  constructor(
    readonly driven: Driven,
    readonly mutant: string | null,
    readonly nodes: ReadonlyMap<ProcessId, RemoteNode>,
    readonly wires: Wires,
    readonly directory: string,
    readonly transitions: LocalTransitions,
  ) {
    this.#ids = [...nodes.keys()];
  }

  /** How many steps were taken. */
  get taken(): number {
    return this.#events.length;
  }

  /** @param exercised the local transitions that were taken are added to it */
  async take(schedule: Schedule, exercised: Set<number>): Promise<DrivenDivergence | null> {
    const { graph, initial, of } = this.transitions;
    let state = graph.configuration(initial) as GlobalState;
    try {
      await this.#begin(state);
      for (const step of stepsOf(this.transitions, schedule)) {
        const local = of[schedule[this.taken] ?? 0] ?? -1;
        this.#events.push(step.event);
        await this.#take(state, step);
        if (local !== -1) exercised.add(local);
        state = step.state;
      }
      await this.#end(state);
      return null;
    } catch (thrown) {
      if (!(thrown instanceof Unlike || thrown instanceof DrivingFailed)) throw thrown;
      return {
        events: this.#events,
        message: thrown.message,
        differences: thrown instanceof Unlike ? thrown.differences : [],
      };
    }
  }

  /** All nodes start, and are told of their first sessions: to the model, these are there from the beginning. */
  async #begin(state: GlobalState): Promise<void> {
    await Promise.all(this.#ids.map((id) => this.#assign(id)));
    // A node dials those that come after it.
    for (const id of this.#ids.toReversed()) await this.#node(id).order({ type: 'start' });
    for (const id of this.#ids) {
      for (const peer of this.#peersOf(id))
        await this.#node(id).until(
          () => this.#isUp(id, peer),
          () => `a session with ${peer}`,
        );
    }
    const sent = new Map<string, number>();
    const release = async (id: ProcessId, peer: ProcessId): Promise<void> => {
      const { sentTo } = await this.#node(id).release(peer, 0);
      for (const to of sentTo) sent.set(`${id}>${to}`, (sent.get(`${id}>${to}`) ?? 0) + 1);
    };
    for (const id of this.#ids) for (const peer of this.#peersOf(id)) await release(id, peer);
    // What a protocol sends because of that is received before the schedule begins; it must not matter.
    for (
      let lane = [...sent].find(([, count]) => count > 0);
      lane !== undefined;
      lane = [...sent].find(([, count]) => count > 0)
    ) {
      const [name, count] = lane;
      const [from = '', to = ''] = name.split('>');
      await this.#node(to).until(
        () => this.#node(to).heldFrom(from).length > 0,
        () => `a message from ${from}`,
      );
      sent.set(name, count - 1);
      await release(to, from);
    }
    for (const id of this.#ids) {
      const { local } = await this.#node(id).order({ type: 'discard', peer: id, count: 0 });
      mustBeAlike(`the state of ${id} at the start`, this.#localOf(state, id), local);
    }
    await this.#mustHold(state);
  }

  async #end({ processes }: GlobalState): Promise<void> {
    for (const id of this.#ids) {
      if (processes[id]?.up === true) await this.#node(id).order({ type: 'end' });
      else this.#node(id).restart();
      this.#node(id).forget();
    }
  }

  async #assign(node: ProcessId): Promise<void> {
    const { system, parameters } = this.driven;
    const ports = this.wires.portsOf(node, this.#ids);
    const data = join(this.directory, node);
    const assignment = { system, parameters, mutant: this.mutant, node, ports, data };
    const { port } = await this.#node(node).order({ type: 'assign', assignment });
    this.wires.listensAt(node, port);
  }

  async #take(before: GlobalState, { event, state, effects }: Successor<GlobalState>): Promise<void> {
    const answer = await this.#perform(before, event);
    if (answer !== null && 'process' in event) {
      mustBeAlike(`the state of ${event.process}`, this.#localOf(state, event.process), answer.local);
      const told = effects.filter(({ type }) => type === 'respond' || type === 'indicate');
      mustBeAlike(`what ${event.process} told its users`, canonical(told), `[${answer.told.join(',')}]`);
    }
    await this.#mustHold(state);
  }

  /** Makes the event happen. The answer is that of the process that took a step, if one did. */
  async #perform(before: GlobalState, event: TraceEvent): Promise<Answer | null> {
    switch (event.type) {
      case 'request': {
        const { client, request } = event;
        return this.#node(event.process).order({ type: 'request', client, request: toJson(request) });
      }
      case 'timeout':
        return this.#node(event.process).order({ type: 'fire', timer: event.timer });
      case 'receive': {
        const node = this.#node(event.process);
        const text = canonical(event.message);
        const at = node.heldFrom(event.from).findIndex(({ message }) => message === text);
        if (at === -1) throw new Unlike(`${event.process} does not hold the message from ${event.from}`, []);
        return node.release(event.from, at);
      }
      case 'linkDown': {
        const node = this.#node(event.process);
        const at = node.heldFrom(event.peer).findIndex(({ kind }) => kind === 'linkDown');
        return node.release(event.peer, at);
      }
      case 'linkUp':
        return this.#node(event.process).release(event.peer, 0);
      case 'crash':
        await this.#crash(before, event.process);
        return null;
      case 'recover':
        this.#node(event.process).restart();
        await this.#assign(event.process);
        return this.#node(event.process).order({ type: 'start' });
      case 'cut':
        this.wires.cut(event.process, event.peer);
        await this.#lose(before, event.process, event.peer);
        await this.#lose(before, event.peer, event.process);
        return null;
      case 'connect':
        await this.#connected(event.process, event.peer);
        return null;
      case 'lose':
      case 'duplicate':
      case 'action':
        throw new ModelError(`a schedule for processes over sockets has the event ${event.type}`);
    }
  }

  async #crash(before: GlobalState, id: ProcessId): Promise<void> {
    await this.#node(id).kill();
    for (const peer of this.#peersOf(id)) {
      if (before.processes[peer]?.up === true) await this.#lose(before, peer, id);
    }
  }

  /** A node's side of a session that is lost: it holds the linkDown, or never hears of a session that it did not know of. */
  async #lose(before: GlobalState, id: ProcessId, peer: ProcessId): Promise<void> {
    const session = before.transit.kind === 'fifo' ? before.transit.links[`${peer}>${id}`]?.session : 'down';
    if (session === 'down') return;
    const node = this.#node(id);
    const isDown = () => node.heldFrom(peer).some(({ kind }) => kind === 'linkDown');
    await node.until(isDown, () => `the end of the session with ${peer}`);
    if (session !== 'opening') return;
    await node.discard(peer, node.heldFrom(peer).findIndex(({ kind }) => kind === 'linkDown') + 1);
  }

  /** Both nodes hold the linkUp of one and the same session, and nothing of earlier ones. */
  async #connected(a: ProcessId, b: ProcessId): Promise<void> {
    for (const [id, peer] of [
      [a, b],
      [b, a],
    ] as const) {
      const node = this.#node(id);
      await node.until(
        () => this.#isUp(id, peer),
        () => `a new session with ${peer}`,
      );
      const over = node.heldFrom(peer).findLastIndex(({ kind }) => kind === 'linkDown');
      if (over !== -1) await node.discard(peer, over + 1);
    }
    const sessionOf = (id: ProcessId, peer: ProcessId) => this.#node(id).heldFrom(peer)[0]?.session;
    if (sessionOf(a, b) !== sessionOf(b, a)) {
      await this.#node(a).until(
        () => false,
        () => `the same session with ${b} as ${b} has with it`,
      );
    }
  }

  /** Whether the last that is held of sessions with a peer is that there is one. */
  #isUp(id: ProcessId, peer: ProcessId): boolean {
    return (
      this.#node(id)
        .heldFrom(peer)
        .findLast(({ kind }) => kind !== 'message')?.kind === 'linkUp'
    );
  }

  /** Everything that the model has in flight has arrived, and nothing else. */
  async #mustHold({ transit, processes }: GlobalState): Promise<void> {
    for (const id of this.#ids) {
      if (processes[id]?.up !== true) continue;
      for (const peer of this.#peersOf(id)) {
        const node = this.#node(id);
        const expected =
          transit.kind === 'fifo'
            ? (transit.links[`${peer}>${id}`]?.queue ?? []).map(canonical)
            : transit.messages
                .filter(({ from, to }) => from === peer && to === id)
                .map(({ message }) => canonical(message));
        const held = (): string[] => node.heldFrom(peer).flatMap(({ message }) => (message === null ? [] : [message]));
        const inOrder = (texts: readonly string[]) => (transit.kind === 'fifo' ? texts : texts.toSorted());
        await node.until(
          () => held().length >= expected.length,
          () => `${expected.length} messages from ${peer}; it holds ${held().length}`,
        );
        mustBeAlike(`what is in flight from ${peer} to ${id}`, `[${inOrder(expected)}]`, `[${inOrder(held())}]`);
      }
    }
  }

  #localOf({ processes }: GlobalState, id: ProcessId): string {
    const process = processes[id];
    return process?.up === true ? canonical(process.local) : 'null';
  }

  #peersOf(id: ProcessId): ProcessId[] {
    return this.#ids.filter((peer) => peer !== id);
  }

  #node(id: ProcessId): RemoteNode {
    const node = this.nodes.get(id);
    if (node === undefined) throw new ModelError(`there is no process '${id}'`);
    return node;
  }
}

/** @param model, node canonical texts */
function mustBeAlike(what: string, model: string, node: string | null): void {
  if (model === node) return;
  throw new Unlike(
    `${what} is not the model's`,
    differencesOf(fromCanonical(model), node === null ? null : fromCanonical(node)),
  );
}
