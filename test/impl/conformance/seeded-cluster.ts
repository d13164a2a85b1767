/**
 * A cluster of real nodes in one process, under a scheduler with a seed: it delivers, loses sessions, fires timers, finishes
 * writes, kills and restarts, one thing at a time. Every node records into a file. What lies between the nodes and their
 * recordings can be sabotaged.
 */

import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { Node } from '../../../impl/node/node.ts';
import type { Change, Frame, Store, TransportEvents } from '../../../impl/node/ports.ts';
import type { AnyTagged, ProcessId, Protocol } from '../../../model/contract/protocol.ts';
import { printHeader, printMark, printStep } from '../../../model/contract/recording.ts';
import { identityOf, type ProcessInstance, type System } from '../../../model/contract/system.ts';

/** What a broken runtime does. Each is given what a sound one would do, and says what is done instead. */
export interface Sabotage {
  /** Whether effects leave before the write is done; or the disk itself says that it is done before it is. */
  readonly early?: 'sends' | 'disk';
  /** What a node finds on its disk. */
  readonly recovered?: (kept: unknown) => unknown;
  /** What goes to the disk. */
  readonly written?: (kept: unknown) => unknown;
  /** The frames of a session, when one is added. */
  readonly queued?: (frames: Frame[]) => Frame[];
  readonly dropsLinkDown?: boolean;
  /** The protocol that is run in truth. */
  readonly protocol?: (sound: Protocol) => Protocol;
}

interface Lane {
  readonly session: string;
  /** Over: what has not been delivered by the linkDown is lost. */
  isClosing: boolean;
  frames: Frame[];
}

export interface Answer {
  readonly node: ProcessId;
  readonly client: string;
  readonly response: AnyTagged;
}

const NOTHING = 'nothing to do';

export class SeededCluster {
  readonly instance: ProcessInstance;
  readonly ids: readonly ProcessId[];
  readonly answers: Answer[] = [];
  readonly #random;
  readonly #hosts = new Map<ProcessId, Host>();
  readonly #lines = new Map<ProcessId, string[]>();
  /** Of each receiver, by sender: the session as its node knows it. */
  readonly #lanes = new Map<string, Lane>();
  #sessions = 0;
  #now = 0;

  constructor(
    readonly system: System,
    readonly parameters: Readonly<Record<string, number | string | boolean>>,
    seed: number,
    readonly sabotage: Sabotage = {},
    /** A rule of the model that is broken, for nodes and judge alike. */
    readonly mutant: string | null = null,
  ) {
    this.instance = system.build(parameters, mutant) as ProcessInstance;
    this.ids = this.instance.processes.map(({ id }) => id);
    this.#random = xoroshiro128plus(seed);
    for (const id of this.ids) {
      this.#lines.set(id, []);
      this.start(id, null, 1);
    }
  }

  /** A node starts, on what its disk has. */
  start(id: ProcessId, kept: { readonly kept: unknown } | null, incarnation: number): void {
    const host = new Host(this, id, kept, incarnation);
    this.#hosts.set(id, host);
    host.node.start();
    host.settle();
  }

  host(id: ProcessId): Host {
    const host = this.#hosts.get(id);
    if (host === undefined) throw new Error(`there is no node ${id}`);
    return host;
  }

  stateOf(id: ProcessId): object {
    const { local } = this.host(id).node;
    if (local === null) throw new Error(`${id} has not started`);
    return local.state;
  }

  now(): number {
    this.#now += 1;
    return this.#now;
  }

  record(id: ProcessId, line: string): void {
    this.#lines.get(id)?.push(line);
  }

  send(from: ProcessId, to: ProcessId, session: string, frame: Frame): void {
    const lane = this.#lanes.get(`${from}>${to}`);
    const back = this.#lanes.get(`${to}>${from}`);
    if (lane?.session !== session || lane.isClosing || back?.session !== session || back.isClosing) return;
    lane.frames.push(frame);
    lane.frames = this.sabotage.queued?.(lane.frames) ?? lane.frames;
  }

  request(id: ProcessId, client: string, request: AnyTagged): void {
    const host = this.host(id);
    if (!host.isUp) return;
    host.node.request(client, request);
    host.settle();
  }

  /** Finishes a write, if one is under way. */
  write(id: ProcessId): string {
    const { store } = this.host(id);
    if (!store.isWriting) return NOTHING;
    store.finish();
    this.host(id).settle();
    return `${id} writes`;
  }

