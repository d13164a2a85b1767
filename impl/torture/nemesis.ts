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

/** The faults, and how many chances each has to be the next. */
const CHANCES = {
  kill: 3,
  'kill all': 1,
  pause: 3,
  partition: 3,
  cut: 3,
  'block one way': 3,
  'slow network': 2,
  'slow disk': 2,
  'clock jump': 2,
} as const;

export type Fault = keyof typeof CHANCES;

export const FAULTS = Object.keys(CHANCES) as readonly Fault[];

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
  /** Each fault that is possible, as often as it has chances. */
  readonly #chances: readonly Fault[];

  constructor(
    private readonly victim: Victim,
    private readonly clock: Pick<Clock, 'after'>,
    private readonly random: Random,
    private readonly tell: (what: string) => void = () => {},
  ) {
    const impossible: readonly Fault[] = [
      ...(victim.slowDisk === undefined ? (['slow disk'] as const) : []),
      ...(victim.jumpClock === undefined ? (['clock jump'] as const) : []),
    ];
    this.#chances = FAULTS.filter((fault) => !impossible.includes(fault)).flatMap((fault) =>
      Array.from({ length: CHANCES[fault] }, () => fault),
    );
  }

  get survived(): Survived {
    return this.#survived;
  }

  start(): void {
    this.clock.after(this.random.between(...BETWEEN), () => {
      if (this.#isOver) return;
      this.#inflict(this.random.pick(this.#chances));
      this.start();
    });
  }

  /** Mends everything. */
  stop(): void {
    this.#isOver = true;
    for (const mend of [...this.#broken.values()]) mend();
  }

  #inflict(fault: Fault): void {
    // One thing is broken in one way at a time.
    const harms = this.#harmsOf(fault).filter(({ part }) => !this.#broken.has(part));
    if (harms.length === 0) return;
    this.#survived[fault] += 1;
    for (const harm of harms) {
      this.tell(`${fault}: ${harm.what}`);
      harm.harm();
      if (harm.mend !== null) this.#mendLater(fault, harm, harm.mend);
    }
  }

  #mendLater(fault: Fault, { part, what }: Harm, mend: () => void): void {
    const mended = (): void => {
      cancel();
      this.#broken.delete(part);
      this.tell(`mended: ${fault}: ${what}`);
      mend();
    };
    const cancel = this.clock.after(this.random.between(...LASTS), mended);
    this.#broken.set(part, mended);
  }

  #harmsOf(fault: Fault): Harm[] {
    const { victim, random } = this;
    const { nodes } = victim;
    const node = random.pick(nodes);
    const [a = node, b = node] = random.shuffled(nodes);
    const killed = (id: ProcessId): Harm => ({
      part: `life of ${id}`,
      what: id,
      harm: () => victim.kill(id),
      mend: () => victim.restart(id),
    });
    const held = (what: string, links: readonly (readonly [ProcessId, ProcessId])[]): Harm => ({
      part: 'links',
      what,
      harm: () => links.forEach(([from, to]) => void victim.block(from, to)),
      mend: () => links.forEach(([from, to]) => void victim.unblock(from, to)),
    });
    switch (fault) {
      case 'kill':
        return [killed(node)];
      case 'kill all':
        return nodes.map(killed);
      case 'pause':
        return [{ ...killed(node), harm: () => victim.pause(node), mend: () => victim.resume(node) }];
      case 'partition': {
        const half = random.shuffled(nodes).slice(0, random.int(1, Math.max(1, nodes.length - 1)));
        const across = nodes.flatMap((from) =>
          nodes.filter((to) => half.includes(from) !== half.includes(to)).map((to) => [from, to] as const),
        );
        return [held(`${half.join(', ')} from the others`, across)];
      }
      case 'cut':
        return [{ part: 'session', what: `${a} from ${b}`, harm: () => victim.cut(a, b), mend: null }];
      case 'block one way':
        return [held(`${a} to ${b}`, [[a, b]])];
      case 'slow network': {
        const factor = random.int(2, 50);
        const harm = () => victim.slowNetwork(factor);
        return [{ part: 'speed', what: `by ${factor}`, harm, mend: () => victim.slowNetwork(1) }];
      }
      case 'slow disk': {
        const harm = () => victim.slowDisk?.(node, true);
        return [{ part: `disk of ${node}`, what: node, harm, mend: () => victim.slowDisk?.(node, false) }];
      }
      case 'clock jump': {
        const ms = random.int(-60_000, 60_000);
        return [{ part: 'clock', what: `${node} by ${ms} ms`, harm: () => victim.jumpClock?.(node, ms), mend: null }];
      }
    }
  }
}

/** What a fault does to one thing. */
interface Harm {
  /** The thing. */
  readonly part: string;
  readonly what: string;
  harm(): void;
  /** Null when there is nothing to mend. */
  readonly mend: (() => void) | null;
}
