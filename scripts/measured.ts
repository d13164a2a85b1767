/** Tables of what benches have measured and kept in docs/measured/ (`npm run bench... -- --keep`). */

import { readFileSync } from 'node:fs';
import { grouped } from '../explorer/report/numbers.ts';
import { ROOT } from './manifest.ts';

const TABLES: Readonly<Record<string, () => string>> = {
  naive,
  speed,
  steadiness,
  where,
  billion,
  runtime,
  conformance,
  simulation,
  symmetry,
  reduction,
  ample,
};

/** The table of this name. */
export function measuredTable(name: string): string {
  const make = TABLES[name];
  if (make === undefined)
    throw new Error(`there is no table of measurements '${name}' (${Object.keys(TABLES).join(', ')})`);
  return make();
}

interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGiB: number;
  readonly node: string;
  readonly date: string;
}

interface Explorers {
  readonly machine: Machine;
  readonly rounds: number;
  readonly instances: readonly {
    readonly instance: string;
    readonly distinct: number;
    readonly engineToNaive: number;
    readonly engineTransitionsPerSecond: number;
    readonly naiveTransitionsPerSecond: number;
    readonly handlerCallsPer100: number;
  }[];
}

interface Scale {
  readonly machine: Machine;
  readonly rounds: number;
  readonly randomAccessNanoseconds: number;
  readonly twoProcessesToOne: { readonly computing: number; readonly waiting: number };
  readonly instances: readonly {
    readonly instance: string;
    readonly distinct: number;
    readonly perSecond: number;
    readonly nanoseconds: number;
    readonly accessesPerTransition: number;
    readonly twoToOne: number;
    readonly bytesPerState: number;
  }[];
  readonly long: {
    readonly instance: string;
    readonly generated: number;
    readonly perSecond: number;
    readonly lastToFirst: number;
  };
}

interface Symmetry {
  readonly machine: Machine;
  readonly rounds: number;
  readonly instances: readonly {
    readonly instance: string;
    readonly distinct: number;
    readonly orbits: number;
    readonly seconds: number;
    readonly secondsWith: number;
    readonly faster: number;
  }[];
}

interface Located {
  readonly instance: string;
  readonly nanoseconds: number;
  readonly shares: Readonly<Record<string, number>>;
}

interface Largest {
  readonly machine: Machine;
  readonly distinct: number;
  readonly generated: number;
  readonly depth: number;
  readonly elapsedMs: number;
  readonly frontier: number;
  readonly bytesPerState: number;
  readonly statesPerSecond: number;
}

interface Runtime {
  readonly machine: Machine;
  readonly clients: number;
  readonly loadBefore: number;
  readonly storeWritesPerSecond: number;
  readonly storeLatencyMs: number;
  readonly clusterWritesPerSecond: number;
  readonly clusterLatencyMs: number;
  readonly echoesPerSecond: number;
  readonly throughputRatio: number;
  readonly echoRatio: number;
  readonly latencyRatio: number;
  readonly recordedRatio: number;
  readonly lateRatio: number;
  readonly entriesAtTheEnd: number;
}

interface Conformance {
  readonly machine: Machine;
  readonly rounds: number;
  readonly recordings: readonly {
    readonly recorded: string;
    readonly events: number;
    readonly megabytes: number;
    readonly eventsPerSecond: number;
  }[];
  readonly naivePerSecond: number;
  readonly toNaive: number;
  readonly longToShort: number;
}

interface Simulation {
  readonly machine: Machine;
  readonly rounds: number;
  readonly kinds: readonly {
    readonly kind: string;
    readonly virtualToReal: number;
    readonly stepsPerVirtualSecond: number;
    readonly microsecondsPerStep: number;
  }[];
}

function read<T>(name: string): T {
  return JSON.parse(readFileSync(new URL(`docs/measured/${name}.json`, ROOT), 'utf8')) as T;
}

function naive(): string {
  const { machine, rounds, instances } = read<Explorers>('explorers');
  const rows = instances.map(
    ({
      instance,
      distinct,
      engineToNaive,
      engineTransitionsPerSecond,
      naiveTransitionsPerSecond,
      handlerCallsPer100,
    }) =>
      `| \`${instance}\` | ${grouped(distinct)} | ${grouped(Math.round(engineTransitionsPerSecond))} | ` +
      `${grouped(Math.round(naiveTransitionsPerSecond))} | ${engineToNaive.toFixed(engineToNaive < 10 ? 1 : 0)} | ` +
      `${handlerCallsPer100.toFixed(3)} |\n`,
  );
  return (
    '| instance | distinct | engine, transitions/s | naive | engine : naive | handler calls in 100 transitions |\n' +
    `| --- | --- | --- | --- | --- | --- |\n${rows.join('')}\n` +
    `One thread, the naive explorer on a part of the instance; medians of ${rounds} rounds; ${described(machine)}.\n`
  );
}