  fire(id: ProcessId, timer?: string): string {
    const { isUp, timers } = this.host(id);
    const [name] = timer === undefined ? this.#oneOf([...timers.keys()]) : [timer];
    const fire = name === undefined ? undefined : timers.get(name);
    if (!isUp || name === undefined || fire === undefined) return NOTHING;
    timers.delete(name);
    fire();
    this.host(id).settle();
    return `${id} fires ${name}`;
  }

  connect(a: ProcessId, b: ProcessId): string {
    if (!this.host(a).isUp || !this.host(b).isUp) return NOTHING;
    if (this.#lanes.has(`${a}>${b}`) || this.#lanes.has(`${b}>${a}`)) return NOTHING;
    this.#sessions += 1;
    const session = `s${this.#sessions}`;
    for (const name of [`${a}>${b}`, `${b}>${a}`]) this.#lanes.set(name, { session, isClosing: false, frames: [] });
    for (const [to, from] of [
      [a, b],
      [b, a],
    ] as const) {
      this.host(to).events.linkUp(from, session);
      this.host(to).settle();
    }
    return `${a} and ${b} connect`;
  }

  deliver(from: ProcessId, to: ProcessId): string {
    const lane = this.#lanes.get(`${from}>${to}`);
    const frame = lane?.frames.shift();
    if (lane === undefined || frame === undefined || !this.host(to).isUp) return NOTHING;
    this.host(to).events.receive(from, lane.session, frame);
    this.host(to).settle();
    return `${to} receives ${frame.message.type} from ${from}`;
  }

  cut(a: ProcessId, b: ProcessId): string {
    for (const name of [`${a}>${b}`, `${b}>${a}`]) {
      const lane = this.#lanes.get(name);
      if (lane !== undefined) lane.isClosing = true;
    }
    return `${a} and ${b} are cut`;
  }

  /** A node learns that its session is over. */
  learn(from: ProcessId, to: ProcessId): string {
    const lane = this.#lanes.get(`${from}>${to}`);
    if (lane === undefined || !lane.isClosing) return NOTHING;
    this.#lanes.delete(`${from}>${to}`);
    if (this.sabotage.dropsLinkDown !== true) this.host(to).events.linkDown(from, lane.session);
    this.host(to).settle();
    return `${to} learns that its link to ${from} is down`;
  }

  kill(id: ProcessId): string {
    const host = this.host(id);
    if (!host.isUp) return NOTHING;
    host.isUp = false;
    for (const peer of this.ids) {
      this.#lanes.delete(`${peer}>${id}`);
      this.cut(id, peer);
    }
    return `${id} is killed`;
  }

  restart(id: ProcessId): string {
    const { isUp, store } = this.host(id);
    if (isUp) return NOTHING;
    const { onDisk } = store;
    const kept = onDisk === null ? null : { kept: this.sabotage.recovered?.(onDisk.kept) ?? onDisk.kept };
    this.start(id, kept, store.incarnation + 1);
    return `${id} starts again`;
  }

  /** One thing happens, drawn by weight. Returns what, or null when the one that was drawn could not. */
  step(faults = true): string | null {
    const [a = '', b = ''] = this.#shuffled(this.ids);
    const happening = uniformInt(this.#random, 1, 1000);
    const what =
      happening <= 600
        ? this.deliver(a, b)
        : happening <= 800
          ? this.write(a)
          : happening <= 880
            ? this.connect(a, b)
            : happening <= 950
              ? this.learn(a, b)
              : happening <= 980
                ? this.fire(a)
                : happening <= 988
                  ? this.restart(a)
                  : !faults
                    ? NOTHING
                    : happening <= 996
                      ? this.cut(a, b)
                      : this.kill(a);
    return what === NOTHING ? null : what;
  }

  connectAll(): void {
    for (const [index, a] of this.ids.entries()) for (const b of this.ids.slice(index + 1)) this.connect(a, b);
  }

  /** Whatever is under way is delivered, learned of and written; nothing is fired, lost or begun. */
  calmDown(): void {
    const pairs = this.ids.flatMap((a) => this.ids.filter((b) => b !== a).map((b) => [a, b] as const));
    let isCalm = false;
    while (!isCalm) {
      const done = [
        ...this.ids.map((id) => this.write(id)),
        ...pairs.map(([a, b]) => this.deliver(a, b)),
        ...pairs.map(([a, b]) => this.learn(a, b)),
      ];
      isCalm = done.every((what) => what === NOTHING);
    }
  }

  /** The recordings as files, in the order of the nodes. */
  files(directory: string): string[] {
    mkdirSync(directory, { recursive: true });
    return this.ids.map((id) => {
      const file = join(directory, `${id}.trace.jsonl`);
      writeFileSync(file, (this.#lines.get(id) ?? []).map((line) => `${line}\n`).join(''));
      return file;
    });
  }

  #oneOf<T>(items: readonly T[]): T[] {
    return this.#shuffled(items).slice(0, 1);
  }

  #shuffled<T>(items: readonly T[]): T[] {
    const left = [...items];
    return items.map(() => left.splice(uniformInt(this.#random, 0, left.length - 1), 1)[0] as T);
  }
}

/** A node and the machine under it. */
class Host {
  readonly node: Node;
  readonly store: SeededStore;
  readonly timers = new Map<string, () => void>();
  isUp = true;
  readonly #turns: (() => void)[] = [];
  #events: TransportEvents | null = null;

  constructor(
    cluster: SeededCluster,
    id: ProcessId,
    recovered: { readonly kept: unknown } | null,
    incarnation: number,
  ) {
    const { instance, system, parameters, sabotage, mutant } = cluster;
    const sound = instance.processes.find((hosted) => hosted.id === id)?.protocol;
    if (sound === undefined) throw new Error(`there is no process ${id}`);
    this.store = new SeededStore(sabotage, recovered, incarnation, (run) => this.soon(run));
    const unwritten: string[] = [];
    this.node = new Node({
      protocol: sabotage.protocol?.(sound) ?? sound,
      identity: identityOf(instance, id),
      store: this.store,
      clock: { now: () => cluster.now(), soon: (run) => this.soon(run), after: () => () => {} },
      recorder: {
        begin: (header) => cluster.record(id, printHeader(header)),
        step: (step) => void unwritten.push(printStep(step)),
        write: (persisted) => {
          for (const line of unwritten.splice(0)) cluster.record(id, line);
          if (persisted === null) return;
          const mark = () => cluster.record(id, printMark(persisted));
          if (sabotage.early === 'sends') this.store.afterWrite(mark);
          else mark();
        },
      },
      origin: { cluster: 'seeded', system: system.name, parameters, mutant },
      transport: {
        open: (events) => {
          this.#events = events;
        },
        send: (peer, session, frame) => cluster.send(id, peer, session, frame),
        flush: () => {},
        pause: () => {},
        resume: () => {},
      },
      timers: {
        set: (timer, fire) => void this.timers.set(timer, fire),
        clear: (timer) => void this.timers.delete(timer),
      },
      user: {
        respond: (client, response) => void cluster.answers.push({ node: id, client, response }),
        indicate: () => {},
      },
      onFailure: (error) => {
        throw error;
      },
    });
  }

  get events(): TransportEvents {
    if (this.#events === null) throw new Error('the transport is not open');
    return this.#events;
  }

  /** Until nothing waits for a turn; the disk takes its time. */
  settle(): void {
    for (let turn = this.#turns.shift(); turn !== undefined && this.isUp; turn = this.#turns.shift()) turn();
  }

  /** Something to be done in a later turn. */
  soon(run: () => void): void {
    this.#turns.push(run);
  }
}

/** A disk that takes its time. */
class SeededStore implements Store {
  onDisk: { readonly kept: unknown } | null;
  #write: { readonly kept: unknown; readonly whenDone: (() => void)[] } | null = null;

  constructor(
    readonly sabotage: Sabotage,
    readonly recovered: { readonly kept: unknown } | null,
    readonly incarnation: number,
    readonly soon: (run: () => void) => void,
  ) {
    this.onDisk = recovered;
  }

  get isWriting(): boolean {
    return this.#write !== null;
  }

  commit({ kept }: Change, done: (error: Error | null) => void): void {
    const { early, written } = this.sabotage;
    // Said to be done while the one before is still under way: then this one takes its place.
    const waiting = early === undefined ? [] : (this.#write?.whenDone ?? []);
    this.#write = { kept: written?.(kept) ?? kept, whenDone: waiting };
    if (early === undefined) this.#write.whenDone.push(() => done(null));
    else this.soon(() => done(null));
  }

  /** Calls back when what has been committed is there, in truth. */
  afterWrite(run: () => void): void {
    if (this.#write === null) run();
    else this.#write.whenDone.push(run);
  }

  finish(): void {
    const write = this.#write;
    if (write === null) return;
    this.#write = null;
    this.onDisk = { kept: write.kept };
    for (const done of write.whenDone) done();
  }
}
