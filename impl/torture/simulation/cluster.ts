/**
 * A cluster in one process: the nodes that run for real elsewhere, over a simulated network, disk and clock. All that
 * happens follows from a seed.
 */

import type { ProcessId } from '../../../model/contract/protocol.ts';
import type { RecordingHeader } from '../../../model/contract/recording.ts';
import { identityOf, type ProcessInstance } from '../../../model/contract/system.ts';
import { Node } from '../../node/node.ts';
import type { Clock, Recorder, Transport } from '../../node/ports.ts';
import { randomisedTimers } from '../../node/timers.ts';
import type { Ask, Reply } from '../../service/client.ts';
import { KeyValueService, type Outcome } from '../../service/key-value-service.ts';
import type { ReplicatedLog } from '../../service/replicated-log.ts';
import type { Victim } from '../nemesis.ts';
import type { Random } from '../random.ts';
import { SimulatedDisk } from './disk.ts';
import { SimulatedNetwork } from './network.ts';
import type { VirtualTime } from './virtual-time.ts';

export interface SimulatedClusterOptions {
  readonly instance: ProcessInstance;
  readonly log: ReplicatedLog;
  readonly time: VirtualTime;
  readonly random: Random;
  readonly origin: Pick<RecordingHeader, 'cluster' | 'system' | 'parameters' | 'mutant'>;
  /** Where a node records what it does; null for nowhere. */
  readonly recorder: (node: ProcessId) => Recorder | null;
  /** A node could not go on: never to be expected. */
  readonly onFailure: (node: ProcessId, error: Error) => void;
}

/** The chance that a reply to a client is lost. */
const LOST_REPLY = 0.01;

/** A machine on which a node runs, over its crashes. */
interface Machine {
  readonly id: ProcessId;
  readonly disk: SimulatedDisk;
  /** How fast its timers run. */
  readonly drift: number;
  /** What its wall clock says beside the time. */
  offset: number;
  /** Grows with each start and crash: what belongs to an earlier life does not happen any more. */
  life: number;
  running: { readonly node: Node; readonly service: KeyValueService } | null;
  /** What waits for the machine to go on; null when it does not stand still. */
  waiting: (() => void)[] | null;
}

export class SimulatedCluster implements Victim {
  readonly nodes: readonly ProcessId[];
  readonly network: SimulatedNetwork;
  readonly #machines: ReadonlyMap<ProcessId, Machine>;