function speed(): string {
  const { machine, rounds, randomAccessNanoseconds, twoProcessesToOne: two, instances } = read<Scale>('scale');
  const rows = instances.map(
    ({ instance, distinct, perSecond, nanoseconds, accessesPerTransition, twoToOne, bytesPerState }) =>
      `| \`${instance}\` | ${grouped(distinct)} | ${millions(perSecond)} | ${Math.round(nanoseconds)} | ` +
      `${accessesPerTransition.toFixed(1)} | ${twoToOne.toFixed(2)} | ${Math.round(bytesPerState)} |\n`,
  );
  return (
    '| instance | distinct | M transitions/s | ns each | of one access | two workers : one | bytes a state |\n' +
    `| --- | --- | --- | --- | --- | --- | --- |\n${rows.join('')}\n` +
    `One access to memory at random takes ${Math.round(randomAccessNanoseconds)} ns there. Two processes that share nothing do ` +
    `${two.computing.toFixed(2)} times what one does if they compute, and ${two.waiting.toFixed(2)} times if they wait for memory: ` +
    `about as much is to be had from two workers. Medians of ${rounds} rounds; ${described(machine)}.\n`
  );
}

function steadiness(): string {
  const { long } = read<Scale>('scale');
  return (
    `\`${long.instance}\`, stopped after ${millions(long.generated)} million transitions: ${millions(long.perSecond)} million ` +
    `a second on one thread; in the last quarter ${long.lastToFirst.toFixed(2)} times as fast as in the first.\n`
  );
}

function where(): string {
  const located = read<readonly Located[]>('where');
  const parts = [...new Set(located.flatMap(({ shares }) => Object.keys(shares)))];
  const largest = (part: string) => Math.max(...located.map(({ shares }) => shares[part] ?? 0));
  const rows = parts
    .toSorted((a, b) => largest(b) - largest(a))
    .map((part) => {
      const cells = located.map(({ shares, nanoseconds }) => {
        const share = shares[part] ?? 0;
        return `${Math.round(share * nanoseconds)} ns (${Math.round(share * 100)}%)`;
      });
      return `| ${part} | ${cells.join(' | ')} |\n`;
    });
  const head = located.map(({ instance }) => `\`${instance}\``).join(' | ');
  return `| | ${head} |\n| --- |${located.map(() => ' --- |').join('')}\n${rows.join('')}`;
}

interface Reduction {
  readonly machine: Machine;
  readonly rounds: number;
  readonly instances: readonly {
    readonly instance: string;
    readonly distinct: number;
    readonly generated: number;
    readonly followed: number;
    readonly speedup: number;
    readonly bound: { readonly forDeadlocks: number; readonly forProperties: number } | null;
  }[];
}

function reduction(): string {
  const { machine, rounds, instances } = read<Reduction>('reduction');
  const rows = instances.map(({ instance, distinct, generated, followed, speedup }) => {
    const each = (count: number) => (count / distinct).toFixed(2);
    return `| \`${instance}\` | ${grouped(distinct)} | ${each(generated)} | ${each(followed)} | ${speedup.toFixed(2)} |\n`;
  });
  return (
    '| instance | states | transitions a state | followed a state | times as fast |\n' +
    `| --- | --- | --- | --- | --- |\n${rows.join('')}\nMedians of ${rounds} rounds, on one thread; ${described(machine)}.\n`
  );
}

function ample(): string {
  const rows = read<Reduction>('reduction').instances.flatMap(({ instance, distinct, bound }) => {
    const share = (left: number) => `${Math.round((left / distinct) * 100)}%`;
    return bound === null
      ? []
      : [`| \`${instance}\` | ${grouped(distinct)} | ${share(bound.forDeadlocks)} | ${share(bound.forProperties)} |\n`];
  });
  return `| instance | states | left, for deadlocks alone | left, for properties |\n| --- | --- | --- | --- |\n${rows.join('')}`;
}

/** Bytes of an entry of the visited set, and the least share of it that is taken. */
const ENTRY = 12;
const EMPTIEST = 0.85 / 1.125;

function billion(): string {
  const { machine, distinct, generated, depth, elapsedMs, frontier, bytesPerState, statesPerSecond } =
    read<Largest>('largest');
  const set = (states: number) => `${((states * ENTRY) / EMPTIEST / 2 ** 30).toFixed(1)} GiB`;
  const hours = 1e9 / statesPerSecond / 3600;
  const gigabytes = (bytes: number) => `${(bytes / 2 ** 30).toFixed(1)} GiB`;
  return (
    '| | measured | a billion states |\n| --- | --- | --- |\n' +
    `| distinct states | ${grouped(distinct)} | 1,000,000,000 |\n` +
    `| transitions | ${grouped(generated)} | |\n| depth reached | ${depth} | |\n` +
    `| time | ${(elapsedMs / 60_000).toFixed(1)} min | ${hours.toFixed(1)} h |\n` +
    `| states a second, second half | ${grouped(Math.round(statesPerSecond))} | |\n` +
    `| visited set at most | ${set(distinct)} | ${set(1e9)} |\n` +
    `| whole process | ${gigabytes(bytesPerState * distinct)} (${Math.round(bytesPerState)} bytes a state) | |\n` +
    `| frontier | ${grouped(frontier)} rows | what an eighth of \`--memory\` does not hold is on disk |\n\n` +
    `Stopped after ten minutes with all cores at work; ${described(machine)}.\n`
  );
}

