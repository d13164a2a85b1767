/**
 * Writing to the leader's disk in parallel: a leader sends an entry while it writes it, and counts itself when it has.
 *
 * Source: Ongaro, "Consensus: Bridging Theory and Practice" (2014), section 10.2.1, where the leader has a match index of its
 * own for what it has written.
 *
 * The entry is in the log at once, and goes out with the step that appends it; but a crash does not leave it before the next
 * step that writes, which a timer brings about. A leader that comes back without entries does not lead in their term again,
 * so nothing else will ever stand under their index and term. Who leads no more has written its log with that very step.
 */

import { type Draft, type Durable, undrafted } from '../contract/index.ts';
import { extended } from '../kernels/log.ts';
import type { Config, Entry, Self, State } from './state.ts';
import { become, leading } from './terms.ts';

/** What a crash leaves: of a leader's log, what it has written. */
export function durable({ rules }: Config): Durable<State> {
  return {
    keep(state) {
      const kept: Partial<Record<keyof State, unknown>> = {};
      for (const field of rules.durable) kept[field] = field === 'log' ? writtenLog(state) : state[field];
      return kept;
    },
    restore: (fresh, kept) => ({ ...fresh, ...(kept as Partial<State>) }),
  };
}

function writtenLog({ role, log }: State): State['log'] {
  return (role.kind === 'leader' ? role.written : undefined) ?? log;
}

/** A leader's log becomes longer by an entry, which with the option is left for a later step to write. */
export function append(state: Draft<State>, entry: Entry, { setTimer }: Self, { options }: Config): void {
  const [leader, log] = [leading(state), undrafted(state, 'log')];
  if (options.parallelWrite && leader !== null && leader.written === undefined) {
    become(state, { ...leader, written: log });
    setTimer('write');
  }
  state.log = extended(log, [entry]);
}

/** All of the log is to be on disk before an effect of this step, or of a later one, leaves the leader. */
export function write(state: Draft<State>): void {
  const leader = leading(state);
  if (leader === null) return;
  const { written: _, ...rest } = leader;
  become(state, rest);
}
