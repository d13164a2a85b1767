/**
 * The workers of a search: the coordinator, which works in the thread that asked for the search, and threads that join it
 * when the search has grown large. They work in phases: the coordinator begins one, all do their part, and it ends when
 * the last has finished.
 */

import { setTimeout } from 'node:timers/promises';
import { MessageChannel, type MessagePort, receiveMessageOnPort, Worker } from 'node:worker_threads';
import { ModelError } from '../../model/contract/errors.ts';
import type { Stop } from '../exploration.ts';
import { addProfiles, type ProfileCounts } from '../profile.ts';
import type { HandlerCalls } from './expander.ts';
import type { ExpanderOptions } from './expander-of.ts';
import type { Expansion } from './expansion.ts';
import { LogFull, type LogMemory, logMemory, SharedInterningLog } from './interning-log.ts';
import type { Origin } from './origin.ts';
import { COMMAND, DONE, EXPAND, FINISH, GROW, PAUSE, PHASE, READY, type SearchMemory } from './search-memory.ts';
import { type Counts, Tally } from './tally.ts';

/** What all workers share. */
interface SharedData {
  readonly memory: SearchMemory;
  readonly log: LogMemory;
  readonly parts: SharedArrayBuffer;
}

/** What a thread is started with. */
export interface ThreadData extends SharedData {
  readonly worker: number;
  readonly origin: Origin;
  readonly expander: ExpanderOptions;
  readonly profile: boolean;
  readonly port: MessagePort;
}

/** What a thread says at the end of each phase. */
export type Report =
  | { readonly counts: Counts; readonly handlerCalls: HandlerCalls; readonly profile: ProfileCounts | null }
  | { readonly stop: Stop }
  | { readonly failed: { readonly isModelError: boolean; readonly message: string } };

/** Milliseconds that the coordinator waits for others before it looks around. */
const WAIT = 20;

interface Thread {
  readonly worker: number;
  readonly thread: Worker;
  readonly port: MessagePort;
  report: Extract<Report, { counts: Counts }> | null;
}

export class Crew {
  readonly #memory: SearchMemory;
  readonly #control: Int32Array;
  readonly #own: Expansion;
  /** Now and then lets the event loop have its turn, and ends the phase if that is called for. */
  readonly #look: () => Promise<void>;
  readonly #threads: Thread[] = [];
  /** Null as long as there are no threads. */
  #shared: SharedData | null = null;
  #failure: Error | null = null;
  /** Why the phase could not be finished, though nothing is wrong with the model. */
  #stop: Stop | null = null;
  /** A thread is gone that should not be. */
  #isShort = false;
  #phases = 0;
  /** How many threads were ready when the phase began. */
  #atBegin = 0;

  constructor(memory: SearchMemory, own: Expansion, look: () => Promise<void>) {
    this.#memory = memory;
    this.#control = new Int32Array(memory.control);
    this.#own = own;
    this.#look = look;
  }

  /** Workers, the coordinator included; threads that are still starting are not. */
  get size(): number {
    return 1 + this.#ready().length;
  }

  /** Whether threads have become ready since the phase began. */
  get hasNewcomers(): boolean {
    return this.#ready().length > this.#atBegin;
  }

  /** Workers, the coordinator included, and those that are still starting. */
  get hired(): number {
    return 1 + this.#threads.length;
  }

  /**
   * Starts threads until there are so many workers; they take part from the first phase that begins when they are ready. The
   * first time, what the coordinator has interned becomes shared, in a log of so many bytes.
   */
  hire(workers: number, origin: Origin, options: ExpanderOptions, logBytes: number): void {
    this.#shared ??= this.#share(logBytes);
    const { paranoid = false, symmetry = false, reduction = false } = options;
    const expander = { paranoid, symmetry, reduction };
    const profile = this.#own.profiler !== null;
    while (this.hired < workers) this.#start({ worker: this.hired, origin, expander, profile, ...this.#shared });
  }