function runtime(): string {
  const measured = read<Runtime>('runtime');
  const { machine, clients, clusterWritesPerSecond, storeWritesPerSecond, echoesPerSecond, lateRatio } = measured;
  const perSecond = (rate: number) => `${grouped(Math.round(rate))}/s`;
  const writes = `writes committed by three nodes, ${clients} clients`;
  const rows = [
    [
      `${writes}, to single writes of the store`,
      clusterWritesPerSecond,
      storeWritesPerSecond,
      measured.throughputRatio,
    ],
    [
      `${writes}, to requests that one process answers at once`,
      clusterWritesPerSecond,
      echoesPerSecond,
      measured.echoRatio,
    ],
  ] as const;
  return (
    '| | here | to compare with | ratio |\n| --- | --- | --- | --- |\n' +
    rows
      .map(
        ([what, here, other, ratio]) =>
          `| ${what} | ${perSecond(here)} | ${perSecond(other)} | ${ratio.toFixed(2)} |\n`,
      )
      .join('') +
    `| time of a write, one client, to the store's | ${measured.clusterLatencyMs.toFixed(2)} ms | ` +
    `${measured.storeLatencyMs.toFixed(2)} ms | ${measured.latencyRatio.toFixed(2)} |\n` +
    `| ${writes}, recorded to not recorded | | | ${measured.recordedRatio.toFixed(2)} |\n` +
    `| the same in the last rounds (${grouped(measured.entriesAtTheEnd)} entries in the log) to the first | | | ` +
    `${lateRatio.toFixed(2)} |\n\nMedians of ratios, each of one round; nodes and load share ${described(machine)}, whose load average by other work was ${measured.loadBefore.toFixed(1)}.\n`
  );
}

function conformance(): string {
  const { machine, rounds, recordings, naivePerSecond, toNaive, longToShort } = read<Conformance>('conformance');
  const rows = recordings.map(
    ({ recorded, events, megabytes, eventsPerSecond }) =>
      `| ${recorded} | ${grouped(events)} | ${Math.round(megabytes)} | ${grouped(Math.round(eventsPerSecond))} | ` +
      `${(1e5 / eventsPerSecond).toFixed(1)} s |\n`,
  );
  return (
    '| recorded | events | MB | judged a second | 100,000 events |\n' +
    `| --- | --- | --- | --- | --- |\n${rows.join('')}\n` +
    `The first row is ${toNaive.toFixed(1)} times the transitions a second of the naive explorer ` +
    `(${grouped(Math.round(naivePerSecond))}); an event of the last takes ${longToShort.toFixed(2)} times as long as one of the row ` +
    `before. Processor time, medians of ${rounds} rounds; ${described(machine)}.\n`
  );
}

function simulation(): string {
  const { machine, rounds, kinds } = read<Simulation>('simulation');
  const rows = kinds.map(
    ({ kind, virtualToReal, stepsPerVirtualSecond, microsecondsPerStep }) =>
      `| ${kind} | ${grouped(Math.round(virtualToReal))} | ${grouped(Math.round(stepsPerVirtualSecond))} | ` +
      `${Math.round(microsecondsPerStep)} µs |\n`,
  );
  return (
    '| a cluster of Raft with | virtual : real time | steps a virtual second | a step |\n' +
    `| --- | --- | --- | --- |\n${rows.join('')}\nReal time is that of the processor; medians of ${rounds} rounds; ${described(machine)}.\n`
  );
}

function symmetry(): string {
  const { machine, rounds, instances } = read<Symmetry>('symmetry');
  const rows = instances.map(
    ({ instance, distinct, orbits, seconds, secondsWith, faster }) =>
      `| \`${instance}\` | ${grouped(distinct)} | ${grouped(orbits)} | ${(distinct / orbits).toFixed(1)} | ` +
      `${seconds.toFixed(1)} s | ${secondsWith.toFixed(1)} s | ${faster.toFixed(1)} |\n`,
  );
  return (
    '| instance | states | up to symmetry | fewer | time | with symmetry | faster |\n' +
    `| --- | --- | --- | --- | --- | --- | --- |\n${rows.join('')}\n` +
    `One thread; medians of ${rounds} rounds; ${described(machine)}.\n`
  );
}

function described({ cpu, cores, memoryGiB, node, date }: Machine): string {
  return `${cpu}, ${cores} cores, ${memoryGiB} GiB, Node ${node}, ${date}`;
}

function millions(count: number): string {
  return (count / 1e6).toFixed(count < 1e8 ? 2 : 0);
}
