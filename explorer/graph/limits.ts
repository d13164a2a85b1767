/** What a state graph must not exceed: unlike an exploration, half of one answers nothing. */

import { UsageError } from '../../model/contract/errors.ts';
import type { Stop } from '../exploration.ts';

export interface GraphLimits {
  /** The most states. */
  readonly states?: number;
  /** The most bytes that the process may use. Default: a share of what the machine has. */
  readonly memory?: number;
}

/** Transitions are numbered by 32-bit integers, and a graph has a few of them per state. */
export const DEFAULT_STATES = 200_000_000;

/** The graph was not built to its end. */
export class GraphIncomplete extends UsageError {
  readonly stop: Stop;

  constructor(stop: Stop, message: string) {
    super(message);
    this.stop = stop;
  }
}

export function tooManyStates(limit: number): GraphIncomplete {
  return new GraphIncomplete(
    { reason: 'states', limit },
    `the state graph has more than ${limit.toLocaleString('en')} states. ${SMALLER}`,
  );
}

export function tooMuchMemory(limit: number): GraphIncomplete {
  const megabytes = Math.floor(limit / 2 ** 20).toLocaleString('en');
  return new GraphIncomplete(
    { reason: 'memory', limit },
    `the state graph does not fit into ${megabytes} MiB of memory: it keeps every state and every transition. ${SMALLER}`,
  );
}

export function interrupted(): GraphIncomplete {
  return new GraphIncomplete({ reason: 'interrupted' }, 'the state graph was not finished: interrupted');
}

const SMALLER = 'Set smaller parameters, or budgets and bounds within which it is finite and small';
