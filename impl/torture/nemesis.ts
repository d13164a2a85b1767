/**
 * The nemesis: breaks things at random moments and mends them again, never more than a protocol must survive for long.
 * What it does is decided by its seed alone.
 */

import type { ProcessId } from '../../model/contract/protocol.ts';
import type { Clock } from '../node/ports.ts';
import type { Random } from './random.ts';

/** What can be done to a cluster. */
export interface Victim {
  readonly nodes: readonly ProcessId[];
  /** Ends a node without warning: what is not on disk is lost. */
  kill(node: ProcessId): void;
  restart(node: ProcessId): void;
  /** The node stands still, and does not notice. */
  pause(node: ProcessId): void;
  resume(node: ProcessId): void;
  /** Holds all that is sent one way between two nodes. */
  block(from: ProcessId, to: ProcessId): void;
  unblock(from: ProcessId, to: ProcessId): void;
  /** Loses the session between two nodes. */
  cut(a: ProcessId, b: ProcessId): void;
  /** A factor on how long what is sent takes. */
  slowNetwork(factor: number): void;
  /** A disk that is slow to put things where they stay. Not everywhere possible. */
  slowDisk?(node: ProcessId, isSlow: boolean): void;
  /** The wall clock of a node is set to another time. Not everywhere possible. */
  jumpClock?(node: ProcessId, ms: number): void;
}

export const FAULTS = [
  'kill',
  'kill all',
  'pause',
  'partition',
  'cut',
  'block one way',
  'slow network',
  'slow disk',
  'clock jump',
] as const;

export type Fault = (typeof FAULTS)[number];

/** How often each fault was inflicted. */
export type Survived = Readonly<Record<Fault, number>>;

/** Milliseconds between two faults, and how long one lasts. */
const BETWEEN = [100, 1500] as const;
const LASTS = [50, 2500] as const;

/** Torments a cluster until it is told to stop. */
export class Nemesis {
  readonly #survived = Object.fromEntries(FAULTS.map((fault) => [fault, 0])) as Record<Fault, number>;
  /** How to mend what is broken, by what it is broken of: one fault of a kind for one thing at a time. */
  readonly #broken = new Map<string, () => void>();
  #isOver = false;

  constructor(
    private readonly victim: Victim,
    private readonly clock: Pick<Clock, 'after'>,
    private readonly random: Random,
    private readonly tell: (what: string) => void = () => {},
  ) {}

  get survived(): Survived {
    return this.#survived;
  }

  start(): void {
    this.clock.after(this.random.between(...BETWEEN), () => {
      if (this.#isOver) return;
      this.#inflict(this.random.pick(FAULTS));
      this.start();
    });
  }

  /** Mends everything. */
  stop(): void {
    this.#isOver = true;
    for (const mend of [...this.#broken.values()]) mend();
  }

  #inflict(fault: Fault): void {
    const { victim, random } = this;
    const { nodes } = victim;
    const node = random.pick(nodes);
    const [a, b] = random.shuffled(nodes);
    switch (fault) {
      case 'kill':
        return this.#break(
          fault,
          `life of ${node}`,
          node,
          () => victim.kill(node),
          () => victim.restart(node),
        );
      case 'kill all':
        for (const each of nodes) {
          this.#break(
            fault,
            `life of ${each}`,
            each,
            () => victim.kill(each),
            () => victim.restart(each),
          );
        }
        return;
      case 'pause':
        return this.#break(
          fault,
          `life of ${node}`,
          node,
          () => victim.pause(node),
          () => victim.resume(node),
        );
      case 'partition': {
        const order = random.shuffled(nodes);
        const half = order.slice(0, random.int(1, Math.max(1, nodes.length - 1)));
        const across = nodes.flatMap((from) =>
          nodes.filter((to) => half.includes(from) !== half.includes(to)).map((to) => [from, to] as const),
        );
        return this.#break(
          fault,
          'network',
          `${half.join(', ')} from the others`,
          () => across.forEach(([from, to]) => void victim.block(from, to)),
          () => across.forEach(([from, to]) => void victim.unblock(from, to)),
        );
      }
      case 'cut':
        if (a === undefined || b === undefined) return;
        this.#count(fault, `${a} from ${b}`);
        return victim.cut(a, b);
      case 'block one way':
        if (a === undefined || b === undefined) return;
        return this.#break(
          fault,
          'network',
          `${a} to ${b}`,
          () => victim.block(a, b),
          () => victim.unblock(a, b),
        );
      case 'slow network': {
        const factor = random.int(2, 50);
        return this.#break(
          fault,
          'speed of the network',
          `by ${factor}`,
          () => victim.slowNetwork(factor),
          () => victim.slowNetwork(1),
        );
      }
      case 'slow disk':
        if (victim.slowDisk === undefined) return;
        return this.#break(
          fault,
          `disk of ${node}`,
          node,
          () => victim.slowDisk?.(node, true),
          () => victim.slowDisk?.(node, false),
        );
      case 'clock jump':
        if (victim.jumpClock === undefined) return;
        this.#count(fault, node);
        return victim.jumpClock(node, random.int(-60_000, 60_000));
    }
  }

  #break(fault: Fault, part: string, what: string, harm: () => void, mend: () => void): void {
    if (this.#broken.has(part)) return;
    this.#count(fault, what);
    harm();
    const mended = (): void => {
      cancel();
      this.#broken.delete(part);
      this.tell(`mended: ${fault}, ${what}`);
      mend();
    };
    const cancel = this.clock.after(this.random.between(...LASTS), mended);
    this.#broken.set(part, mended);
  }

  #count(fault: Fault, what: string): void {
    this.#survived[fault] += 1;
    this.tell(`${fault}: ${what}`);
  }
}
