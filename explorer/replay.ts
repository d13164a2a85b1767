/** Replay: a trace, taken through the reference semantics step by step. */

import { UsageError } from '../model/contract/errors.ts';
import type { Effect } from '../model/contract/step.ts';
import type { Instance } from '../model/contract/system.ts';
import { eventKey, type TraceEvent } from '../model/contract/trace.ts';
import type { FoundRun } from './exploration.ts';
import { type Initial, type Semantics, semanticsOf } from './semantics/semantics.ts';

/** A run as it happened: the states, and what each event did. */
export interface Run {
  readonly semantics: Semantics<unknown>;
  readonly initial: Initial<unknown>;
  readonly steps: readonly RunStep[];
  /** Of a run that goes on for ever: how many steps come before those that are repeated; null of one that just ends. */
  readonly loop: number | null;
}

export interface RunStep {
  /** As the handlers wrote it: the same event in a trace may have its fields in another order. */
  readonly event: TraceEvent;
  readonly before: unknown;
  readonly after: unknown;
  readonly effects: readonly Effect[];
}

/** How many of the events that were possible an error lists. */
const MOST_LISTED = 6;

/**
 * Takes the events one after the other.
 *
 * @throws UsageError when the run has no such initial state, or an event cannot happen where the trace has it: the message
 * says at which step, and what could have happened instead. The same when it is to go on for ever, but does not come back to where
 * its loop begins.
 */
export function replay(instance: Instance, { initial: index, events, loop }: FoundRun): Run {
  const semantics = semanticsOf(instance);
  const initial = semantics.initial()[index];
  if (initial === undefined) throw new UsageError(`the trace begins in initial state ${index}, which does not exist`);
  let state = initial.state;
  const steps = events.map((event, at): RunStep => {
    const possible = semantics.successors(state);
    const key = eventKey(event);
    const taken = possible.find((successor) => eventKey(successor.event) === key);
    if (taken === undefined) {
      const others = possible.slice(0, MOST_LISTED).map((successor) => `  ${eventKey(successor.event)}`);
      const more = possible.length > MOST_LISTED ? [`  ... and ${possible.length - MOST_LISTED} more`] : [];
      throw new UsageError(
        `the trace does not fit the system: at step ${at + 1} of ${events.length},\n  ${key}\ncannot happen there. ` +
          (possible.length === 0 ? 'Nothing can.' : `What can:\n${[...others, ...more].join('\n')}`),
      );
    }
    const step = { event: taken.event, before: state, after: taken.state, effects: taken.effects };
    state = taken.state;
    return step;
  });
  if (loop !== undefined) mustClose(semantics, [initial.state, ...steps.map(({ after }) => after)], loop);
  return { semantics, initial, steps, loop: loop ?? null };
}

function mustClose({ key }: Semantics<unknown>, states: readonly unknown[], loop: number): void {
  if (loop < states.length && key(states[loop]) === key(states.at(-1))) return;
  throw new UsageError(
    `the trace does not fit the system: steps ${loop + 1} to ${states.length - 1} are to be repeated for ever, but they do not ` +
      'end in the state in which they begin',
  );
}