  #share(logBytes: number): SharedData {
    const { expander, visited } = this.#own;
    const { interning } = expander;
    const log = logMemory(logBytes);
    const entries = new SharedInterningLog(log);
    for (const entry of interning.entries()) entries.append(entries.length, entry);
    const parts = new SharedArrayBuffer(interning.partBytes);
    interning.share(entries, parts);
    return { memory: { ...this.#memory, visited: visited.memory }, log, parts };
  }

  #start(data: Omit<ThreadData, 'port'>): void {
    const { port1, port2 } = new MessageChannel();
    const thread = new Worker(new URL('./worker-thread.js', import.meta.url), {
      workerData: { ...data, port: port2 } satisfies ThreadData,
      transferList: [port2],
      trackUnmanagedFds: false,
    });
    thread.unref();
    port1.unref();
    thread.on('error', (error) => this.#lose(error));
    thread.on('exit', () => this.#lose(new Error('a worker thread ended unexpectedly')));
    this.#threads.push({ worker: data.worker, thread, port: port1, report: null });
  }

  /** When all threads are ready, or one of them never will be. */
  async assembled(): Promise<void> {
    while (!this.#isShort && this.#ready().length < this.#threads.length) await setTimeout(1);
  }

  /** Expands the current level, until none of it is left or the phase is ended; says why the search cannot go on. */
  expand(): Promise<Stop | null> {
    // One chunk is work for one; the others would only be woken.
    const threads = this.#own.queue.left > 1 ? this.#ready() : [];
    return this.#phase(EXPAND, threads, async () => {
      this.#own.begin();
      // Levels of a few rows are many: also then there is a look.
      do await this.#look();
      while (this.#own.advance());
      this.#own.end();
    });
  }

  /** Grows the visited set. */
  async grow(): Promise<void> {
    const { visited } = this.#own;
    visited.beginGrowth();
    await this.#phase(GROW, this.#ready(), () => visited.growShards());
    visited.endGrowth();
  }

  /** The last phase: every worker checks that what it memoised is a function. */
  async finish(): Promise<void> {
    await this.#phase(FINISH, this.#ready(), () => this.#own.expander.verifyPurity());
  }

  /** Ends the threads. */
  async dismiss(): Promise<void> {
    await Promise.all(
      this.#threads.map(async ({ thread, port }) => {
        thread.removeAllListeners('exit');
        port.close();
        await thread.terminate();
      }),
    );
  }

  /** Ends the phase before it is done. */
  pause(): void {
    Atomics.store(this.#control, PAUSE, 1);
  }

  /** What all have counted and found so far, between phases. */
  total(): Tally {
    const total = new Tally();
    total.add(this.#own.tally.counts());
    for (const { report } of this.#threads) if (report !== null) total.add(report.counts);
    return total;
  }

  /** What all have profiled, after {@link finish}; null if there is no profile. */
  profile(): ProfileCounts | null {
    const own = this.#own.profiler?.counts() ?? null;
    const others = this.#threads.flatMap(({ report }) => report?.profile ?? []);
    return own && others.reduce(addProfiles, own);
  }

  handlerCalls(): HandlerCalls {
    const all = [this.#own.expander.handlerCalls, ...this.#threads.flatMap(({ report }) => report?.handlerCalls ?? [])];
    return {
      memoised: all.reduce((sum, { memoised }) => sum + memoised, 0),
      repeated: all.reduce((sum, { repeated }) => sum + repeated, 0),
    };
  }

  async #phase(command: number, threads: readonly Thread[], own: () => void | Promise<void>): Promise<Stop | null> {
    const control = this.#control;
    this.#stop = null;
    this.#phases++;
    this.#atBegin = this.#ready().length;
    control[COMMAND] = command;
    control[PAUSE] = 0;
    Atomics.store(control, DONE, 0);
    for (const { worker } of threads) {
      Atomics.store(control, PHASE + worker, this.#phases);
      Atomics.notify(control, PHASE + worker);
    }
    try {
      await own();
    } catch (thrown) {
      const stop = stopOf(thrown);
      if (stop === null) this.#fail(thrown as Error);
      else this.#end(stop);
    }
    await this.#waitFor(threads.length);
    if (!this.#isShort) for (const thread of threads) this.#take(thread);
    if (this.#failure !== null) throw this.#failure;
    return this.#stop;
  }

  /** Waits until so many threads have finished the phase, or one of them never will. */
  async #waitFor(threads: number): Promise<void> {
    const control = this.#control;
    for (let done = Atomics.load(control, DONE); done < threads; done = Atomics.load(control, DONE)) {
      Atomics.wait(control, DONE, done, WAIT);
      await this.#look();
      if (this.#isShort) return;
    }
  }

  /** Takes the report of a thread that has finished the phase. */
  #take(thread: Thread): void {
    const report = receiveMessageOnPort(thread.port)?.message as Report | undefined;
    if (report === undefined) this.#fail(new Error('a worker thread finished without a report'));
    else if ('counts' in report) thread.report = report;
    else if ('stop' in report) this.#end(report.stop);
    else {
      const { isModelError, message } = report.failed;
      this.#fail(isModelError ? new ModelError(message) : new Error(message));
    }
  }

  #ready(): Thread[] {
    return this.#threads.filter(({ worker }) => Atomics.load(this.#control, READY + worker) === 1);
  }

  #lose(error: Error): void {
    this.#isShort = true;
    this.#fail(error);
  }

  #end(stop: Stop): void {
    this.#stop = stop;
    this.pause();
  }

  /** The first failure is the one that is told; it ends the phase for all. */
  #fail(error: Error): void {
    this.#failure ??= error;
    this.pause();
  }
}

/** The stop that an error in a phase amounts to; null when it is a failure. */
export function stopOf(thrown: unknown): Stop | null {
  if (thrown instanceof LogFull) return { reason: 'memory', limit: thrown.limit };
  if (thrown instanceof Error && 'syscall' in thrown) {
    return { reason: 'disk', error: `the frontier could not be spilled to disk: ${thrown.message}` };
  }
  return null;
}