  constructor(private readonly options: SimulatedClusterOptions) {
    const { instance, time, random } = options;
    this.nodes = instance.processes.map(({ id }) => id);
    this.network = new SimulatedNetwork(time, random.fork(), this.nodes);
    this.#machines = new Map(
      this.nodes.map((id) => {
        const disk = new SimulatedDisk(random.fork());
        const drift = random.between(0.9, 1.1);
        return [id, { id, disk, drift, offset: 0, life: 0, running: null, waiting: null }];
      }),
    );
  }

  start(): void {
    for (const id of this.nodes) this.restart(id);
  }

  restart(id: ProcessId): void {
    const machine = this.#machine(id);
    if (machine.running !== null) return;
    machine.life += 1;
    const { instance, log, origin, recorder, onFailure, random } = this.options;
    const protocol = instance.processes.find((process) => process.id === id)?.protocol;
    if (protocol === undefined) return;
    const clock = this.#clock(machine);
    const service: KeyValueService = new KeyValueService(id, () => node, log);
    const node: Node = new Node({
      protocol,
      identity: identityOf(instance, id),
      store: machine.disk.open((ms, run) => void this.#later(machine, ms, run)),
      transport: this.#transport(machine),
      timers: randomisedTimers(protocol, instance.timers, clock, () => random.fraction()),
      clock,
      recorder: recorder(id),
      origin,
      user: service,
      onFailure: (error) => onFailure(id, error),
    });
    machine.running = { node, service };
    node.start();
  }

  kill(id: ProcessId): void {
    const machine = this.#machine(id);
    if (machine.running === null) return;
    machine.running = null;
    machine.life += 1;
    machine.waiting = null;
    machine.disk.crash();
    this.network.detach(id);
  }

  pause(id: ProcessId): void {
    const machine = this.#machine(id);
    if (machine.running !== null) machine.waiting ??= [];
  }

  resume(id: ProcessId): void {
    const machine = this.#machine(id);
    const waiting = machine.waiting ?? [];
    machine.waiting = null;
    for (const run of waiting) this.options.time.soon(run);
  }

  block(from: ProcessId, to: ProcessId): void {
    this.network.block(from, to);
  }

  unblock(from: ProcessId, to: ProcessId): void {
    this.network.unblock(from, to);
  }

  cut(a: ProcessId, b: ProcessId): void {
    this.network.cut(a, b);
  }

  slowNetwork(factor: number): void {
    this.network.slowness = factor;
  }

  slowDisk(id: ProcessId, isSlow: boolean): void {
    this.#machine(id).disk.isSlow = isSlow;
  }

  jumpClock(id: ProcessId, ms: number): void {
    this.#machine(id).offset += ms;
  }

  /** The node at work, for who wants to look; null while it is down. */
  running(id: ProcessId): Node | null {
    return this.#machine(id).running?.node ?? null;
  }

  /** Asks a node as a client does, over a network that loses some replies. */
  readonly ask: Ask = (id, request, timeoutMs) =>
    new Promise((resolve) => {
      const { time, random } = this.options;
      const machine = this.#machine(id);
      const late = time.after(timeoutMs, () => resolve({ type: 'unknown', leader: null, why: `${id} is silent` }));
      const reply = (answer: Reply): void => {
        if (random.chance(LOST_REPLY)) return;
        time.after(random.between(0.1, 1), () => {
          late();
          resolve(answer);
        });
      };
      time.after(random.between(0.1, 1), () => {
        if (machine.running === null) return reply({ type: 'refused', leader: null, why: `${id} is down` });
        this.#later(machine, 0, () => machine.running?.service.execute(request, (outcome) => reply(replyOf(outcome))));
      });
    });

  #machine(id: ProcessId): Machine {
    const machine = this.#machines.get(id);
    if (machine === undefined) throw new RangeError(`there is no node ${id}`);
    return machine;
  }

  /** Runs something on a machine, unless it has crashed by then; when it stands still, as soon as it goes on. */
  #later(machine: Machine, ms: number, run: () => void): () => void {
    const { life } = machine;
    let isCancelled = false;
    const attempt = (): void => {
      if (machine.life !== life || isCancelled) return;
      if (machine.waiting === null) run();
      else machine.waiting.push(attempt);
    };
    const cancel = this.options.time.after(ms, attempt);
    return () => {
      isCancelled = true;
      cancel();
    };
  }

  #clock(machine: Machine): Clock {
    return {
      now: () => this.options.time.now() + machine.offset,
      soon: (run) => void this.#later(machine, 0, run),
      after: (ms, run) => this.#later(machine, ms * machine.drift, run),
    };
  }

  /** The simulated network never has more under way than a node can take, so a node that asks it to pause is not heard. */
  #transport(machine: Machine): Transport {
    const { id } = machine;
    return {
      open: ({ linkUp, linkDown, receive }) =>
        this.network.attach(id, {
          linkUp: (peer, session) => void this.#later(machine, 0, () => linkUp(peer, session)),
          linkDown: (peer, session) => void this.#later(machine, 0, () => linkDown(peer, session)),
          receive: (peer, session, frame) => void this.#later(machine, 0, () => receive(peer, session, frame)),
        }),
      send: (peer, session, frame) => this.network.send(id, peer, session, frame),
      flush: () => {},
      pause: () => {},
      resume: () => {},
    };
  }
}

function replyOf(outcome: Outcome): Reply {
  switch (outcome.type) {
    case 'executed':
      return outcome;
    case 'elsewhere':
      return { type: 'refused', leader: outcome.leader, why: 'it does not lead' };
    case 'busy':
      return { type: 'refused', leader: null, why: 'it has too much to do' };
    case 'unclear':
      return { type: 'unknown', leader: outcome.leader, why: 'it does not lead any more' };
  }
}
